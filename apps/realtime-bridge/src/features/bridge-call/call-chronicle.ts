import type { Clock } from '../../domain/clock.js';
import type { ConversationJournal, ConversationReport, Saying } from '../../domain/conversation-journal.js';
import type { Keeping, SnapshotPen } from '../../domain/conversation-snapshots.js';
import type { Captured } from '../../domain/conversation-state.js';
import type { Verdict } from '../../domain/conversation-verdict.js';
import type { Reservation } from '../../domain/reservations.js';
import type { Transcript, Utterance } from '../../domain/transcript.js';
import type { CallAccount } from './call-account.js';
import type { CallSpans } from './call-spans.js';
import { FieldProofs } from './field-proofs.js';

/** Long before the snapshot would fade from its bucket. */
const SNAPSHOT_REFRESH_MS = 5 * 60_000;

export interface ChronicleParts {
  readonly reservation: Reservation;
  readonly clock: Clock;
  readonly journal: ConversationJournal;
  readonly pen: SnapshotPen;
  readonly spans: CallSpans;
  readonly account: CallAccount;
  readonly transcript: Transcript;
}

/** How a call's story ended: told to everybody, or no more ours to tell. */
export type Telling = { readonly kind: 'told'; readonly eventsLost: number } | { readonly kind: 'overtaken' };

/**
 * Tells what the call brings forth, each fact after the snapshot from which another bridge could go on: so no number is given
 * twice, and what was kept and not told is told by the successor. Nothing here is waited for by the audio path.
 */
export class CallChronicle {
  private kept: Promise<Keeping> = Promise.resolve('kept');
  private readonly proofs: FieldProofs;
  private cancelRefresh: () => void = () => undefined;

  constructor(private readonly parts: ChronicleParts) {
    this.proofs = new FieldProofs(parts.clock, parts.transcript, (field) =>
      parts.journal.captured(parts.reservation, field, this.saying()),
    );
  }

  /** The stream is let in. What the bridge before us had kept and may not have told is told again. */
  begin(): void {
    const { journal, reservation, pen } = this.parts;
    if (!pen.earlier) return;
    const { said, utterances } = pen.earlier;
    journal.resumed(reservation.conversationId, said);
    this.keep();
    for (const utterance of utterances)
      if (utterance.seq > said.utterancesUpTo) journal.uttered(reservation, utterance, this.saying());
  }

  /** Stream and model are both there. */
  ready(language: string): void {
    const { journal, reservation } = this.parts;
    this.keep();
    if (!journal.said(reservation.conversationId).started)
      journal.started(reservation, language, reservation.session.adapter, this.saying());
  }

  uttered(utterance: Utterance): void {
    const { journal, reservation, account } = this.parts;
    account.add(utterance);
    this.keep();
    journal.uttered(reservation, utterance, this.saying());
    this.proofs.transcriptMoved();
  }

  captured(field: Captured): void {
    this.parts.spans.captured(field.name);
    this.keep();
    this.proofs.add(field);
  }

  /** Nothing more is brought forth; fields whose proof is still awaited are told without it. */
  stop(): void {
    this.cancelRefresh();
    this.proofs.close();
  }

  /** Tells the end, if the conversation is still ours, and settles when all is told. */
  async end(verdict: Verdict): Promise<Telling & { readonly report: ConversationReport }> {
    const { journal, reservation, account, spans, pen } = this.parts;
    const report = account.report(verdict);
    const span = spans.close(verdict.result, verdict.reason);
    this.keep('live', { refresh: false });
    journal.ended(reservation, report, { ...this.saying(), traceparent: spans.traceparentOf(span) });
    const eventsLost = await journal.settled(reservation.conversationId);
    const overtaken = (await pen.close()) === 'overtaken';
    span.end();
    return overtaken ? { kind: 'overtaken', report } : { kind: 'told', eventsLost, report };
  }

  /** Leaves the conversation to another bridge. False when nobody could go on with it. */
  async release(): Promise<boolean> {
    const { journal, reservation } = this.parts;
    this.keep('released', { refresh: false });
    const keeping = await this.kept;
    if (keeping !== 'kept') return keeping === 'overtaken';
    await journal.settled(reservation.conversationId);
    return true;
  }

  private keep(phase: 'live' | 'released' = 'live', { refresh = true } = {}): void {
    const { journal, reservation, account, pen, clock } = this.parts;
    this.kept = pen.keep(account.snapshot(phase, journal.said(reservation.conversationId)));
    this.cancelRefresh();
    // In between it is refreshed, because the bucket forgets what was not written for a while.
    if (refresh) this.cancelRefresh = clock.after(SNAPSHOT_REFRESH_MS, () => this.keep());
  }

  private saying(): Saying {
    return { traceparent: this.parts.spans.traceparent, kept: this.kept };
  }
}
