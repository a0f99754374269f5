/** Why an answerer refused, in words that both sides know. */
export type RefusalCode = 'not_found' | 'invalid' | 'internal';

const CODES: readonly string[] = ['not_found', 'invalid', 'internal'] satisfies RefusalCode[];

export const isRefusalCode = (text: string): text is RefusalCode => CODES.includes(text);

/** The answerer heard the question and said no. Thrown by handlers, and by `RpcClient` on the other side. */
export class RpcRefused extends Error {
  override readonly name: string = 'RpcRefused';

  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}

/** What was asked for does not exist, or belongs to another tenant: the two look alike on purpose. */
export class NotFound extends RpcRefused {
  constructor(message = 'not found') {
    super('not_found', message);
  }
}

/** Nobody answered: no instance is up, or none was fast enough. */
export class RpcUnavailable extends Error {
  override readonly name = 'RpcUnavailable';
}
