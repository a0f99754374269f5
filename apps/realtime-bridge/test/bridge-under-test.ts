import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually as eventuallyWithin, FakeClock, RawStream } from '@tradeline/testing';
import type { BridgeSettings } from '../src/bridge-settings.js';
import { type AssistantProfile, Assistants } from '../src/domain/assistant-profile.js';
import {
  type ConversationIds,
  ConversationJournal,
  type ConversationReport,
  type ProvenField,
  type Saying,
} from '../src/domain/conversation-journal.js';
import {
  type ConversationSnapshot,
  ConversationSnapshots,
  type Keeping,
  type KeptUtterance,
  type PenTaken,
  type SaidSoFar,
  type SnapshotPen,
} from '../src/domain/conversation-snapshots.js';
import {
  type ModelEvent,
  type ModelSession,
  ModelSessions,
  type SessionPlan,
} from '../src/domain/model-session.js';
import { PhraseAudio, type PhraseRecording, phraseText } from '../src/domain/phrase-audio.js';
import type { PhraseName } from '../src/domain/phrases.js';
import { type Reservation, Reservations } from '../src/domain/reservations.js';
import { CallsInHand } from '../src/features/bridge-call/calls-in-hand.js';
import { StreamDoor } from '../src/features/bridge-call/stream-door.js';
import { type PlaceWanted, ReserveStream } from '../src/features/reserve-stream/reserve-stream.js';
import { OpenAiRealtimeSessions } from '../src/integrations/openai-realtime/openai-realtime-session.js';
import { RenewingSessions } from '../src/integrations/renewal/renewing-sessions.js';
import { ScriptedModel, type ScriptedSession } from './scripted-model.js';

/** Well within a test's own time, so that a failure names what was waited for. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  eventuallyWithin(check, { timeoutMs: 3_000 });

export const AUTH_TOKEN = 'auth-token-of-the-account';
const SECRET = 'a-secret-that-all-bridges-share';

export const PROFILE: AssistantProfile = {
  tenantId: 'tn_one',
  businessName: 'Rideau Plumbing',
  languages: ['en-CA', 'fr-CA'],
  timeZone: 'America/Toronto',
  region: 'CA',
  greetings: {},
  voice: 'marin',
  services: [],
  serviceArea: '',
  openingHours: '',
  facts: [],
  datedFacts: [],
  silenceDurationMs: 0,
  prefixPaddingMs: 0,
  silenceNudgeMs: 0,
  model: '',
  escalationWords: [],
  adapter: 'openai-realtime',
  elevenlabsVoiceId: '',
};

/** As good as silence, and not the silence that the bridge itself gives to the model. */
const FENCE_MARKER = 0xfe;
const FENCE = Buffer.alloc(160, FENCE_MARKER).toString('base64');

/** Keeps what was said instead of publishing it. */
export class RecordedJournal extends ConversationJournal {
  readonly startedCalls: string[] = [];
  readonly utterances: (KeptUtterance & { callId: string })[] = [];
  readonly fields: (ProvenField & { callId: string })[] = [];
  readonly reports = new Map<string, ConversationReport>();

  private readonly known = new Map<string, SaidSoFar>();
  private readonly pending = new Set<Promise<void>>();

  started(
    { callId, conversationId }: ConversationIds,
    _language: string,
    _adapter: string,
    { kept }: Saying,
  ): void {
    this.say(kept, () => {
      this.startedCalls.push(callId);
      this.known.set(conversationId, { ...this.said(conversationId), started: true });
    });
  }

  uttered({ callId, conversationId }: ConversationIds, utterance: KeptUtterance, { kept }: Saying): void {
    this.say(kept, () => {
      // Said twice it is the same fact.
      if (this.utterances.some((known) => known.callId === callId && known.seq === utterance.seq)) return;
      this.utterances.push({ ...utterance, callId });
      this.known.set(conversationId, { ...this.said(conversationId), utterancesUpTo: utterance.seq });
    });
  }

  captured({ callId }: ConversationIds, field: ProvenField, { kept }: Saying): void {
    this.say(kept, () => this.fields.push({ ...field, callId }));
  }

  ended({ callId }: ConversationIds, report: ConversationReport, { kept }: Saying): void {
    this.say(kept, () => this.reports.set(callId, report));
  }

  resumed(conversationId: string, said: SaidSoFar): void {
    this.known.set(conversationId, said);
  }

  said(conversationId: string): SaidSoFar {
    return this.known.get(conversationId) ?? { started: false, utterancesUpTo: 0 };
  }

