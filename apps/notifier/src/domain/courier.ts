import type { Delivery, Target } from './delivery.js';
import type { AlertSettings } from './alert-settings.js';
import type { LeadContent } from './parcel.js';

/** A tenant's way into a remote, opened for one delivery. */
export interface OpenConnection {
  readonly target: Target;
  readonly secret: string;
  readonly url: string;
}

/** Which remote record a person already has; looked up by what identifies the person, kept as a keyed hash. */
export interface ContactLinks {
  find(identity: string): Promise<string | undefined>;
  keep(identity: string, remoteId: string): Promise<void>;
  drop(identity: string): Promise<void>;
  /** A key for the person that means nothing outside this tenant. */
  pseudonym(identity: string): Promise<string>;
}

export interface Parcel {
  readonly delivery: Delivery;
  readonly content: LeadContent;
  readonly settings: AlertSettings | undefined;
  readonly connection: OpenConnection | undefined;
  readonly links: ContactLinks;
}

export interface Receipt {
  /** The record's id at the remote, or the mail's Message-ID; empty when there is none. */
  readonly remoteId: string;
  /** HTTP or SMTP status. */
  readonly status: number;
  readonly requestId: string;
  /** What it went to without naming a person; undefined leaves what was known before. */
  readonly detail?: string;
}

/** Takes one delivery to one kind of remote. */
export abstract class Courier {
  abstract readonly target: Target;

  /**
   * Returns when the remote has taken it. A second call for the same delivery must not double it where the remote
   * has a key to deduplicate by.
   * @throws RemoteTrouble when the remote did not take it; anything else is a fault of ours and is retried.
   */
  abstract send(parcel: Parcel, signal: AbortSignal): Promise<Receipt>;
}
