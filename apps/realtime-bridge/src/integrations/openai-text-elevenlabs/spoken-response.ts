import { decodedLength } from '../../domain/audio-format.js';
import type { ModelEvent } from '../../domain/model-session.js';
import { ClauseCutter } from './clause-cutter.js';
import type { SpeechLine } from './speech-line.js';
import type { Alignment } from './speech-protocol.js';
import { SpokenAlignment } from './spoken-alignment.js';

type Ended = ModelEvent & { type: 'response-ended' };

interface Item {
  readonly id: string;
  readonly cutter: ClauseCutter;
  readonly alignment: SpokenAlignment;
  /** Clauses that wait until the items before it have been spoken. */
  readonly clauses: string[];
  text: string;
  /** No more text will come. */
  isWritten: boolean;
  isSpoken: boolean;
}

export interface SpokenResponseParts {
  readonly line: Pick<SpeechLine, 'say' | 'end' | 'drop'>;
  emit(event: ModelEvent): void;
  /** Everything of it has been said. */
  over(): void;
}

/**
 * One response on its way from text to speech. To a call it looks as if the model spoke by itself: words come with their audio,
 * and the response ends only when all its audio is there, though the model has written it long before.
 */
export class SpokenResponse {
  private readonly items: Item[] = [];
  private readonly early: ModelEvent[] = [];
  private ended: Ended | undefined;
  private toolItems: readonly string[] = [];
  private isPresented = false;
  private state: 'speaking' | 'dropped' | 'over' = 'speaking';

  constructor(
    readonly id: string,
    private readonly parts: SpokenResponseParts,
  ) {}

  /** It is its turn to be heard: a call knows one response at a time. */
  present(): void {
    this.isPresented = true;
    for (const event of this.early.splice(0)) this.emit(event);
    this.endWhenSpoken();
  }

  emit(event: ModelEvent): void {
    if (this.isPresented) this.parts.emit(event);
    else this.early.push(event);
  }

  /** False when nothing of the response is wanted any more. */
  get isWanted(): boolean {
    return this.state === 'speaking';
  }

  /** The model has finished it, though it may not have been spoken. */
  get isWritten(): boolean {
    return this.ended !== undefined;
  }

  write(itemId: string, delta: string): void {
    if (!this.isWanted) return;
    const item = this.item(itemId);
    item.text += delta;
    this.speak(item, item.cutter.add(delta));
  }

  /** `text` is the whole of the item when the model repeats it. */
  written(itemId: string, text: string | undefined): void {
    if (!this.isWanted) return;
    const item = this.item(itemId);
    if (item.isWritten) return;
    if (text !== undefined) item.text = text;
    item.isWritten = true;
    this.speak(item, item.cutter.rest());
    this.endItem(item);
  }

  audio(itemId: string, audio: string, alignment: Alignment | undefined, unspoken: string): void {
    const item = this.items.find(({ id }) => id === itemId);
    if (!item || !this.isWanted) return;
    const delta = item.alignment.add(decodedLength(audio), alignment, unspoken);
    if (delta !== '') this.emit({ type: 'words', responseId: this.id, itemId, delta });
    this.emit({ type: 'audio', responseId: this.id, itemId, contentIndex: 0, audio });
  }

  spoken(itemId: string): void {
    const item = this.items.find(({ id }) => id === itemId);
    if (!item || item.isSpoken || !this.isWanted) return;
    item.isSpoken = true;
    item.alignment.end();
    this.emit({ type: 'speech-complete', responseId: this.id, itemId, text: item.text });
    const next = this.items.find(({ isSpoken }) => !isSpoken);
    if (next) {
      this.speak(next, next.clauses.splice(0));
      this.endItem(next);
    }
    this.endWhenSpoken();
  }

  /** The model has finished the response. @param toolItems the items of its tool calls */
  end(event: Ended, toolItems: readonly string[]): void {
    this.ended = event;
    this.toolItems = toolItems;
    for (const { id, isWritten } of this.items) if (!isWritten) this.written(id, undefined);
    this.endWhenSpoken();
  }

  /** Falls silent. Returns the items of which nothing will have been heard or obeyed: they did not happen. */
  drop(): readonly string[] {
    if (this.state !== 'speaking') return [];
    this.state = 'dropped';
    for (const { id } of this.items) this.parts.line.drop(id);
    // Whoever drops it is in the middle of yielding to the caller, and hears of the end when that is done.
    queueMicrotask(() => this.endWhenSpoken());
    return [
      ...this.items.filter(({ alignment }) => !alignment.hasAudio).map(({ id }) => id),
      ...this.toolItems,
    ];
  }

  alignmentOf(itemId: string): SpokenAlignment | undefined {
    return this.items.find(({ id }) => id === itemId)?.alignment;
  }

  private item(itemId: string): Item {
    const known = this.items.find(({ id }) => id === itemId);
    if (known) return known;
    const item: Item = {
      id: itemId,
      cutter: new ClauseCutter(),
      alignment: new SpokenAlignment(),
      clauses: [],
      text: '',
      isWritten: false,
      isSpoken: false,
    };
    this.items.push(item);
    return item;
  }

  /** One item is spoken after the other, so that their audio does not mix. */
  private isNext(item: Item): boolean {
    return this.items.find(({ isSpoken }) => !isSpoken) === item;
  }

  private speak(item: Item, clauses: readonly string[]): void {
    if (!this.isNext(item)) {
      item.clauses.push(...clauses);
      return;
    }
    for (const clause of clauses) this.parts.line.say(item.id, clause);
  }

  private endItem(item: Item): void {
    if (item.isWritten && this.isNext(item)) this.parts.line.end(item.id);
  }

  private endWhenSpoken(): void {
    if (!this.ended || !this.isPresented || this.state === 'over') return;
    if (this.state === 'speaking' && this.items.some(({ isSpoken }) => !isSpoken)) return;
    const { state, ended } = this;
    this.state = 'over';
    this.emit(
      state === 'dropped'
        ? { type: 'response-ended', responseId: this.id, status: 'cancelled', toolCalls: [] }
        : ended,
    );
    this.parts.over();
  }
}
