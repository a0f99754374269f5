import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '@hubspot/api-client';
import { AssociationSpecAssociationCategoryEnum } from '@hubspot/api-client/lib/codegen/crm/objects/calls/models/AssociationSpec.js';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/contacts/models/Filter.js';
import {
  PropertyCreateFieldTypeEnum,
  PropertyCreateTypeEnum,
} from '@hubspot/api-client/lib/codegen/crm/properties/models/PropertyCreate.js';
import { startHubSpot } from './hubspot.js';
import type { StartedHubSpot } from './hubspot.js';

describe('the fake HubSpot, as the official client sees it', () => {
  let hubspot: StartedHubSpot;
  const client = (accessToken = 'pat-one') => new Client({ accessToken, basePath: hubspot.url });
  const byPhone = (phone: string) => ({
    filterGroups: [{ filters: [{ propertyName: 'phone', operator: FilterOperatorEnum.Eq, value: phone }] }],
    properties: ['phone'],
    limit: 2,
  });

  beforeEach(async () => {
    hubspot = await startHubSpot({ prefix: '/hubspot' });
  });
  afterEach(() => hubspot.close());

  it('creates a contact, finds it, and files a call with it', async () => {
    const contact = await client().crm.contacts.basicApi.create({
      properties: { email: 'A@Example.com', phone: '+15550100' },
    });
    const found = await client().crm.contacts.searchApi.doSearch(byPhone('+15550100'));
    expect(found.results.map(({ id }) => id)).toEqual([contact.id]);
    const call = await client().crm.objects.calls.basicApi.create({
      properties: { hs_timestamp: '2026-11-22T12:00:00Z', hs_call_title: 'A call' },
      associations: [
        {
          to: { id: contact.id },
          types: [
            {
              associationCategory: AssociationSpecAssociationCategoryEnum.HubspotDefined,
              associationTypeId: 194,
            },
          ],
        },
      ],
    });
    expect(hubspot.records('pat-one').associations).toMatchObject([
      { fromId: call.id, toId: contact.id, typeId: 194 },
    ]);
  });

  it('answers a taken mail address with the id that holds it', async () => {
    const { id } = await client().crm.contacts.basicApi.create({ properties: { email: 'a@example.com' } });
    await expect(
      client().crm.contacts.basicApi.create({ properties: { email: 'A@example.com' } }),
    ).rejects.toMatchObject({
      code: 409,
      body: { message: `Contact already exists. Existing ID: ${id}` },
    });
  });

  it('upserts by mail address', async () => {
    const upsert = (firstname: string) =>
      client().crm.contacts.batchApi.upsert({
        inputs: [{ idProperty: 'email', id: 'a@example.com', properties: { firstname } }],
      });
    await upsert('Ann');
    await upsert('Anna');
    expect(hubspot.records('pat-one').contacts.map(({ properties }) => properties['firstname'])).toEqual([
      'Anna',
    ]);
  });

  it('refuses an unknown property and a second record with the same unique value', async () => {
    const call = { hs_timestamp: '2026-11-22T12:00:00Z', our_key: 'k1' };
    const file = () => client().crm.objects.calls.basicApi.create({ properties: call, associations: [] });
    await expect(file()).rejects.toMatchObject({
      code: 400,
      body: { message: expect.stringContaining('PROPERTY_DOESNT_EXIST') },
    });
    await client().crm.properties.coreApi.create('calls', {
      name: 'our_key',
      label: 'Our key',
      groupName: 'call_information',
      type: PropertyCreateTypeEnum.String,
      fieldType: PropertyCreateFieldTypeEnum.Text,
      hasUniqueValue: true,
    });
    await file();
    await expect(file()).rejects.toMatchObject({
      code: 400,
      body: { message: expect.stringContaining('CONFLICTING_UNIQUE_VALUE') },
    });
    expect(
      await client().crm.objects.calls.basicApi.getById(
        'k1',
        undefined,
        undefined,
        undefined,
        false,
        'our_key',
      ),
    ).toMatchObject({
      properties: { hs_object_id: expect.any(String) },
    });
  });

  it('keeps each token to its own portal', async () => {
    await client('pat-one').crm.contacts.basicApi.create({ properties: { phone: '+15550100' } });
    expect((await client('pat-two').crm.contacts.searchApi.doSearch(byPhone('+15550100'))).total).toBe(0);
  });

  it('shows a new record to search only after its delay', async () => {
    hubspot.setSearchDelay(60_000);
    await client().crm.contacts.basicApi.create({ properties: { phone: '+15550100' } });
    expect((await client().crm.contacts.searchApi.doSearch(byPhone('+15550100'))).total).toBe(0);
  });

  it('asks to slow down with HubSpot’s headers, and refuses a revoked token', async () => {
    hubspot.failNext({ kind: 'status', status: 429, retryAfterSeconds: 3 });
    await expect(client().crm.contacts.basicApi.getPage()).rejects.toMatchObject({
      code: 429,
      headers: { 'retry-after': '3', 'x-hubspot-ratelimit-max': '190' },
      body: { message: expect.stringContaining('limit') },
    });
    hubspot.revoke('pat-one');
    await expect(client().crm.contacts.basicApi.create({ properties: {} })).rejects.toMatchObject({
      code: 401,
    });
    expect(hubspot.wire.map(({ status }) => status)).toEqual([429, 401]);
  });

  it('never moves a contact up the lifecycle', async () => {
    const { id } = await client().crm.contacts.basicApi.create({
      properties: { lifecyclestage: 'customer' },
    });
    await client().crm.contacts.basicApi.update(id, { properties: { lifecyclestage: 'lead' } });
    expect(hubspot.records('pat-one').contacts[0]?.properties['lifecyclestage']).toBe('customer');
  });
});
