import {
  createSpeech,
  eventually as eventuallyWithin,
  FRAME_BYTES,
  joinAudio,
  muLawSilence,
  PhraseBook,
  startFakeElevenLabs,
  startFakeOpenAi,
  type FakeElevenLabsOptions,
  type FakeOpenAiOptions,
  type RunningFakeElevenLabs,
  type RunningFakeOpenAi,
} from '@tradeline/testing';
import type { Clock } from '../src/domain/clock.js';
import type { AdapterName, ModelEvent, ModelSession, SessionPlan } from '../src/domain/model-session.js';
import { TOOLS } from '../src/domain/tools.js';
import { OpenAiRealtimeSessions } from '../src/integrations/openai-realtime/openai-realtime-session.js';
import { OpenAiTextElevenLabsSessions } from '../src/integrations/openai-text-elevenlabs/openai-text-elevenlabs-session.js';
import { RenewingSessions } from '../src/integrations/renewal/renewing-sessions.js';
import { SystemClock } from '../src/media/system-clock.js';

export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  eventuallyWithin(check, { timeoutMs: 5_000 });

type EventOf<T extends ModelEvent['type']> = Extract<ModelEvent, { type: T }>;

export const PLAN: SessionPlan = {
  adapter: 'openai-realtime',
  model: 'gpt-realtime-2.1',
  voice: 'marin',
  speechVoiceId: 'anna',
  instructions: [
    'You are the receptionist of Nordic Plumbing.',
    'Answer in at most two sentences.',
    'Languages: en-CA, fr-CA',
    'Find out, one at a time: caller_name, callback_number, job_summary.',
  ].join('\n'),
  tools: TOOLS,
  languages: ['en-CA', 'fr-CA'],
  keywords: ['Nordic Plumbing'],
  silenceDurationMs: 0,
  prefixPaddingMs: 0,
};

/** What a session says, and the sound of it. */
export class SessionEar {
  readonly events: ModelEvent[] = [];

  constructor(
    readonly session: ModelSession,
    private readonly phraseBook: PhraseBook,
  ) {
    session.listen((event) => this.events.push(event));
  }

  all<T extends ModelEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  first<T extends ModelEvent['type']>(
    type: T,
    fits: (event: EventOf<T>) => boolean = () => true,
  ): Promise<EventOf<T>> {
    return eventually(() => {
      const found = this.all(type).find(fits);
      if (!found) throw new Error(`no ${type} among ${this.events.map((event) => event.type).join(', ')}`);
      return found;
    });
  }

  /** Waits for the end of a response that began for an order, or by itself when there is none. */
  async answer(orderId?: string): Promise<EventOf<'response-ended'>> {
    const { responseId } = await this.first('response-began', (event) => event.orderId === orderId);
    return this.first('response-ended', (event) => event.responseId === responseId);
  }

  audioOf(id: string): Uint8Array {
    return joinAudio(
      ...this.all('audio')
        .filter(({ responseId, itemId }) => responseId === id || itemId === id)
        .map(({ audio }) => new Uint8Array(Buffer.from(audio, 'base64'))),
    );
  }

  /** The sound of a response or an item, as whoever listens understands it. */
  heard(id: string): { text: string; exact: boolean } {
    const { text, exact } = this.phraseBook.recognise(this.audioOf(id));
    return { text, exact };
  }

  wordsOf(id: string): string {
    return this.all('words')
      .filter(({ responseId, itemId }) => responseId === id || itemId === id)
      .map(({ delta }) => delta)
      .join('')
      .trim();
  }

  index(event: ModelEvent): number {
    return this.events.indexOf(event);
  }
}

/** The outside world of a session, with one mouth and one pair of ears for all who are in it. */
export class SessionsUnderTest {
  readonly phraseBook = new PhraseBook();
  readonly speech = createSpeech();
  openAi!: RunningFakeOpenAi;
  elevenLabs!: RunningFakeElevenLabs;
  private readonly sessions: ModelSession[] = [];

  static async start(
    options: { openAi?: FakeOpenAiOptions; elevenLabs?: FakeElevenLabsOptions } = {},
  ): Promise<SessionsUnderTest> {
    const world = new SessionsUnderTest();
    const { speech, phraseBook } = world;
    world.openAi = await startFakeOpenAi({
      speech,
      phraseBook,
      apiKey: 'sk-right',
      delays: { connectMs: 0, firstAudioMs: 0, transcriptionMs: 0, responsesMs: 0 },
      audioSpeed: 500,
      toolStyle: 'with-speech',
      ...options.openAi,
    });
    world.elevenLabs = await startFakeElevenLabs({
      speech,
      phraseBook,
      apiKey: 'xi-right',
      delays: { connectMs: 0, firstAudioMs: 0, finalMs: 0 },
      audioSpeed: 500,
      ...options.elevenLabs,
    });
    return world;
  }

  async stop(): Promise<void> {
    for (const session of this.sessions) session.close();
    await Promise.all([this.openAi.close(), this.elevenLabs.close()]);
  }

  open(
    adapter: AdapterName,
    {
      openAiUrl = this.openAi.baseUrl,
      speechKey = 'xi-right',
      openAiKey = 'sk-right',
      plan = {} as Partial<SessionPlan>,
      renewing = false,
    } = {},
    clock: Clock = new SystemClock(),
  ): SessionEar {
    const openAi = { baseUrl: openAiUrl, apiKey: openAiKey };
    const speech = {
      baseUrl: this.elevenLabs.baseUrl,
      apiKey: speechKey,
      modelId: 'eleven_flash_v2_5',
      defaultVoiceId: 'anna',
    };
    const sessions =
      adapter === 'openai-realtime'
        ? new OpenAiRealtimeSessions(openAi, clock)
        : new OpenAiTextElevenLabsSessions(openAi, speech, clock);
    const hooks = { renewed: () => undefined, replaced: () => undefined };
    const chosen = renewing ? new RenewingSessions(sessions, clock, hooks) : sessions;
    const session = chosen.open({ ...PLAN, ...plan, adapter });
    this.sessions.push(session);
    return new SessionEar(session, this.phraseBook);
  }

  /** The caller says something into a session, frame by frame, and is silent long enough to be answered. */
  async speak(session: ModelSession, text: string, { silenceMs = 700 } = {}): Promise<void> {
    const audio = await this.speech.speak(text, 'en', 'caller');
    this.phraseBook.register(text, 'en', audio);
    const whole = joinAudio(audio, muLawSilence(silenceMs));
    for (let at = 0; at < whole.length; at += FRAME_BYTES)
      session.append(Buffer.from(whole.subarray(at, at + FRAME_BYTES)).toString('base64'));
  }

  /** The assistant's own words as the model remembers them. */
  get assistantMemory(): string[] {
    return this.openAi.control
      .remembered()
      .flatMap((item) => (item.kind === 'assistant' && item.text !== '' ? [item.text] : []));
  }
}
