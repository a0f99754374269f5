import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { startFakeOpenAi, type RunningFakeOpenAi } from '../src/index.js';

const LEAD = z.object({
  caller_name: z.string().nullable(),
  callback_number: z.string().nullable(),
  email: z.string().nullable(),
  job_summary: z.string().nullable(),
  preferred_datetime: z.string().nullable(),
  intent: z.enum(['new_work', 'existing_work', 'question', 'unsolicited_offer', 'none']),
  urgent: z.boolean(),
  score: z.number().int(),
  reasons: z.array(z.string()),
  summary: z.string(),
});

const ENGLISH = JSON.stringify({
  transcript: [
    { speaker: 'assistant', text: 'Hello, how can I help you?' },
    { speaker: 'caller', text: 'My furnace stopped working, it is urgent.' },
    { speaker: 'assistant', text: 'May I have your name, please?' },
    { speaker: 'caller', text: 'Daniel Carter.' },
    { speaker: 'assistant', text: 'What is the best number to call you back?' },
    { speaker: 'caller', text: 'It is 613 555 0142. Sorry, I mean 613 555 0143.' },
    { speaker: 'assistant', text: 'When would be a good time for our visit?' },
    { speaker: 'caller', text: 'Tomorrow morning.' },
  ],
});

describe('the official openai package', () => {
  let fake: RunningFakeOpenAi;
  let client: OpenAI;

  beforeAll(async () => {
    fake = await startFakeOpenAi({ apiKey: 'sk-right', delays: { responsesMs: 0 } });
    client = new OpenAI({ apiKey: 'sk-right', baseURL: fake.baseUrl, maxRetries: 0 });
  });

  afterAll(() => fake.close());

  const read = async (input: string): Promise<z.infer<typeof LEAD>> => {
    const response = await client.responses.parse({
      model: 'gpt-5-mini',
      input: [{ role: 'user', content: input }],
      text: { format: zodTextFormat(LEAD, 'lead') },
    });
    return LEAD.parse(response.output_parsed);
  };

  it('reads a transcript into the form that it asks for', async () => {
    expect(await read(ENGLISH)).toMatchObject({
      caller_name: 'Daniel Carter',
      callback_number: '6135550143',
      email: null,
      job_summary: 'My furnace stopped working, it is urgent',
      preferred_datetime: 'Tomorrow morning',
      intent: 'new_work',
      urgent: true,
    });
  });

  it('reads lines of text, in French', async () => {
    const lines =
      'assistant: Quel est votre nom?\ncaller: Je m’appelle Luc Gagnon et j’ai une fuite dans la cave.\nassistant: Quelle est votre adresse courriel?\ncaller: luc point gagnon arobase example point com';
    expect(await read(lines)).toMatchObject({
      caller_name: 'Luc Gagnon',
      email: 'luc.gagnon@example.com',
      intent: 'new_work',
      urgent: false,
      callback_number: null,
    });
  });

  it('takes a recording for what it is, and nothing from it', async () => {
    const pitch = {
      transcript: [
        {
          speaker: 'caller',
          text: 'Your business has been selected. This is Rachel. Press one now, or call 888 555 0199.',
        },
      ],
    };
    expect(await read(JSON.stringify(pitch))).toMatchObject({
      caller_name: null,
      callback_number: null,
      intent: 'unsolicited_offer',
      score: 0,
    });
  });

  it('fits any schema of strict mode', async () => {
    const schema = {
      type: 'object',
      additionalProperties: false,
      required: ['lead', 'language', 'version', 'tags'],
      properties: {
        lead: { anyOf: [{ $ref: '#/$defs/lead' }, { type: 'null' }] },
        language: { type: 'string', enum: ['en', 'fr', 'es', 'tl'] },
        version: { const: 2 },
        tags: { type: 'array', items: { type: 'string' } },
      },
      $defs: {
        lead: {
          type: 'object',
          additionalProperties: false,
          required: ['phone', 'spam'],
          properties: { phone: { type: ['string', 'null'] }, spam: { type: 'boolean' } },
        },
      },
    };
    const response = await client.responses.create({
      model: 'gpt-5-mini',
      input: ENGLISH,
      text: { format: { type: 'json_schema', name: 'call', schema, strict: true } },
    });
    const answer: unknown = JSON.parse(response.output_text);
    expect(new Ajv({ strict: false }).validate(schema, answer)).toBe(true);
    expect(answer).toEqual({
      lead: { phone: '6135550143', spam: false },
      language: 'en',
      version: 2,
      tags: [],
    });
  });

  it.each([
    [
      'a schema that leaves the door open',
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
    ],
    [
      'a schema with optional properties',
      { type: 'object', additionalProperties: false, properties: { a: { type: 'string' } }, required: [] },
    ],
    ['a schema that is no object', { type: 'array', items: { type: 'string' } }],
    [
      'a keyword that strict mode has not',
      { type: 'object', additionalProperties: false, properties: {}, required: [], allOf: [] },
    ],
  ])('refuses %s', async (_, schema) => {
    const request = client.responses.create({
      model: 'gpt-5-mini',
      input: 'x',
      text: { format: { type: 'json_schema', name: 'call', schema, strict: true } },
    });
    await expect(request).rejects.toMatchObject({
      status: 400,
      code: 'invalid_json_schema',
      param: 'text.format.schema',
    });
  });

  it('refuses a wrong key, and a request that is none', async () => {
    const stranger = new OpenAI({ apiKey: 'sk-wrong', baseURL: fake.baseUrl, maxRetries: 0 });
    await expect(stranger.responses.create({ model: 'gpt-5-mini', input: 'x' })).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
    await expect(client.responses.create({ model: '', input: 'x' })).rejects.toMatchObject({
      status: 400,
      param: 'model',
    });
  });

  it('passes on rate limits, and the package tries again', async () => {
    fake.control.fail({ name: 'responses-rate-limited', times: 1 });
    const patient = new OpenAI({ apiKey: 'sk-right', baseURL: fake.baseUrl, maxRetries: 1 });
    expect(
      (await patient.responses.create({ model: 'gpt-5-mini', input: 'caller: Hello' })).output_text,
    ).toBe('Hello');
    fake.control.fail({ name: 'responses-rate-limited', times: 1 });
    await expect(client.responses.create({ model: 'gpt-5-mini', input: 'x' })).rejects.toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
    });
  });

  it('lists models, which tells a good key from a bad one', async () => {
    const models = await client.models.list();
    expect(models.data.map((model) => model.id)).toContain('gpt-realtime-2.1');
  });
});
