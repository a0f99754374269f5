import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import {
  eventually,
  FakeClock,
  joinAudio,
  PhraseBook,
  startFakeElevenLabs,
  type FakeElevenLabsOptions,
  type RunningFakeElevenLabs,
} from '../src/index.js';
import { officialClientMessage, officialServerMessage, type MessageCheck } from './elevenlabs-schemas.js';

interface Heard {
  readonly audio?: string;
  readonly alignment?: { chars: string[]; charStartTimesMs: number[]; charDurationsMs: number[] };
  readonly isFinal?: boolean;
  readonly contextId?: string;
  readonly error?: string;
}

const INSTANT = { connectMs: 0, firstAudioMs: 0, finalMs: 0 };
const QUERY = 'model_id=eleven_flash_v2_5&output_format=ulaw_8000&sync_alignment=true';

describe('the fake ElevenLabs', () => {
  let fake: RunningFakeElevenLabs;
  let socket: WebSocket;
  let heard: Heard[];
  let closed: number | undefined;
  let serverFault: MessageCheck;
  let clientFault: MessageCheck;
  const phraseBook = new PhraseBook();

  beforeAll(() => {
    serverFault = officialServerMessage();
    clientFault = officialClientMessage();
  }, 60_000);

  afterEach(async () => {
    expect(
      heard.filter(({ error }) => error === undefined).flatMap((message) => serverFault(message) ?? []),
    ).toEqual([]);
    socket.terminate();
    await fake.close();
  });

  const connect = async (
    { query = QUERY, key = 'xi-right', voice = 'anna' } = {},
    options: FakeElevenLabsOptions = {},
  ): Promise<void> => {
    fake = await startFakeElevenLabs({
      phraseBook,
      apiKey: 'xi-right',
      delays: INSTANT,
      audioSpeed: 1_000,
      ...options,
    });
    heard = [];
    closed = undefined;
    socket = new WebSocket(
      `${fake.baseUrl.replace('http', 'ws')}/v1/text-to-speech/${voice}/multi-stream-input?${query}`,
      { headers: { 'xi-api-key': key } },
    );
    socket.on('message', (data) => heard.push(JSON.parse((data as Buffer).toString()) as Heard));
    socket.on('close', (code) => (closed = code));
    await new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
  };
  const say = (...messages: object[]): void => {
    for (const message of messages) {
      expect(clientFault(message)).toBeUndefined();
      socket.send(JSON.stringify(message));
    }
  };
  const soundOf = (contextId: string): Uint8Array =>
    joinAudio(
      ...heard
        .filter((message) => message.contextId === contextId)
        .map(({ audio = '' }) => new Uint8Array(Buffer.from(audio, 'base64'))),
    );
  const untilFinal = (contextId: string): Promise<void> =>
    eventually(() => expect(heard).toContainEqual({ isFinal: true, contextId }), { timeoutMs: 3_000 });
  const untilClosed = (code: number): Promise<void> =>
    eventually(() => expect(closed).toBe(code), { timeoutMs: 3_000 });

  it('speaks what it is told to, as telephone audio with the time of each character', async () => {
    await connect();
    say(
      { text: ' ', context_id: 'turn', voice_settings: { stability: 0.5 } },
      { text: 'Good morning, ', context_id: 'turn' },
      { text: 'how can I help you? ', context_id: 'turn', flush: true },
      { context_id: 'turn', close_context: true },
    );
    await untilFinal('turn');
    expect(phraseBook.recognise(soundOf('turn'))).toMatchObject({
      text: 'Good morning, how can I help you?',
      exact: true,
      language: 'en',
    });
    const aligned = heard.flatMap(({ alignment }) => alignment?.chars ?? []).join('');
    expect(aligned).toBe('Good morning, how can I help you? ');
    for (const { audio = '', alignment } of heard.filter((message) => message.audio !== undefined)) {
      const lengthMs = Buffer.from(audio, 'base64').length / 8;
      expect(alignment?.charStartTimesMs.every((ms) => ms >= 0 && ms <= lengthMs)).toBe(true);
    }
  });

  it('hears the language from the text unless one is insisted on', async () => {
    await connect();
    say({ text: 'Bonjour, comment puis-je vous aider? ', context_id: 'fr', flush: true });
    say({ context_id: 'fr', close_context: true });
    await untilFinal('fr');
    expect(phraseBook.recognise(soundOf('fr')).language).toBe('fr');
  });

  it('waits for enough text or a flush, and forgets on close what still waits', async () => {
    await connect();
    say({ text: 'Short. ', context_id: 'a' }, { context_id: 'a', close_context: true });
    await untilFinal('a');
    say({ text: `${'word '.repeat(30)}`, context_id: 'b' }, { context_id: 'b', close_context: true });
    await untilFinal('b');
    expect(soundOf('a')).toHaveLength(0);
    expect(soundOf('b').length).toBeGreaterThan(8_000);
  });

  it('closes when asked to, after all has been said', async () => {
    await connect();
    say({ text: 'Good-bye. ', context_id: 'a', flush: true }, { close_socket: true });
    await untilClosed(1_000);
    expect(phraseBook.recognise(soundOf('a')).text).toBe('Good-bye.');
  });

  it.each<[string, object[]]>([
    ['invalid_input_message', [{ text: 'Hello ', contextId: 'a' }]],
    ['invalid_input_message', [{ text: 'Hello ', context_id: 'a', colour: 'red' }]],
    [
      'invalid_input_message',
      [
        { text: ' ', context_id: 'a' },
        { text: 'Hello ', context_id: 'a', voice_settings: { speed: 1 } },
      ],
    ],
    [
      'max_active_conversations',
      ['a', 'b', 'c', 'd', 'e', 'f'].map((context_id) => ({ text: ' ', context_id })),
    ],
    // A flush of a context that is not there makes one: the limit is met by who cleans up too late.
    [
      'max_active_conversations',
      ['a', 'b', 'c', 'd', 'e', 'f'].map((context_id) => ({ flush: true, context_id })),
    ],
  ])('refuses by %s what its protocol does not allow', async (error, messages) => {
    await connect();
    for (const message of messages) socket.send(JSON.stringify(message));
    await untilClosed(1_008);
    expect(heard.at(-1)?.error).toBe(error);
  });

  it.each<[string, Parameters<typeof connect>[0], FakeElevenLabsOptions]>([
    ['invalid_api_key', { key: 'xi-wrong' }, {}],
    ['voice_id_does_not_exist', { voice: 'nobody' }, { voices: ['anna'] }],
    ['invalid_request', { query: `${QUERY}&outputFormat=ulaw_8000` }, {}],
    ['invalid_request', { query: 'output_format=g711' }, {}],
    ['output_format_not_allowed', { query: 'output_format=mp3_44100_128' }, {}],
    ['unsupported_language', { query: 'output_format=ulaw_8000&language_code=fr' }, {}],
    ['model_not_supported', { query: 'output_format=ulaw_8000&model_id=eleven_v3' }, {}],
  ])('refuses by %s a socket that it cannot serve', async (error, connection, options) => {
    await connect(connection, options);
    await untilClosed(1_008);
    expect(heard.at(-1)?.error).toBe(error);
  });

  it('ends a socket on which nothing is said for too long', async () => {
    const clock = new FakeClock();
    const opening = connect({ query: `${QUERY}&inactivity_timeout=5` }, { clock });
    await eventually(
      () => {
        clock.advance(0);
        expect(fake.control.openSockets()).toBe(1);
      },
      { timeoutMs: 3_000 },
    );
    await opening;
    clock.advance(4_999);
    say({ text: '', context_id: 'a' });
    await eventually(() => expect(fake.control.openContexts()).toBe(1), { timeoutMs: 3_000 });
    clock.advance(4_999);
    expect(heard).toEqual([]);
    clock.advance(1);
    await untilClosed(1_008);
    expect(heard.at(-1)?.error).toBe('input_timeout_exceeded');
  });

  it('fails as it is told to', async () => {
    await connect(
      {},
      {
        faults: [
          { name: 'no-alignment', times: 1 },
          { name: 'speech-cut', times: 1 },
        ],
      },
    );
    say({ text: 'This is a long sentence that is cut off. ', context_id: 'a', flush: true });
    await untilClosed(1_006);
    expect(heard).toEqual([{ audio: heard[0]?.audio, contextId: 'a' }]);
    await fake.close();
    await connect({}, { faults: [{ name: 'quota-exceeded' }] });
    say({ text: 'Hello. ', context_id: 'a', flush: true });
    await untilClosed(1_008);
    expect(heard.at(-1)?.error).toBe('quota_exceeded');
  });
});
