import type { Clock } from '../../domain/clock.js';
import type { ConversationSnapshot } from '../../domain/conversation-snapshots.js';
import type { LanguageFollowing } from '../../domain/languages.js';
import type { ModelSession } from '../../domain/model-session.js';
import type { Cut, PlaybackLedger } from '../../domain/playback-ledger.js';
import { earlierItemId, Transcript, type Utterance } from '../../domain/transcript.js';
import type { MediaTimeline } from '../../media/media-timeline.js';
import type { StreamCounters } from '../../media/stream-counters.js';
import { AssistantSpeech, type HeardItem } from './assistant-speech.js';
import { CallerSpeech } from './caller-speech.js';

/** Transcription usually takes half a second; a place in the transcript is not kept open for ever. */
export const TRANSCRIPTION_PATIENCE_MS = 10_000;

export interface RecordParts {
  readonly clock: Clock;
  readonly ledger: PlaybackLedger;
  readonly session: Pick<ModelSession, 'heardText'>;
  readonly timeline: MediaTimeline;
  readonly counters: StreamCounters;
  readonly language: LanguageFollowing;
  /** Silence that ends a caller's turn, in milliseconds. */
  readonly silenceDurationMs: number;
  /** Audio from before the caller's first sound that the model counts to a turn, in milliseconds. */
  readonly prefixPaddingMs: number;
  /** What an earlier stream of this conversation has left. */
  readonly earlier: ConversationSnapshot | undefined;
}

const heardEarlier = ({ utterances, figures }: ConversationSnapshot) => ({
  latestItemId: earlierItemId(utterances.findLast(({ speaker }) => speaker === 'caller')?.seq ?? 0),
  talkTimeMs: figures.talkTimeMs,
});

/** What was said and heard by whom and when; says each utterance once it is final and has its number. */
export class SpokenRecord {
  readonly transcript: Transcript;
  readonly caller: CallerSpeech;
  private readonly assistant: AssistantSpeech;
  private understood: boolean;

  constructor(
    private readonly parts: RecordParts,
    private readonly uttered: (utterance: Utterance) => void,
  ) {
    const { earlier } = parts;
    this.transcript = new Transcript(earlier?.lastUtteranceSeq);
    this.understood = earlier?.callerSpoke ?? false;
    this.caller = new CallerSpeech(
      parts.timeline,
      parts.silenceDurationMs,
      parts.prefixPaddingMs,
      earlier && heardEarlier(earlier),
    );
    this.assistant = new AssistantSpeech(parts.ledger);
  }

  /** True when words of the caller's have been understood. */
  get callerSpoke(): boolean {
    return this.understood;
  }

  callerStarted(itemId: string, audioStartMs: number): void {
    this.transcript.begin(itemId, 'caller');
    this.caller.started(itemId, audioStartMs);
  }

  /** Returns when the last sound of it came in, on the monotonic clock. */
  callerStopped(itemId: string, audioEndMs: number): number {
    return this.caller.stopped(itemId, audioEndMs, this.parts.clock.nowMs());
  }

  /** The words of a turn are on their way; they are not waited for endlessly, and kept even so when they come later. */
  callerCommitted(itemId: string): void {
    this.transcript.begin(itemId, 'caller');
    this.parts.clock.after(TRANSCRIPTION_PATIENCE_MS, () => {
      if (!this.transcript.isWaitingFor(itemId)) return;
      this.parts.counters.droppedUtterances += 1;
      this.callerNotTranscribed(itemId);
    });
  }

  /** Returns whether it was more than silence. */
  callerTranscribed(itemId: string, text: string): boolean {
    const isSpeech = text.trim() !== '';
    this.understood ||= isSpeech;
    const released = this.transcript.settle(itemId, 'caller', {
      text,
      language: this.language,
      ...this.caller.times(itemId),
    });
    this.caller.forget(itemId);
    this.release(released);
    return isSpeech;
  }

  callerNotTranscribed(itemId: string): void {
    this.release(this.transcript.giveUp(itemId));
  }

  assistantBegins(responseId: string, itemId: string): void {
    this.assistant.begin(responseId, itemId);
    this.transcript.begin(itemId, 'assistant');
  }

  assistantWords(responseId: string, itemId: string, delta: string): void {
    this.assistant.begin(responseId, itemId);
    this.assistant.addWords(itemId, delta);
  }

  /** An item has left for the phone. */
  assistantLeaves(itemId: string): void {
    this.assistant.leaves(itemId, this.mediaNow());
  }

  assistantComplete(itemId: string, text: string | undefined): void {
    this.assistant.complete(itemId, text);
    this.heardMore();
  }

  responseOver(responseId: string): void {
    this.assistant.completeAll(responseId);
    this.heardMore();
  }

  /** Looks which items have been heard to their end. */
  heardMore(): void {
    this.settle(this.assistant.takeHeard(this.language, this.mediaNow()));
  }

  cut(cut: Cut): void {
    const heard = this.parts.session.heardText(cut.itemId, cut.heardMs);
    this.settle([this.assistant.cut(cut, heard, this.language, this.mediaNow())]);
  }

  /** No more words are waited for. */
  close(): void {
    this.release(this.transcript.close());
  }

  private settle(items: readonly HeardItem[]): void {
    for (const { itemId, spoken } of items) this.release(this.transcript.settle(itemId, 'assistant', spoken));
  }

  private release(utterances: readonly Utterance[]): void {
    for (const utterance of utterances) this.uttered(utterance);
  }

  private get language(): string {
    return this.parts.language.current;
  }

  private mediaNow(): number {
    return this.parts.timeline.nowOnMediaClock(this.parts.clock.nowMs());
  }
}
