import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHubSpot } from '@tradeline/testing';
import type { StartedHubSpot } from '@tradeline/testing';
import type { RemoteTrouble } from '../src/domain/remote-trouble.js';
import type { LeadContent } from '../src/domain/parcel.js';
import { HubSpotCourier } from '../src/integrations/hubspot/hubspot-courier.js';
import { aDelivery, aLead, aParcel, linksInMemory } from './parcels.js';

const TOKEN = 'pat-one';

describe('filing a lead in HubSpot', () => {
  let hubspot: StartedHubSpot;
  let courier: HubSpotCourier;
  let links: ReturnType<typeof linksInMemory>;

  const send = (lead: Partial<LeadContent> = {}, attempts = 1) =>
    courier.send(
      aParcel({
        delivery: aDelivery('hubspot', { attempts }),
        content: aLead(lead),
        connection: { target: 'hubspot', secret: TOKEN, url: '' },
        links,
      }),
      AbortSignal.timeout(20_000),
    );
  const trouble = async (promise: Promise<unknown>): Promise<RemoteTrouble['facts']> =>
    promise.then(
      () => {
        throw new Error('it was delivered');
      },
      (error: RemoteTrouble) => error.facts,
    );
  const contacts = () => hubspot.records(TOKEN).contacts;
  const calls = () => hubspot.records(TOKEN).calls;

  beforeEach(async () => {
    hubspot = await startHubSpot();
    courier = new HubSpotCourier({ baseUrl: hubspot.url });
    links = linksInMemory();
  });
  afterEach(() => hubspot.close());

  it('creates the contact and the call, linked', async () => {
    const receipt = await send({ email: 'Marie@Example.com' });
    expect(contacts()).toMatchObject([
      {
        id: receipt.remoteId,
        properties: {
          firstname: 'Marie',
          lastname: 'Roy',
          phone: '+16135550142',
          email: 'marie@example.com',
          lifecyclestage: 'lead',
        },
      },
    ]);
    expect(calls()).toMatchObject([
      {
        properties: {
          hs_timestamp: '2026-11-22T17:05:00.000Z',
          hs_call_direction: 'INBOUND',
          hs_call_duration: '83000',
          tradeline_call_id: 'ca_1',
        },
      },
    ]);
    expect(hubspot.records(TOKEN).associations).toMatchObject([
      { fromId: calls()[0]?.id, toId: receipt.remoteId, typeId: 194 },
    ]);
  });

  it('ends on the same two records however often it runs', async () => {
    await send();
    await send({}, 2);
    links.held.clear();
    await send({}, 3);
    expect([contacts().length, calls().length]).toEqual([1, 1]);
  });

  it.each(['POST /crm/v3/objects/contacts$', 'POST /crm/v3/objects/calls$'])(
    'doubles nothing when the answer to %s is lost and search has not caught up',
    async (request) => {
      hubspot.setSearchDelay(60_000);
      hubspot.failNext({ kind: 'drop-after-write' }, 1, new RegExp(request));
      expect(await trouble(send())).toMatchObject({ kind: 'transient' });
      await send({}, 2);
      expect([contacts().length, calls().length]).toEqual([1, 1]);
      expect(hubspot.records(TOKEN).associations).toHaveLength(1);
    },
  );

  it('knows a caller again by our own link, before search does', async () => {
    hubspot.setSearchDelay(60_000);
    await send();
    await send({ callId: 'ca_2' });
    expect([contacts().length, calls().length]).toEqual([1, 2]);
  });

  it('creates a contact again that was deleted there', async () => {
    const first = await send();
    hubspot.portal(TOKEN).records.splice(0);
    const second = await send({ callId: 'ca_2' });
    expect(second.remoteId).not.toBe(first.remoteId);
    expect(links.held.get('phone:+16135550142')).toBe(second.remoteId);
  });

  describe('where the caller is in HubSpot already', () => {
    const existing = (properties: Record<string, string>) =>
      hubspot.portal(TOKEN).create('contacts', properties);

    it('finds him by mail address and fills only what is blank', async () => {
      const held = existing({ email: 'marie@example.com', firstname: 'Maria', lifecyclestage: 'customer' });
      expect((await send({ email: 'marie@example.com' })).remoteId).toBe(held.id);
      expect(contacts()).toMatchObject([
        { properties: { firstname: 'Maria', lastname: 'Roy', lifecyclestage: 'customer' } },
      ]);
    });

    it('finds him by telephone number, however it was written', async () => {
      const held = existing({ firstname: 'Marie', phone: '(613) 555-0142' });
      expect((await send()).remoteId).toBe(held.id);
    });

    it('does not guess between two with the same number, and says so', async () => {
      existing({ firstname: 'Marie', phone: '+16135550142' });
      existing({ firstname: 'Paul', phone: '+16135550142' });
      const receipt = await send();
      expect(receipt.detail).toContain('none was chosen');
      expect([contacts().length, calls().length, hubspot.records(TOKEN).associations.length]).toEqual([
        2, 1, 0,
      ]);
    });

    it('takes a caller with an address of his own at a shared number for a new person', async () => {
      existing({ email: 'paul@example.com', phone: '+16135550142' });
      await send({ email: 'marie@example.com' });
      expect(contacts()).toHaveLength(2);
    });
  });

  it('files a call without number and address with no contact', async () => {
    await send({ phone: '', email: 'not an address' });
    expect([contacts().length, calls().length]).toEqual([0, 1]);
  });

  it('keeps the contact when HubSpot finds the address invalid', async () => {
    await send({ email: 'marie@example.c' });
    expect(contacts().map(({ properties }) => [properties['phone'], properties['email']])).toEqual([
      ['+16135550142', undefined],
    ]);
  });

  it('says nothing in HTML that the caller could have written', async () => {
    await send({
      summary: '<img src=x onerror=alert(1)>',
      callerName: '<b>Eve</b>',
      jobSummary: '<script>x</script>',
    });
    expect(calls()[0]?.properties['hs_call_body']).not.toMatch(/<(img|script)/);
  });

  it('waits as long as HubSpot asks', async () => {
    hubspot.failNext({ kind: 'status', status: 429, retryAfterSeconds: 7 });
    expect(await trouble(send())).toMatchObject({ kind: 'transient', status: 429, retryAfterMs: 7_000 });
  });

  it.each([500, 502, 503])('tries again after %i', async (status) => {
    hubspot.failNext({ kind: 'status', status });
    expect(await trouble(send())).toMatchObject({ kind: 'transient', status });
  });

  it('says in plain words that the token was refused', async () => {
    hubspot.revoke(TOKEN);
    expect(await trouble(send())).toMatchObject({
      kind: 'permanent',
      status: 401,
      words: expect.stringContaining('Connect HubSpot again'),
    });
  });

  it('says what to do when it may not define the property that keeps calls apart', async () => {
    hubspot.denySchemaScope(TOKEN);
    expect(await trouble(send())).toMatchObject({
      kind: 'permanent',
      words: expect.stringContaining('tradeline_call_id'),
    });
    hubspot.portal(TOKEN).defineProperty('calls', {
      name: 'tradeline_call_id',
      groupName: 'call_information',
      hasUniqueValue: true,
    });
    await send({}, 2);
    expect([contacts().length, calls().length]).toEqual([1, 1]);
  });

  it('refuses to go on when that property would let a call appear twice', async () => {
    hubspot
      .portal(TOKEN)
      .defineProperty('calls', { name: 'tradeline_call_id', groupName: 'call_information' });
    expect(await trouble(send())).toMatchObject({
      kind: 'permanent',
      words: expect.stringContaining('unique'),
    });
    expect(calls()).toEqual([]);
  });

  it('carries nothing personal in what is kept of a refusal', async () => {
    hubspot.portal(TOKEN).removeProperty('contacts', 'lastname');
    const facts = await trouble(send({ email: 'marie@example.com' }));
    expect(facts.kind).toBe('permanent');
    expect(JSON.stringify(facts)).not.toMatch(/Marie|marie@|5550142/);
  });
});