  async settled(): Promise<number> {
    await Promise.all(this.pending);
    return 0;
  }

  private say(kept: Promise<Keeping>, run: () => void): void {
    const saying = kept.then((keeping) => {
      if (keeping !== 'overtaken') run();
      this.pending.delete(saying);
    });
    this.pending.add(saying);
  }
}

/** The bucket that bridges share. */
export class RecordedSnapshots extends ConversationSnapshots {
  readonly kept = new Map<string, ConversationSnapshot>();
  readonly forgotten: string[] = [];
  private readonly holders = new Map<string, SnapshotPen>();

  take(conversationId: string, { onlyReleased = false } = {}): Promise<PenTaken> {
    const earlier = this.kept.get(conversationId);
    if (this.forgotten.includes(conversationId)) return Promise.resolve('over');
    if (onlyReleased && earlier?.phase !== 'released') return Promise.resolve('over');
    const pen: SnapshotPen = {
      earlier,
      isCertain: true,
      keep: (snapshot) => this.write(conversationId, pen, () => this.kept.set(conversationId, snapshot)),
      close: () =>
        this.write(conversationId, pen, () => {
          this.kept.delete(conversationId);
          this.forgotten.push(conversationId);
        }),
    };
    this.holders.set(conversationId, pen);
    return Promise.resolve(pen);
  }

  private write(conversationId: string, pen: SnapshotPen, run: () => void): Promise<Keeping> {
    if (this.holders.get(conversationId) !== pen) return Promise.resolve('overtaken');
    run();
    return Promise.resolve('kept');
  }
}

/** The phrases of which a test has made sound. */
export class RecordedPhrases extends PhraseAudio {
  private readonly sounds = new Map<string, Uint8Array>();

  record(phrase: PhraseName, audio: Uint8Array, language = PROFILE.languages[0]): void {
    this.sounds.set(`${language} ${phrase}`, audio);
  }

  of(profile: AssistantProfile, language: string, phrase: PhraseName): PhraseRecording | undefined {
    const sound = this.sounds.get(`${language} ${phrase}`);
    return (
      sound && {
        text: phraseText(profile, language, phrase),
        audio: Buffer.from(sound).toString('base64'),
        durationMs: sound.length / 8,
      }
    );
  }
}

export interface HeldPlace {
  readonly callId: string;
  readonly callSid: string;
  readonly streamUrl: string;
  readonly streamToken: string;
  readonly model: ScriptedSession;
  /** Our end of the model's session. */
  readonly session: ModelSession;
}

/** The real sessions, remembered with what the bridge has heard of them. */
class RememberedSessions extends ModelSessions {
  readonly opened: ModelSession[] = [];
  readonly heard = new Map<ModelSession, ModelEvent[]>();

  constructor(private readonly real: ModelSessions) {
    super();
  }

  open(plan: SessionPlan): ModelSession {
    const session = this.real.open(plan);
    this.opened.push(session);
    const listen = session.listen.bind(session);
    session.listen = (listener) => {
      const heard: ModelEvent[] = [];
      this.heard.set(session, heard);
      listen((event) => {
        listener(event);
        heard.push(event);
      });
    };
    return session;
  }
}

/** A phone of the test's own: it plays when it is told to, and gives back at once the marks that a clear leaves behind. */
export class TestPhone {
  private timestampMs = 0;
  private read = 0;
  private readonly waiting: string[] = [];
  private readonly pieces: Buffer[] = [];
  readonly marks: string[] = [];
  clearCount = 0;

  constructor(
    readonly stream: RawStream,
    private readonly callSid: string,
  ) {}

  start(token: string, change: { callSid?: string } = {}): void {
    this.stream.connected();
    this.stream.send(
      this.stream.writer.start({
        accountSid: 'AC1',
        callSid: change.callSid ?? this.callSid,
        customParameters: { token },
      }),
    );
  }

  /** One frame, each byte of which says which frame it is. */
  frame(marker: number): string {
    const audio = new Uint8Array(160).fill(marker);
    this.stream.send(this.stream.writer.media(audio, this.timestampMs));
    this.timestampMs += 20;
    return Buffer.from(audio).toString('base64');
  }

  playPiece(): void {
    this.listen();
    const mark = this.waiting.shift();
    if (mark === undefined) throw new Error('nothing to play');
    this.stream.send(this.stream.writer.mark(mark));
  }

  hangUp(): void {
    this.stream.send(this.stream.writer.stop('AC1', this.callSid));
    this.stream.close();
  }

