/** A vendor's model as it stands in the register. */
export interface RegisteredModel {
  readonly name: string;
  /** The first day on which it is gone, `YYYY-MM-DD`; absent while none is announced. */
  readonly shutsDown?: string;
  /** What the vendor recommends in its place. */
  readonly instead?: string;
}

export type Outlook =
  | { readonly kind: 'fit' }
  /** Nothing is known of it: it may be newer than the register, or misspelt. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'soon' | 'gone';
      readonly shutsDown: string;
      readonly daysLeft: number;
      readonly instead: string | undefined;
    };

/** From so many days ahead a shutdown is warned of. */
export const WARNING_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** The end of a name that pins a model to a date, e.g. "-2025-08-28". */
const SNAPSHOT = /-\d{4}-\d{2}-\d{2}$/;

/** Knows which models there are and until when. A dated name shares its model's end unless it stands there itself. */
export class ModelRegister {
  constructor(private readonly models: readonly RegisteredModel[]) {}

  outlook(name: string, now: Date): Outlook {
    const model = this.find(name) ?? this.find(name.replace(SNAPSHOT, ''));
    if (!model) return { kind: 'unknown' };
    const { shutsDown, instead } = model;
    if (shutsDown === undefined) return { kind: 'fit' };
    const daysLeft = Math.max(0, Math.ceil((Date.parse(shutsDown) - now.getTime()) / DAY_MS));
    if (daysLeft > WARNING_DAYS) return { kind: 'fit' };
    return { kind: daysLeft <= 0 ? 'gone' : 'soon', shutsDown, daysLeft, instead };
  }

  private find(name: string): RegisteredModel | undefined {
    return this.models.find((model) => model.name === name);
  }
}
