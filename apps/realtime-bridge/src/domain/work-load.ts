/** Use of the event loop over the last second, 0 to 1, and by how much its timers were late at most since the last measurement. */
export interface LoopMeasurement {
  readonly use: number;
  readonly lagMs: number;
}

export interface WorkLoadBounds {
  /** Above this share of a core, audio begins to wait for other calls' audio; 1 means that the load is no bound. */
  readonly maxUse: number;
  /** Above this share the process saves messages at the price of some delay; 0 means always, 1 never. */
  readonly busyUse: number;
}

/** A single peak is the garbage collector or a burst of greetings; what lasts this long is load. */
export const OVERLOAD_LASTS_MS = 2_000;
/** Calls are taken again this far below the bound, so that one call's end does not open and close the door. */
const RESUME_BELOW = 0.1;
/** Saving messages lowers the use by about this, which must not end the saving. */
const AT_REST_BELOW = 0.2;
/** Frames come every 20 ms: ten of them late is heard. */
export const MAX_LAG_MS = 200;
/** Half of each new measurement: a second's use jumps. */
const SMOOTHING = 0.5;
/** A place costs little while the phone network sets up its stream; after this it shows in what lasts. */
export const MEASURED_AFTER_MS = 5_000;
/** The most that a call may use of a core, 2.5 ms in a second, until enough calls tell what they do use here. */
const USUAL_COST = 0.0025;
const TELLING_CALLS = 20;

/**
 * Decides by the use of the event loop whether this process can take another call, and whether it has to save. Until a place shows in what is measured it
 * counts with what a call costs, so that a burst of calls does not take what only looks free.
 */
export class WorkLoad {
  private smoothed = 0;
  private costOfCall = USUAL_COST;
  private isOverloaded = false;
  private busy: boolean;
  /** Of the last two seconds, beginning with the last measurement before them. */
  private recent = [{ atMs: Number.NEGATIVE_INFINITY, use: 0 }];
  private placedAtMs: number[] = [];

  constructor(private readonly bounds: WorkLoadBounds) {
    this.busy = bounds.busyUse <= 0;
  }

  /** @param calls places held or in use */
  measured({ use, lagMs }: LoopMeasurement, calls: number, nowMs: number): void {
    this.smoothed += (use - this.smoothed) * SMOOTHING;
    this.forgetMeasured(nowMs);
    const older = calls - this.placedAtMs.length;
    if (older >= TELLING_CALLS) this.costOfCall = this.smoothed / older;
    // A loop whose timers are late is overloaded, whatever it is that keeps it.
    this.recent.push({ atMs: nowMs, use: lagMs > MAX_LAG_MS ? 1 : this.smoothed });
    while ((this.recent[1]?.atMs ?? nowMs) <= nowMs - OVERLOAD_LASTS_MS) this.recent.shift();
    const { maxUse, busyUse } = this.bounds;
    if (this.smoothed > busyUse || busyUse <= 0) this.busy = true;
    else if (this.smoothed < busyUse - AT_REST_BELOW) this.busy = false;
    if (this.lastingUse > maxUse) this.isOverloaded = true;
    else if (lagMs <= MAX_LAG_MS && this.smoothed < maxUse - RESUME_BELOW) this.isOverloaded = false;
  }

  /** Whether messages are to be saved. Asked for every frame. */
  get isBusy(): boolean {
    return this.busy;
  }

  /** A place is given away. */
  placed(nowMs: number): void {
    this.placedAtMs.push(nowMs);
  }

  hasRoom(nowMs: number): boolean {
    if (this.bounds.maxUse >= 1) return true;
    this.forgetMeasured(nowMs);
    return !this.isOverloaded && this.expectedUse + this.costOfCall <= this.bounds.maxUse;
  }

  /** What lasts, and what the places given lately will add to it. */
  get expectedUse(): number {
    return this.lastingUse + this.placedAtMs.length * this.costOfCall;
  }

  private get lastingUse(): number {
    return Math.min(...this.recent.map(({ use }) => use));
  }

  private forgetMeasured(nowMs: number): void {
    while (nowMs - (this.placedAtMs[0] ?? nowMs) >= MEASURED_AFTER_MS) this.placedAtMs.shift();
  }
}