  /** Pieces that have come and not been played. */
  get waitingMarks(): number {
    this.listen();
    return this.waiting.length;
  }

  get clears(): number {
    this.listen();
    return this.clearCount;
  }

  get audio(): Buffer {
    this.listen();
    return Buffer.concat(this.pieces);
  }

  private listen(): void {
    for (const text of this.stream.received.slice(this.read)) {
      this.read += 1;
      const message = JSON.parse(text) as {
        event: string;
        mark?: { name: string };
        media?: { payload: string };
      };
      if (message.media) this.pieces.push(Buffer.from(message.media.payload, 'base64'));
      if (message.mark) {
        this.marks.push(message.mark.name);
        this.waiting.push(message.mark.name);
      }
      if (message.event !== 'clear') continue;
      this.clearCount += 1;
      for (const mark of this.waiting.splice(0)) this.stream.send(this.stream.writer.mark(mark));
    }
  }
}

/** The bridge without its bus: a real socket to the phone, a real socket to the model, and a clock that the test moves. */
export class BridgeUnderTest {
  readonly clock = new FakeClock();
  readonly dropped: string[] = [];
  readonly reservations: Reservations;
  readonly calls: CallsInHand;
  readonly assistants = new Assistants();
  readonly phrases = new RecordedPhrases();
  isDraining = false;
  readonly load = { isBusy: false };
  private readonly sessions: RememberedSessions;
  private readonly reserveStream: ReserveStream;
  private readonly settings: BridgeSettings;
  private serial = 0;

  private constructor(
    readonly model: ScriptedModel,
    private readonly server: Server,
    readonly journal: RecordedJournal,
    readonly snapshots: RecordedSnapshots,
    capacity: number,
    renewing: boolean,
  ) {
    const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.settings = {
      instance: 'bridge1',
      publicUrl,
      twilioAuthToken: AUTH_TOKEN,
      streamTokenSecret: SECRET,
      openAi: { baseUrl: model.baseUrl, apiKey: 'sk-test' },
      elevenLabs: { baseUrl: '', apiKey: '', modelId: '', defaultVoiceId: '' },
      defaultModel: 'gpt-realtime-2.1',
      capacity,
      maxEventLoopUse: 1,
      coalesceAboveEventLoopUse: 1,
      drainTimeoutMs: 5_000,
    };
    this.reservations = new Reservations(this.clock, capacity, ({ callId }) => this.dropped.push(callId));
    this.calls = new CallsInHand({
      clock: this.clock,
      journal: this.journal,
      phrases: this.phrases,
      load: this.load,
      streamTokenSecret: SECRET,
      release: ({ id }: Reservation) => this.reservations.release(id),
      giveBack: ({ id }: Reservation) => this.reservations.giveBack(id),
    });
    const real = new OpenAiRealtimeSessions(this.settings.openAi, this.clock);
    const hooks = { renewed: () => undefined, replaced: () => undefined };
    this.sessions = new RememberedSessions(renewing ? new RenewingSessions(real, this.clock, hooks) : real);
    this.reserveStream = new ReserveStream(
      this.settings,
      this.clock,
      this.assistants,
      this.sessions,
      this.snapshots,
      this.reservations,
      () => this.isDraining,
    );
    new StreamDoor(this.settings, this.reservations, this.calls, this.snapshots).guard(server);
    this.assistants.know(PROFILE);
  }

  /**
   * @param beside another bridge, with which it shares what the bus carries
   * @param renewing sessions that outlive the loss of the real ones; without it a lost session is the end of its call
   */
  static async start({
    capacity = 10,
    beside,
    renewing = false,
  }: { capacity?: number; beside?: BridgeUnderTest; renewing?: boolean } = {}): Promise<BridgeUnderTest> {
    const model = await ScriptedModel.start();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BridgeUnderTest(
      model,
      server,
      beside?.journal ?? new RecordedJournal(),
      beside?.snapshots ?? new RecordedSnapshots(),
      capacity,
      renewing,
    );
  }

