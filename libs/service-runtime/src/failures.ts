/** A failure that no retry can cure: the event goes to the dead letters, the job is given up. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
}

export interface PublicErrorOptions {
  /** For the log only; the caller never sees it. */
  readonly internal?: string;
  readonly cause?: unknown;
  /** Extra members of the problem document, e.g. `{ errors: [...] }`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Response headers, e.g. `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that the caller may see, as an `application/problem+json` document (RFC 9457). */
export class PublicError extends Error {
  override readonly name = 'PublicError';
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param status HTTP status, 400-599
   * @param title the same words for every occurrence of this kind
   * @param publicDetail what is wrong this time and what to do
   */
  constructor(
    readonly status: number,
    readonly title: string,
    readonly publicDetail?: string,
    options: PublicErrorOptions = {},
  ) {
    super(options.internal ?? publicDetail ?? title, { cause: options.cause });
    this.extensions = options.extensions ?? {};
    this.headers = options.headers ?? {};
  }
}
