/** Why we ask the model to speak. An `answer` is also what the server makes by itself at the end of a caller's turn. */
export type ResponsePurpose = 'greeting' | 'answer' | 'tool-result' | 'nudge' | 'goodbye';

export interface ResponseWish {
  readonly purpose: ResponsePurpose;
  /** Replaces the session's instructions for this one response. */
  readonly instructions?: string;
}

/** A wish that is to be sent now, with the id by which the model's answer or refusal names it. */
export interface ResponseOrder extends ResponseWish {
  readonly orderId: string;
}

/**
 * Lets at most one response be active. The model refuses a second one (`conversation_already_has_active_response`),
 * and it may also start one of its own at any time: so an order waits for the end of what is active, and one that was
 * refused all the same is kept and sent again. The refusal never reaches the caller.
 */
export class ResponseSequencer {
  private serial = 0;
  private ordered: ResponseOrder | undefined;
  private lastOrder: ResponseOrder | undefined;
  private waiting: ResponseWish[] = [];
  private current: { id: string; purpose: ResponsePurpose } | undefined;

  /** Asks for a response; returns the order when it may be sent at once. */
  want(wish: ResponseWish): ResponseOrder | undefined {
    this.waiting.push(wish);
    return this.next();
  }

  /** The model has begun a response, ours or its own. Returns what it is for. */
  began(responseId: string, orderId?: string): ResponsePurpose {
    const ours =
      orderId === undefined ? this.ordered : this.lastOrder?.orderId === orderId ? this.lastOrder : undefined;
    if (ours && this.ordered === ours) this.ordered = undefined;
    this.current = { id: responseId, purpose: ours?.purpose ?? 'answer' };
    return this.current.purpose;
  }

  /** A response is over, in whatever way. Returns the order that may be sent now. */
  ended(responseId: string): ResponseOrder | undefined {
    if (this.current?.id === responseId) this.current = undefined;
    return this.next();
  }

  /** The model refused because another response is active. The order is kept; it goes out after the active one has ended. */
  refusedAsActive(orderId: string | undefined): 'kept' | 'not-ours' {
    // Without an id it can only be meant for an order that is on its way, or for an answer that the model began by itself.
    const order = orderId === undefined ? this.ordered : this.lastOrder;
    if (!order || (orderId !== undefined && order.orderId !== orderId)) return 'not-ours';
    this.ordered = undefined;
    this.lastOrder = undefined;
    this.waiting.unshift({
      purpose: order.purpose,
      ...(order.instructions !== undefined && { instructions: order.instructions }),
    });
    return 'kept';
  }

  /** Our order failed for another reason; it is not sent again. */
  failed(orderId: string): ResponseOrder | undefined {
    if (this.ordered?.orderId === orderId) this.ordered = undefined;
    return this.next();
  }

  /** Sends what waits, if nothing is active: for the case that the active response ended before its refusal came. */
  retry(): ResponseOrder | undefined {
    return this.next();
  }

  /** Forgets waiting wishes that the course of the conversation has overtaken. */
  withdraw(...purposes: ResponsePurpose[]): void {
    this.waiting = this.waiting.filter((wish) => !purposes.includes(wish.purpose));
  }

  get active(): { readonly id: string; readonly purpose: ResponsePurpose } | undefined {
    return this.current;
  }

  /** True when nothing is being said, asked for or waiting. */
  get idle(): boolean {
    return !this.current && !this.ordered && this.waiting.length === 0;
  }

  private next(): ResponseOrder | undefined {
    if (this.current || this.ordered) return undefined;
    const wish = this.waiting.shift();
    if (!wish) return undefined;
    this.ordered = { ...wish, orderId: `order_${++this.serial}` };
    this.lastOrder = this.ordered;
    return this.ordered;
  }
}
