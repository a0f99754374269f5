import { Courier } from '../../domain/courier.js';
import type { ContactLinks, Parcel, Receipt } from '../../domain/courier.js';
import type { LeadContent } from '../../domain/parcel.js';
import { RemoteTrouble } from '../../domain/remote-trouble.js';
import { callProperties } from './call-record.js';
import { blanksOf, contactProperties, identityOf, searchableDigits } from './contact-card.js';
import type { Identity } from './contact-card.js';
import { HubSpotAccount, HubSpotRefusal } from './hubspot-account.js';
import type { HubSpotRecord } from './hubspot-account.js';
import { existingId, isInvalidEmail, isTakenValue, isUnknownProperty } from './hubspot-trouble.js';

/** Unique properties that we define in the tenant's account: HubSpot itself refuses the second record of the same thing. */
const CALL_KEY = 'tradeline_call_id';
const CONTACT_KEY = 'tradeline_contact_key';

const WANTED = ['email', 'firstname', 'lastname', 'phone'] as const;

const NO_CALL_KEY =
  `Your HubSpot account has no call property "${CALL_KEY}" and our token may not add it. Give the private app the right to ` +
  `change call and contact schemas, or add "${CALL_KEY}" as single-line text with unique values; then replay this.`;
const CALL_KEY_NOT_UNIQUE =
  `The call property "${CALL_KEY}" in your HubSpot account does not require unique values, so a call could appear twice. ` +
  'Delete it and replay this; we add it as it must be.';

/** Whose record the call belongs to; undefined when that would be a guess. */
interface FoundContact {
  readonly id: string | undefined;
  readonly ambiguous: boolean;
}

/**
 * Files a lead in HubSpot: the caller as a contact, the call as a call record. A contact is found by our own link, then
 * by mail address, then by telephone number, and created last; where the number belongs to several, nobody is guessed.
 * What a person entered in HubSpot is never overwritten: only blanks are filled, and the lifecycle stage is written on
 * creation alone. A second run, also one after an answer that was lost, ends on the same two records.
 *
 * HubSpot publishes no machine-readable specification; the answers relied on here are from its documentation and from
 * answers that others have published, and were not checked against a real account.
 */
export class HubSpotCourier extends Courier {
  override readonly target = 'hubspot';
  /** Accounts (by base address and token) whose call property is known to be as it must be. */
  private readonly prepared = new Set<string>();

  constructor(private readonly options: { readonly baseUrl: string }) {
    super();
  }

  override async send(
    { delivery, content, connection, links }: Parcel,
    signal: AbortSignal,
  ): Promise<Receipt> {
    if (!connection) throw new Error('a HubSpot delivery needs a connection');
    const account = await HubSpotAccount.open({
      accessToken: connection.secret,
      baseUrl: this.options.baseUrl,
      signal,
    });
    await this.prepare(account, connection.secret);
    const contact = await findOrCreateContact(account, content, links);
    const callId = await fileCall(account, content, contact.id, delivery.attempts > 1);
    const detail = contact.ambiguous
      ? `call ${callId}; several contacts have this number, so none was chosen`
      : `call ${callId}`;
    return { remoteId: contact.id ?? callId, status: 200, requestId: '', detail };
  }

  private async prepare(account: HubSpotAccount, token: string): Promise<void> {
    if (this.prepared.has(token)) return;
    const unique = await account.uniqueness('calls', CALL_KEY);
    if (unique === false) throw new RemoteTrouble({ kind: 'permanent', words: CALL_KEY_NOT_UNIQUE });
    if (unique === undefined && !(await defineKeys(account))) return;
    if (this.prepared.size > 5_000) this.prepared.clear();
    this.prepared.add(token);
  }
}

/** False when the token may not; the account's owner may have added them by hand, and creating the call will tell. */
const defineKeys = async (account: HubSpotAccount): Promise<boolean> => {
  await account.defineUniqueProperty('contacts', {
    name: CONTACT_KEY,
    label: 'TradeLine contact',
    description: 'Keeps a caller from being filed twice.',
  });
  return account.defineUniqueProperty('calls', {
    name: CALL_KEY,
    label: 'TradeLine call',
    description: 'Keeps a call from being filed twice.',
  });
};

const linkKeys = ({ phone, email }: Identity): readonly string[] => [
  ...(phone ? [`phone:${phone}`] : []),
  ...(email ? [`email:${email}`] : []),
];

const findOrCreateContact = async (
  account: HubSpotAccount,
  content: LeadContent,
  links: ContactLinks,
): Promise<FoundContact> => {
  const identity = identityOf(content);
  const keys = linkKeys(identity);
  // Without a number or an address there is nothing to know the person by the next time.
  if (keys.length === 0) return { id: undefined, ambiguous: false };
  const heard = contactProperties(content, identity);
  const known = (await byLink(account, keys, links)) ?? (await bySearch(account, identity));
  if (known === 'several') return { id: undefined, ambiguous: true };
  const id = known
    ? await fillBlanks(account, known, heard)
    : await create(account, heard, await links.pseudonym(keys[0] ?? ''));
  for (const key of keys) await links.keep(key, id);
  return { id, ambiguous: false };
};

