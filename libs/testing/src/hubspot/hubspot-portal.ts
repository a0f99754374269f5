import { badRequest, emailTaken, invalidProperty, notFound, propertyTaken } from './hubspot-refusals.js';

export type ObjectType = 'contacts' | 'calls';
export type Properties = Record<string, string>;

export interface CrmRecord {
  readonly id: string;
  readonly type: ObjectType;
  properties: Properties;
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface Association {
  readonly fromType: ObjectType;
  readonly fromId: string;
  readonly toType: ObjectType;
  readonly toId: string;
  readonly typeId: number;
}

export interface PropertyDefinition {
  readonly name: string;
  readonly hasUniqueValue: boolean;
  readonly [key: string]: unknown;
}

const BUILT_IN: Readonly<Record<ObjectType, readonly string[]>> = {
  contacts: [
    'email',
    'firstname',
    'lastname',
    'phone',
    'mobilephone',
    'company',
    'city',
    'lifecyclestage',
    'hs_lead_status',
    'hs_language',
    'hs_searchable_calculated_phone_number',
    'hubspot_owner_id',
  ],
  calls: [
    'hs_timestamp',
    'hs_call_title',
    'hs_call_body',
    'hs_call_direction',
    'hs_call_duration',
    'hs_call_from_number',
    'hs_call_to_number',
    'hs_call_status',
    'hs_call_disposition',
    'hs_call_recording_url',
    'hubspot_owner_id',
    'hs_activity_type',
  ],
};

/** A contact only moves down this list; HubSpot ignores a write that would move it up. */
const LIFECYCLE = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
];

/** Association type ids that HubSpot defines between the two objects. */
const ASSOCIATION_TYPE: Readonly<Record<string, number>> = { 'calls>contacts': 194, 'contacts>calls': 193 };

/** One HubSpot account: its records, its property definitions, its links. */
export class HubSpotPortal {
  readonly records: CrmRecord[] = [];
  readonly associations: Association[] = [];
  private readonly definitions: Record<ObjectType, Map<string, PropertyDefinition>>;
  private readonly groups: Record<ObjectType, Set<string>> = {
    contacts: new Set(['contactinformation']),
    calls: new Set(['call_information']),
  };
  private nextId: number;

  constructor(
    readonly portalId: number,
    private readonly now: () => Date,
  ) {
    this.nextId = portalId * 1000;
    const builtIn = (type: ObjectType): Map<string, PropertyDefinition> =>
      new Map(BUILT_IN[type].map((name) => [name, { name, hasUniqueValue: name === 'email' }]));
    this.definitions = { contacts: builtIn('contacts'), calls: builtIn('calls') };
  }

  property(type: ObjectType, name: string): PropertyDefinition {
    const definition = this.definitions[type].get(name);
    if (!definition) throw notFound(`No property named '${name}' exists`);
    return definition;
  }

  defineGroup(type: ObjectType, name: string): void {
    if (this.groups[type].has(name)) throw propertyTaken(name);
    this.groups[type].add(name);
  }

  defineProperty(type: ObjectType, input: Readonly<Record<string, unknown>>): PropertyDefinition {
    const name = String(input['name'] ?? '');
    if (!/^[a-z][a-z0-9_]*$/.test(name))
      throw badRequest(`Property name ${JSON.stringify(name)} is not valid`);
    if (this.definitions[type].has(name)) throw propertyTaken(name);
    if (!this.groups[type].has(String(input['groupName']))) throw badRequest(`Property group does not exist`);
    const definition = { ...input, name, hasUniqueValue: input['hasUniqueValue'] === true };
    this.definitions[type].set(name, definition);
    return definition;
  }

  removeProperty(type: ObjectType, name: string): void {
    this.definitions[type].delete(name);
  }

  /** @throws 404 when there is none; 400 when `idProperty` cannot identify a record. */
  get(type: ObjectType, id: string, idProperty?: string): CrmRecord {
    if (
      idProperty &&
      idProperty !== 'hs_object_id' &&
      !this.definitions[type].get(idProperty)?.hasUniqueValue
    ) {
      throw badRequest(`The property '${idProperty}' is not a unique property`);
    }
    const found =
      idProperty && idProperty !== 'hs_object_id' ? this.holder(type, idProperty, id) : this.byId(type, id);
    if (!found) throw notFound();
    return found;
  }

