import { inSpan, log, SpanKind } from '@tradeline/service-runtime';
import { answerOf, hubSpotTrouble } from './hubspot-trouble.js';
import type { HubSpotAnswer } from './hubspot-trouble.js';

type HubSpotClient = import('@hubspot/api-client').Client;
type HubSpotModule = typeof import('@hubspot/api-client');

export interface HubSpotRecord {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
}

export type ObjectType = 'contacts' | 'calls';

const REQUEST_TIMEOUT_MS = 10_000;
/** Association types that HubSpot defines. */
const CALL_TO_CONTACT = 194;

let loading: Promise<HubSpotModule> | undefined;
/** The client is thousands of files; a platform whose tenants have no HubSpot never loads it. */
const load = (): Promise<HubSpotModule> => (loading ??= import('@hubspot/api-client'));

/** One HubSpot account through the official client, with the few calls that we make. */
export class HubSpotAccount {
  private constructor(
    private readonly client: HubSpotClient,
    private readonly signal: AbortSignal,
  ) {}

  static async open(options: {
    accessToken: string;
    baseUrl: string;
    signal: AbortSignal;
  }): Promise<HubSpotAccount> {
    const { Client } = await load();
    return new HubSpotAccount(
      new Client({ accessToken: options.accessToken, basePath: options.baseUrl }),
      options.signal,
    );
  }

  /** By HubSpot's id, or by a unique property; undefined when there is none. */
  async get(
    type: ObjectType,
    id: string,
    properties: readonly string[],
    idProperty?: string,
  ): Promise<HubSpotRecord | undefined> {
    const api =
      type === 'contacts' ? this.client.crm.contacts.basicApi : this.client.crm.objects.calls.basicApi;
    const refused = (answer: HubSpotAnswer): boolean => answer.status === 404;
    return this.ask(
      `get ${type}`,
      () => api.getById(id, [...properties], undefined, undefined, false, idProperty),
      refused,
    );
  }

  async searchContacts(
    filters: readonly { property: string; value: string }[],
    properties: readonly string[],
  ): Promise<readonly HubSpotRecord[]> {
    const { FilterOperatorEnum } =
      await import('@hubspot/api-client/lib/codegen/crm/contacts/models/Filter.js');
    const filterGroups = filters.map(({ property, value }) => ({
      filters: [{ propertyName: property, operator: FilterOperatorEnum.Eq, value }],
    }));
    const found = await this.ask('search contacts', () =>
      // Two are enough to know that it is not one.
      this.client.crm.contacts.searchApi.doSearch({ filterGroups, properties: [...properties], limit: 2 }),
    );
    return found?.results ?? [];
  }

  /** @throws HubSpotRefusal for an answer that `expected` names; the caller goes another way then. */
  async createContact(
    properties: Readonly<Record<string, string>>,
    expected: (answer: HubSpotAnswer) => boolean,
  ): Promise<string> {
    const made = await this.expecting('create contact', expected, () =>
      this.client.crm.contacts.basicApi.create({ properties: { ...properties }, associations: [] }),
    );
    return made.id;
  }

  async updateContact(
    id: string,
    properties: Readonly<Record<string, string>>,
    expected: (answer: HubSpotAnswer) => boolean,
  ): Promise<void> {
    await this.expecting('update contact', expected, () =>
      this.client.crm.contacts.basicApi.update(id, { properties: { ...properties } }),
    );
  }

  /** Files the call and its link to the contact in one request. */
  async createCall(
    properties: Readonly<Record<string, string>>,
    contactId: string | undefined,
    expected: (answer: HubSpotAnswer) => boolean,
  ): Promise<string> {
    const { AssociationSpecAssociationCategoryEnum } =
      await import('@hubspot/api-client/lib/codegen/crm/objects/calls/models/AssociationSpec.js');
    const associationCategory = AssociationSpecAssociationCategoryEnum.HubspotDefined;
    const types = [{ associationCategory, associationTypeId: CALL_TO_CONTACT }];
    const associations = contactId === undefined ? [] : [{ to: { id: contactId }, types }];
    const made = await this.expecting('create call', expected, () =>
      this.client.crm.objects.calls.basicApi.create({ properties: { ...properties }, associations }),
    );
    return made.id;
  }