const byLink = async (
  account: HubSpotAccount,
  keys: readonly string[],
  links: ContactLinks,
): Promise<HubSpotRecord | undefined> => {
  for (const key of keys) {
    const id = await links.find(key);
    const record = id === undefined ? undefined : await account.get('contacts', id, WANTED);
    if (record) return record;
    // It was deleted there since.
    if (id !== undefined) await links.drop(key);
  }
  return undefined;
};

const bySearch = async (
  account: HubSpotAccount,
  { phone, email }: Identity,
): Promise<HubSpotRecord | 'several' | undefined> => {
  // A look-up by a unique property sees a new record at once; search sees it after a while.
  const byEmail = email ? await account.get('contacts', email, WANTED, 'email') : undefined;
  if (byEmail || !phone) return byEmail;
  const filters = [
    { property: 'phone', value: phone },
    { property: 'mobilephone', value: phone },
    { property: 'hs_searchable_calculated_phone_number', value: searchableDigits(phone) },
  ];
  const [first, second] = await account.searchContacts(filters, WANTED);
  if (!first) return undefined;
  if (!second) return email && first.properties['email'] ? undefined : first;
  // With an address of his own, the caller is a new person at a shared number; without one he could be any of them.
  return email ? undefined : 'several';
};

const fillBlanks = async (
  account: HubSpotAccount,
  record: HubSpotRecord,
  heard: Readonly<Record<string, string>>,
): Promise<string> => {
  const blanks = blanksOf(record.properties, heard);
  if (Object.keys(blanks).length === 0) return record.id;
  try {
    await account.updateContact(
      record.id,
      blanks,
      (answer) => existingId(answer) !== undefined || isInvalidEmail(answer),
    );
  } catch (error) {
    if (!(error instanceof HubSpotRefusal)) throw error;
    // The address is another contact's, or none at all: the rest is still worth keeping.
    const { email: _refused, ...rest } = blanks;
    if (Object.keys(rest).length > 0) await account.updateContact(record.id, rest, () => false);
  }
  return record.id;
};

/**
 * Creates the contact under our unique key, and ends on the existing one where HubSpot says that there is one: this is an
 * upsert by mail address or by key that can still tell a new contact, which alone gets a lifecycle stage.
 */
const create = async (
  account: HubSpotAccount,
  heard: Readonly<Record<string, string>>,
  key: string,
): Promise<string> => {
  let properties: Readonly<Record<string, string>> = {
    ...heard,
    lifecyclestage: 'lead',
    hs_lead_status: 'NEW',
    [CONTACT_KEY]: key,
  };
  // Each round meets one more refusal that can be answered; there are three.
  for (let round = 0; round < 4; round += 1) {
    try {
      return await account.createContact(
        properties,
        (answer) =>
          existingId(answer) !== undefined ||
          isTakenValue(answer, CONTACT_KEY) ||
          isUnknownProperty(answer, CONTACT_KEY) ||
          isInvalidEmail(answer),
      );
    } catch (error) {
      if (!(error instanceof HubSpotRefusal)) throw error;
      const { answer } = error;
      const holder =
        existingId(answer) ?? (isTakenValue(answer, CONTACT_KEY) ? await holderOf(account, key) : undefined);
      if (holder) return await fillById(account, holder, heard);
      const { [CONTACT_KEY]: _key, email, ...rest } = properties;
      properties = isInvalidEmail(answer)
        ? { ...rest, [CONTACT_KEY]: key }
        : { ...rest, ...(email ? { email } : {}) };
    }
  }
  throw new RemoteTrouble({
    kind: 'permanent',
    words: 'HubSpot did not accept the contact. Whoever looks after your HubSpot account can tell why.',
  });
};

const holderOf = async (account: HubSpotAccount, key: string): Promise<string | undefined> =>
  (await account.get('contacts', key, WANTED, CONTACT_KEY))?.id;

const fillById = async (
  account: HubSpotAccount,
  id: string,
  heard: Readonly<Record<string, string>>,
): Promise<string> => {
  const record = await account.get('contacts', id, WANTED);
  return record ? fillBlanks(account, record, heard) : id;
};

const fileCall = async (
  account: HubSpotAccount,
  content: LeadContent,
  contactId: string | undefined,
  triedBefore: boolean,
): Promise<string> => {
  const filed = async (): Promise<string | undefined> => {
    const record = await account.get('calls', content.callId, ['hs_timestamp'], CALL_KEY);
    if (record && contactId !== undefined) await account.linkCallToContact(record.id, contactId);
    return record?.id;
  };
  // After an attempt whose answer may have been lost the record may be there.
  const before = triedBefore ? await filed() : undefined;
  if (before) return before;
  try {
    return await account.createCall(
      { ...callProperties(content), [CALL_KEY]: content.callId },
      contactId,
      (answer) => isTakenValue(answer, CALL_KEY) || isUnknownProperty(answer, CALL_KEY),
    );
  } catch (error) {
    if (!(error instanceof HubSpotRefusal)) throw error;
    if (isUnknownProperty(error.answer, CALL_KEY))
      throw new RemoteTrouble({ kind: 'permanent', status: 400, words: NO_CALL_KEY });
    const existing = await filed();
    if (existing) return existing;
    throw new RemoteTrouble({
      kind: 'transient',
      status: error.answer.status,
      words: 'HubSpot has the call but did not show it yet.',
    });
  }
};
