import type { Clock } from '../../domain/clock.js';
import { type SpokenLately, spokenLately } from '../../domain/caller-sound.js';
import type { ConversationSnapshot } from '../../domain/conversation-snapshots.js';
import type { LanguageFollowing } from '../../domain/languages.js';
import type { ModelSession } from '../../domain/model-session.js';
import type { Cut, PlaybackLedger } from '../../domain/playback-ledger.js';
import { earlierItemId, Transcript, type Utterance } from '../../domain/transcript.js';
import type { MediaTimeline } from '../../media/media-timeline.js';
import type { StreamCounters } from '../../media/stream-counters.js';
import { AssistantSpeech, type HeardItem } from './assistant-speech.js';
import { CallerSpeech } from './caller-speech.js';
import type { TurnPatience } from './turn-patience.js';

/** Transcription usually takes half a second; a place in the transcript is not kept open for ever. */
export const TRANSCRIPTION_PATIENCE_MS = 10_000;

export interface RecordParts {
  readonly clock: Clock;
  readonly ledger: PlaybackLedger;
  readonly session: Pick<ModelSession, 'heardText'>;
  readonly timeline: MediaTimeline;
  readonly counters: StreamCounters;
  readonly language: LanguageFollowing;
  readonly patience: TurnPatience;
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
  private lastHeard = '';

  constructor(
    private readonly parts: RecordParts,
    private readonly uttered: (utterance: Utterance) => void,
  ) {
    const { earlier } = parts;
    this.transcript = new Transcript(earlier?.lastUtteranceSeq);
    this.understood = earlier?.callerSpoke ?? false;
    this.caller = new CallerSpeech(parts.timeline, parts.patience, earlier && heardEarlier(earlier));
    this.assistant = new AssistantSpeech(parts.ledger);
  }

  /** True when words of the caller's have been understood. */
  get callerSpoke(): boolean {
    return this.understood;
  }

  callerStarted(itemId: string, audioStartMs: number): void {
    this.transcript.begin(itemId, 'caller');
    this.caller.started(itemId, audioStartMs, this.parts.clock.nowMs());
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

  /** He has begun to press keys. Returns when, on the media clock. */
  callerKeys(itemId: string): number {
    this.transcript.begin(itemId, 'caller');
    this.caller.takesTurn(itemId);
    return this.mediaNow();
  }

  /** What he has keyed stands among his words. */
  callerKeyed(itemId: string, text: string, startedAtMs: number): void {
    this.understood = true;
    const spoken = { text, language: this.language, startedAtMs, endedAtMs: this.mediaNow() };
    this.release(this.transcript.settle(itemId, 'caller', spoken));
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

  /** What the caller may just have heard of us. */
  spokenLately(): SpokenLately {
    const nothing = { text: '', heardMs: 0, existingMs: 0 };
    return spokenLately(this.assistant.progress(this.parts.clock.nowMs()) ?? nothing, this.lastHeard);
  }

  /** The words that are left to be heard, with those of their items that were heard; undefined while more may come. */
  unheardText(): string | undefined {
    return this.assistant.unheardText(this.parts.clock.nowMs());
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
    for (const { itemId, spoken } of items) {
      this.lastHeard = spoken.text;
      this.parts.patience.weAreHeard(spoken.text);
      this.release(this.transcript.settle(itemId, 'assistant', spoken));
    }
  }

  private release(utterances: readonly Utterance[]): void {
    for (const utterance of utterances) this.uttered(utterance);
  }

  private get language(): string {
    return this.parts.language.current;
  }

  /** The media clock now. */
  mediaNow(): number {
    return this.parts.timeline.nowOnMediaClock(this.parts.clock.nowMs());
  }
}