  async stop(): Promise<void> {
    const finished = this.calls.finish(Promise.resolve(), 0);
    await this.model.stop();
    // What a call still waits for is given up.
    await eventually(() => {
      this.clock.advance(1_000);
      if (this.calls.count > 0) throw new Error('calls are still open');
    });
    await finished;
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  reserve(change: Partial<PlaceWanted> = {}): ReturnType<ReserveStream['reserve']> {
    this.serial += 1;
    return this.reserveStream.reserve({
      tenantId: PROFILE.tenantId,
      callId: `ca_${this.serial}`,
      callSid: `CA${this.serial}`,
      accountSid: 'AC1',
      conversationId: `cv_${this.serial}`,
      fromNumber: '+16135550142',
      toNumber: '+16135550100',
      webhookReceivedAt: this.clock.now(),
      handovers: 0,
      onlyIfReleased: false,
      ...change,
    });
  }

  /** Reserves and waits until the model's session has been connected. */
  async place(change: Partial<PlaceWanted> = {}): Promise<HeldPlace> {
    const index = this.model.sessions.length;
    const outcome = await this.reserve(change);
    if (outcome.kind !== 'held') throw new Error(`refused: ${outcome.refusal}`);
    await eventually(() => {
      if (!this.model.sessions[index]?.ofType('session.update')[0])
        throw new Error('the model has not been configured');
    });
    const model = this.model.sessions[index];
    const session = this.sessions.opened.at(-1);
    if (!model || !session) throw new Error('no session');
    if (this.model.answersUpdate) await session.opened;
    const ids = { callId: `ca_${this.serial}`, callSid: `CA${this.serial}` };
    return { ...ids, ...change, ...outcome, model, session };
  }

  async ring(place: HeldPlace): Promise<TestPhone> {
    return new TestPhone(
      await RawStream.open({ url: place.streamUrl, authToken: AUTH_TOKEN }),
      place.callSid,
    );
  }

  /** A call whose stream and model are both there and whose greeting has been asked for. */
  async answered(
    change: Partial<PlaceWanted> = {},
  ): Promise<HeldPlace & { phone: TestPhone; greetingOrder: string }> {
    const place = await this.place(change);
    const phone = await this.ring(place);
    phone.start(place.streamToken);
    const greetingOrder = await eventually(() => {
      const order = place.model.ofType('response.create')[0]?.['event_id'];
      if (typeof order !== 'string') throw new Error('no greeting was asked for');
      return order;
    });
    return { ...place, phone, greetingOrder };
  }

  /** The same, with the greeting heard to its end. */
  async greeted(): Promise<HeldPlace & { phone: TestPhone }> {
    const call = await this.answered();
    call.model.answer(
      'greeting',
      'item_greeting',
      speech(60),
      'Hello, this is an AI.',
      [],
      call.greetingOrder,
    );
    await this.hear(call, 1);
    await eventually(() => {
      if (!this.journal.utterances.some(({ callId }) => callId === call.callId))
        throw new Error('the greeting was not heard');
    });
    return call;
  }

  /**
   * Plays `count` pieces at the phone, moving the clock by the length of each. A frame behind each echo that arrives at the
   * model proves that the echo has been read.
   */
  async hear({ phone, model }: { phone: TestPhone; model: ScriptedSession }, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await eventually(() => {
        if (phone.waitingMarks === 0) throw new Error('nothing to play');
      });
      this.clock.advance(60);
      phone.playPiece();
      await this.fence({ phone, model });
    }
  }

  /** Waits until the bridge has read all that the phone has sent. */
  async fence({ phone, model }: { phone: TestPhone; model: ScriptedSession }): Promise<void> {
    const fences = (audio: string): number => model.heardAudio.filter((heard) => heard === audio).length;
    const before = fences(FENCE);
    phone.frame(FENCE_MARKER);
    await eventually(() => {
      if (fences(FENCE) === before) throw new Error('the bridge has not come that far');
    });
  }

  /** Waits until the bridge has heard all that the model has said so far. */
  async afterModel({ model, session }: HeldPlace): Promise<void> {
    this.serial += 1;
    const marker = `marker_${this.serial}`;
    model.say({ type: 'error', error: { type: 'invalid_request_error', code: marker, message: '' } });
    await eventually(() => {
      if (
        !this.sessions.heard.get(session)?.some((event) => event.type === 'problem' && event.code === marker)
      )
        throw new Error('the model has not been heard');
    });
  }

  /** Waits until the bridge has let the stream in: it listens to the model from then on. */
  async letIn({ session }: HeldPlace): Promise<void> {
    await eventually(() => {
      if (!this.sessions.heard.has(session)) throw new Error('the stream is not let in');
    });
  }

  async report(callId: string): Promise<ConversationReport> {
    return eventually(() => {
      const report = this.journal.reports.get(callId);
      if (!report) throw new Error(`${callId} has not ended`);
      return report;
    });
  }
}

/** Audio of that length whose every byte is different from its neighbours. */
export const speech = (ms: number): Uint8Array => Uint8Array.from({ length: ms * 8 }, (_, i) => i % 251);
