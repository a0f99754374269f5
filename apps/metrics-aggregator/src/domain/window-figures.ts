import { Latencies } from './latencies.js';

/** What is measured of a call, in milliseconds, each from its own two moments and never mixed with another. */
export const CLOCKS = ['handshake', 'firstByte', 'heardGap', 'greeting'] as const;

export type ClockName = (typeof CLOCKS)[number];

export const COUNTERS = [
  'calls',
  'fellBack',
  'modelErrors',
  'silenceNudges',
  'messagesIn',
  'messagesOut',
  'bargeIns',
  'falseInterruptions',
  'truncations',
  'overlapMs',
] as const;

export type CounterName = (typeof COUNTERS)[number];

/** What was counted and measured of some calls. */
export class Figures {
  readonly counters: Record<CounterName, number> = {
    calls: 0,
    fellBack: 0,
    modelErrors: 0,
    silenceNudges: 0,
    messagesIn: 0,
    messagesOut: 0,
    bargeIns: 0,
    falseInterruptions: 0,
    truncations: 0,
    overlapMs: 0,
  };
  readonly clocks: Readonly<Record<ClockName, Latencies>> = {
    handshake: new Latencies(),
    firstByte: new Latencies(),
    heardGap: new Latencies(),
    greeting: new Latencies(),
  };

  add(other: Figures): void {
    for (const name of COUNTERS) this.counters[name] += other.counters[name];
    for (const name of CLOCKS) this.clocks[name].add(other.clocks[name]);
  }

  get exact(): boolean {
    return CLOCKS.every((name) => this.clocks[name].exact);
  }
}

interface Cell {
  readonly language: string;
  readonly adapter: string;
  readonly figures: Figures;
}

export interface Slice {
  readonly name: string;
  readonly figures: Figures;
}

/** Figures by language and adapter. */
export class WindowFigures {
  readonly #cells = new Map<string, Cell>();

  /** Where the figures of this language and adapter are gathered. */
  of(language: string, adapter: string): Figures {
    const key = JSON.stringify([language, adapter]);
    const cell = this.#cells.get(key) ?? { language, adapter, figures: new Figures() };
    this.#cells.set(key, cell);
    return cell.figures;
  }

  get cells(): readonly Cell[] {
    return [...this.#cells.values()];
  }

  total(): Figures {
    const total = new Figures();
    for (const { figures } of this.#cells.values()) total.add(figures);
    return total;
  }

  /** Sorted by name. */
  by(dimension: 'language' | 'adapter'): Slice[] {
    const slices = new Map<string, Figures>();
    for (const cell of this.#cells.values()) {
      const figures = slices.get(cell[dimension]) ?? new Figures();
      slices.set(cell[dimension], figures);
      figures.add(cell.figures);
    }
    return [...slices]
      .map(([name, figures]) => ({ name, figures }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