  /** Harmless when they are linked already. */
  async linkCallToContact(callId: string, contactId: string): Promise<void> {
    await this.ask('associate call', () =>
      this.client.crm.associations.v4.basicApi.createDefault('calls', callId, 'contacts', contactId),
    );
  }

  /** Whether the property must be unique; undefined when it does not exist or may not be looked at. */
  async uniqueness(type: ObjectType, name: string): Promise<boolean | undefined> {
    const unknown = (answer: HubSpotAnswer): boolean => answer.status === 404 || answer.status === 403;
    const property = await this.ask(
      'get property',
      () => this.client.crm.properties.coreApi.getByName(type, name),
      unknown,
    );
    return property && property.hasUniqueValue === true;
  }

  /** Defines a text property that no two records may share; false when the token may not. */
  async defineUniqueProperty(
    type: ObjectType,
    property: { name: string; label: string; description: string },
  ): Promise<boolean> {
    const { PropertyCreateFieldTypeEnum, PropertyCreateTypeEnum } =
      await import('@hubspot/api-client/lib/codegen/crm/properties/models/PropertyCreate.js');
    const may = (answer: HubSpotAnswer): boolean => [403, 404, 409].includes(answer.status);
    // A group of our own exists in every account once we have made it; the names of HubSpot's groups differ.
    await this.ask(
      'create property group',
      () => this.client.crm.properties.groupsApi.create(type, { name: 'tradeline', label: 'TradeLine 24/7' }),
      may,
    );
    const made = await this.ask(
      'create property',
      () =>
        this.client.crm.properties.coreApi.create(type, {
          ...property,
          groupName: 'tradeline',
          type: PropertyCreateTypeEnum.String,
          fieldType: PropertyCreateFieldTypeEnum.Text,
          hasUniqueValue: true,
        }),
      may,
    );
    if (made) log.info('hubspot_property_defined', { objectType: type, property: property.name });
    return made !== undefined;
  }

  private async expecting<R>(
    what: string,
    expected: (answer: HubSpotAnswer) => boolean,
    act: () => Promise<R>,
  ): Promise<R> {
    let refusal: HubSpotAnswer | undefined;
    const done = await this.ask(what, act, (answer) => {
      if (expected(answer)) refusal = answer;
      return refusal !== undefined;
    });
    if (refusal) throw new HubSpotRefusal(refusal);
    return done as R;
  }

  /** Undefined for a refusal that `absent` names; every other refusal is thrown as what it means for the delivery. */
  private ask<R>(
    what: string,
    act: () => Promise<R>,
    absent: (answer: HubSpotAnswer) => boolean = () => false,
  ): Promise<R | undefined> {
    return inSpan(`hubspot ${what}`, { kind: SpanKind.CLIENT }, async (span) => {
      this.signal.throwIfAborted();
      try {
        return await this.bounded(act());
      } catch (error) {
        const answer = answerOf(error);
        if (answer) span.setAttribute('http.response.status_code', answer.status);
        if (answer && absent(answer)) return undefined;
        throw hubSpotTrouble(error);
      }
    });
  }

  /** The client has no time-out of its own. What comes after ours is ignored; asking again is harmless by the unique properties. */
  private bounded<R>(work: Promise<R>): Promise<R> {
    const limit = AbortSignal.any([this.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Error('no answer from HubSpot in time'));
      limit.addEventListener('abort', late, { once: true });
      work.then(resolve, reject).finally(() => limit.removeEventListener('abort', late));
    });
  }
}

/** A refusal that the caller has an answer to. */
export class HubSpotRefusal extends Error {
  override readonly name = 'HubSpotRefusal';

  constructor(readonly answer: HubSpotAnswer) {
    super(`HubSpot answered ${answer.status}`);
  }
}
