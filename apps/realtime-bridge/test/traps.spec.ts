import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BridgeUnderTest, eventually, PROFILE, speech } from './bridge-under-test.js';
import { toolCall } from './scripted-model.js';

/**
 * The eighteen traps of a voice on the phone, each with the test that keeps us out of it: its file and the words of its name.
 * Those of this file stand below. Two are kept where their features are: 13, the session's hour runs out while the assistant
 * speaks, in `renewal.spec.ts`; and 14, a rate limit as a response begins is spoken instead of met with silence, in
 * `cached-speech.spec.ts`.
 */
const KEPT_ELSEWHERE: readonly (readonly [number, string, string, string])[] = [
  [
    1,
    "the stream's token survives, though Twilio drops query strings",
    'libs/twilio/src/twiml.spec.ts',
    'that connects a stream has exactly the attributes asked for',
  ],
  [
    2,
    'the stream starts before the model is there',
    'apps/realtime-bridge/test/audio-path.spec.ts',
    'also what came before the model was ready',
  ],
  [
    3,
    'a mark echoed because of a clear was not played',
    'apps/realtime-bridge/test/audio-path.spec.ts',
    'is not taken for heard by marks that the clear gave back',
  ],
  [
    4,
    'audio comes after it was cancelled',
    'apps/realtime-bridge/test/audio-path.spec.ts',
    'of a cancelled response does not go out when it comes late',
  ],
  [
    5,
    'a response has two items',
    'apps/realtime-bridge/test/audio-path.spec.ts',
    'in two items of one response is cut in each by itself',
  ],
  [
    6,
    'more is cut than there is',
    'apps/realtime-bridge/test/audio-path.spec.ts',
    'is never cut beyond what exists',
  ],
  [
    7,
    'a second response is asked for while one is active',
    'apps/realtime-bridge/test/conversation.spec.ts',
    'are asked for one at a time',
  ],
  [
    10,
    'the answer to the action knows nothing of the call',
    'apps/telephony-gateway/test/recover-call.spec.ts',
    'go on by the answer to the action where the socket was closed',
  ],
  [
    11,
    'the line is dropped before the good-bye has been heard',
    'apps/realtime-bridge/test/conversation.spec.ts',
    'comes after the good-bye has been heard',
  ],
  [
    12,
    'a caller who speaks for long is asked whether he is there',
    'apps/realtime-bridge/test/conversation.spec.ts',
    'is none while the caller speaks, however long',
  ],
  [
    17,
    'a signature is computed without the query string',
    'libs/twilio/src/signatures.spec.ts',
    'a lost query string',
  ],
  [
    18,
    'the caller withholds his number',
    'apps/telephony-gateway/test/answer-call.spec.ts',
    'is answered like any other',
  ],
];

const ROOT = join(import.meta.dirname, '../../..');

describe('the trap', () => {
  it.each(KEPT_ELSEWHERE)('%i, that %s, has its test in %s', async (_, _trap, file, name) => {
    expect(await readFile(join(ROOT, file), 'utf8')).toContain(name);
  });
});

describe('traps of a call', () => {
  let bridge: BridgeUnderTest;

  beforeEach(async () => {
    bridge = await BridgeUnderTest.start();
  });

  afterEach(() => bridge.stop());

  it('8: tools of a response that the model itself gave up are not obeyed, and not answered', async () => {
    const call = await bridge.greeted();
    const name = toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie', read_back: false });
    call.model.callTools('r1', [name, toolCall('f2', 'end_call', { reason: 'done' })], 'cancelled');
    await bridge.afterModel(call);
    await bridge.fence(call);
    expect(bridge.journal.fields).toEqual([]);
    expect(call.model.ofType('conversation.item.create')).toEqual([]);
    expect(bridge.journal.reports.has(call.callId)).toBe(false);
  });

  it('9: a frame is heard alike whether its numbers are strings, as Twilio writes them, or numbers', async () => {
    const call = await bridge.greeted();
    const before = call.model.heardAudio.length;
    const { writer } = call.phone.stream;
    const asStrings = writer.media(new Uint8Array(160).fill(1), 1_000);
    const asNumbers = writer
      .media(new Uint8Array(160).fill(2), 1_020)
      .replace(/"(sequenceNumber|chunk|timestamp)":"(\d+)"/g, '"$1":$2');
    expect(asNumbers).toMatch(/"timestamp":1020,/);
    for (const frame of [asStrings, asNumbers]) call.phone.stream.send(frame);
    await eventually(() => expect(call.model.heardAudio).toHaveLength(before + 2));
    expect(bridge.journal.reports.has(call.callId)).toBe(false);
  });

  it('15: what is written to the model as data is never given to it to be said', async () => {
    const call = await bridge.greeted();
    call.model.callerSpeaks('c1');
    call.model.callerPauses('c1');
    call.model.transcribe('c1', 'Marie');
    call.model.callTools('r1', [
      toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie', read_back: false }),
    ]);
    await eventually(() => expect(call.model.ofType('response.create')).toHaveLength(2));
    const items = call.model
      .ofType('conversation.item.create')
      .map(({ item }) => item as { type: string; role?: string });
    expect(items.map(({ type, role }) => role ?? type)).toEqual(['function_call_output', 'system']);
    const orders = call.model.ofType('response.create').map(({ response }) => JSON.stringify(response));
    expect(orders.join()).not.toMatch(/caller_name|"ok"|Known so far/);
    const [configured] = call.model.ofType('session.update');
    expect(JSON.stringify(configured)).toMatch(/Never read out lists, symbols or JSON/);
  });

  it("16: the tenant's own words, voice and facts are what the session is configured with", async () => {
    bridge.assistants.know({
      ...PROFILE,
      voice: 'cedar',
      facts: ['A visit costs 80 dollars.'],
      greetings: { 'en-CA': 'Rideau, an AI speaking.' },
    });
    const call = await bridge.answered();
    expect(call.model.ofType('session.update')[0]).toMatchObject({
      session: {
        instructions: expect.stringContaining('- A visit costs 80 dollars.'),
        audio: { output: { voice: 'cedar' } },
      },
    });
    const [greeting] = call.model.ofType('response.create');
    expect(greeting).toMatchObject({
      response: { instructions: 'Greet the caller: "Rideau, an AI speaking."' },
    });
    call.model.answer('r', 'i', speech(60), 'Rideau, an AI speaking.', [], call.greetingOrder);
    await bridge.hear(call, 1);
  });
});