  create(type: ObjectType, input: Readonly<Record<string, unknown>>): CrmRecord {
    const properties = this.checked(type, input);
    if (type === 'calls' && !properties['hs_timestamp']) {
      throw invalidProperty('hs_timestamp', 'REQUIRED_FIELD', 'hs_timestamp is required');
    }
    this.refuseConflicts(type, properties, undefined);
    this.nextId += 1;
    const at = this.now();
    const record: CrmRecord = { id: String(this.nextId), type, properties, createdAt: at, updatedAt: at };
    this.calculate(record);
    this.records.push(record);
    return record;
  }

  update(record: CrmRecord, input: Readonly<Record<string, unknown>>): CrmRecord {
    const properties = this.checked(record.type, input);
    this.refuseConflicts(record.type, properties, record.id);
    const stage = properties['lifecyclestage'];
    const moves =
      LIFECYCLE.indexOf(stage ?? '') > LIFECYCLE.indexOf(record.properties['lifecyclestage'] ?? '');
    if (stage !== undefined && stage !== '' && !moves) delete properties['lifecyclestage'];
    record.properties = { ...record.properties, ...properties };
    record.updatedAt = this.now();
    this.calculate(record);
    return record;
  }

  associate(
    from: CrmRecord,
    to: CrmRecord,
    typeId = ASSOCIATION_TYPE[`${from.type}>${to.type}`],
  ): Association {
    if (typeId === undefined || typeId !== ASSOCIATION_TYPE[`${from.type}>${to.type}`]) {
      throw badRequest(`Association type ${typeId} is not defined from ${from.type} to ${to.type}`);
    }
    const wanted = { fromType: from.type, fromId: from.id, toType: to.type, toId: to.id, typeId };
    const existing = this.associations.find(
      (link) => link.fromId === from.id && link.toId === to.id && link.typeId === typeId,
    );
    if (!existing) this.associations.push(wanted);
    return existing ?? wanted;
  }

  ofType(type: ObjectType): CrmRecord[] {
    return this.records.filter((record) => record.type === type);
  }

  knows(type: ObjectType, name: string): boolean {
    return (
      this.definitions[type].has(name) ||
      ['hs_object_id', 'createdate', 'lastmodifieddate', 'hs_lastmodifieddate'].includes(name)
    );
  }

  private byId(type: ObjectType, id: string): CrmRecord | undefined {
    return this.records.find((record) => record.type === type && record.id === id);
  }

  private holder(type: ObjectType, name: string, value: string): CrmRecord | undefined {
    const same = (held: string | undefined): boolean =>
      held !== undefined && held.toLowerCase() === value.toLowerCase();
    return this.records.find((record) => record.type === type && same(record.properties[name]));
  }

  private checked(type: ObjectType, input: Readonly<Record<string, unknown>>): Properties {
    const properties: Properties = {};
    for (const [name, value] of Object.entries(input)) {
      if (!this.definitions[type].has(name)) {
        throw invalidProperty(name, 'PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
      }
      properties[name] = value === null || value === undefined ? '' : String(value);
    }
    const email = properties['email'];
    if (email) {
      if (!/^[^@\s]+@[^@\s]+\.[^@\s]{2,}$/.test(email)) {
        throw invalidProperty('email', 'INVALID_EMAIL', `Email address ${email} is invalid`);
      }
      properties['email'] = email.toLowerCase();
    }
    return properties;
  }

  private refuseConflicts(type: ObjectType, properties: Properties, own: string | undefined): void {
    for (const [name, value] of Object.entries(properties)) {
      if (value === '' || !this.definitions[type].get(name)?.hasUniqueValue) continue;
      const holder = this.holder(type, name, value);
      if (!holder || holder.id === own) continue;
      if (name === 'email') throw emailTaken(holder.id);
      throw invalidProperty(
        name,
        'CONFLICTING_UNIQUE_VALUE',
        `Cannot set ${name}. ${holder.id} already has that value.`,
      );
    }
  }

  private calculate(record: CrmRecord): void {
    if (record.type !== 'contacts') return;
    const digits = (record.properties['phone'] ?? '').replace(/\D/g, '');
    // HubSpot keeps a searchable form without the country code; ten digits serve North America.
    if (digits) record.properties['hs_searchable_calculated_phone_number'] = digits.slice(-10);
  }
}
