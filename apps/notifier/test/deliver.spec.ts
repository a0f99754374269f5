import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  DeliveryState,
  LeadAlertDeliveredSchema,
  LeadAlertFailedSchema,
  LeadCrmSyncFailedSchema,
  LeadSyncedToCrmSchema,
} from '@tradeline/contracts';
import { eventually } from '@tradeline/testing';
import { AlertOwner } from '../src/features/alert-owner/alert-owner.js';
import { MailDismissedCall } from '../src/features/mail-dismissed-call/mail-dismissed-call.js';
import { SyncCrm } from '../src/features/sync-crm/sync-crm.js';
import { ONE, SECRET, startNotifier, TWO } from './notifier-under-test.js';
import type { KnownLead, NotifierUnderTest } from './notifier-under-test.js';

jest.setTimeout(60_000);

describe('what leaves the house', () => {
  let notifier: NotifierUnderTest;
  const recipient = (tenantId: string) => `owner@${tenantId.slice(3)}.example`;
  const of = async (lead: KnownLead) =>
    (await notifier.deliveries(lead.tenantId)).filter(({ leadId }) => leadId === lead.leadId);
  const untilDelivered = (lead: KnownLead, count: number) =>
    eventually(
      async () => {
        const deliveries = await of(lead);
        expect(deliveries.map(({ state }) => state)).toEqual(Array(count).fill(DeliveryState.DELIVERED));
        return deliveries;
      },
      { timeoutMs: 20_000 },
    );
  const untilFailed = (lead: KnownLead, target: string) =>
    eventually(async () => {
      const found = (await of(lead)).find(
        (delivery) => delivery.target === target && delivery.state === DeliveryState.FAILED,
      );
      if (!found) throw new Error(`no failed delivery to ${target}`);
      return found;
    });
  const mailsAbout = (lead: KnownLead, deliveryId: string) =>
    notifier.mailbox
      .mails({ to: recipient(lead.tenantId) })
      .filter(({ messageId }) => messageId.includes(deliveryId));

  beforeAll(async () => {
    notifier = await startNotifier();
    await notifier.connectHubSpot(ONE, 'pat-tenant-one');
    await notifier.connectWebhook(ONE);
  });
  afterAll(() => notifier.stop());

  it('mails a lead to its owner, files it in the CRM and posts it to the webhook, and says so', async () => {
    const lead = notifier.aLead(ONE);
    await notifier.qualify(lead);
    const deliveries = await untilDelivered(lead, 3);
    const mail = deliveries.find(({ target }) => target === 'smtp');
    const [received] = mailsAbout(lead, mail?.deliveryId ?? '-');
    expect(received?.subject).toBe('New call from Marie Roy: burst pipe');
    expect(received?.text).toContain('My pipe burst.');
    expect(received?.text).toContain('said that it is urgent');
    expect(received?.headers).toContainEqual({ name: 'auto-submitted', value: 'auto-generated' });
    expect(received?.messageId).toBe(mail?.remoteId);
    const crm = deliveries.find(({ target }) => target === 'hubspot');
    expect(notifier.hubspot.records('pat-tenant-one').contacts.map(({ id }) => id)).toContain(crm?.remoteId);
    expect(notifier.receiver.accepted().map(({ id }) => id)).toContain(
      deliveries.find(({ target }) => target === 'webhook')?.deliveryId,
    );
    await eventually(() => {
      expect(notifier.said(LeadAlertDeliveredSchema)).toMatchObject([
        { leadId: lead.leadId, callId: lead.callId, channel: 'mail' },
      ]);
      expect(
        notifier
          .said(LeadSyncedToCrmSchema)
          .map(({ target }) => target)
          .sort(),
      ).toEqual(['hubspot', 'webhook']);
    });
  });

  it('keeps every attempt, and nothing personal of it', async () => {
    const lead = notifier.aLead(ONE);
    notifier.mailbox.failNext({ kind: 'refuse', code: 451, message: `4.7.1 <${recipient(ONE)}> greylisted` });
    await notifier.qualify(lead);
    const mail = (await untilDelivered(lead, 3)).find(({ target }) => target === 'smtp');
    const attempts = await notifier.rows(
      'SELECT * FROM delivery_attempts WHERE delivery_id = $1 ORDER BY attempt',
      mail?.deliveryId,
    );
    expect(attempts).toMatchObject([
      { attempt: 1, outcome: 'retry', status: 451, tenant_id: ONE },
      { attempt: 2, outcome: 'delivered', status: 250 },
    ]);
    expect(JSON.stringify(attempts)).not.toContain('owner@');
  });

  it('owes and sends nothing twice when the event is delivered twice, or the fact is said twice', async () => {
    const lead = notifier.aLead(ONE);
    const eventId = await notifier.qualify(lead);
    await untilDelivered(lead, 3);
    const sent = () => [
      notifier.mailbox.transmissions,
      notifier.hubspot.wire.length,
      notifier.receiver.received.length,
    ];
    const before = sent();
    const again = { eventId, tenantId: ONE, deliveryCount: 2, occurredAt: new Date() };
    await notifier
      .first()
      .app.get(AlertOwner, { strict: false })
      .owe({ ...lead, reasons: [] }, { ...again, reaction: 'alert-owner-when-lead-qualified' });
    await notifier
      .first()
      .app.get(SyncCrm, { strict: false })
      .owe({ ...lead, reasons: [] }, { ...again, reaction: 'sync-crm-when-lead-qualified' });
    // Another event of the same lead passes the mark and is stopped by the delivery's key.
    await notifier.qualify(lead);
    await eventually(async () => {
      const marks = await notifier.rows('SELECT event_id FROM processed_events WHERE event_id > $1', eventId);
      expect(marks).toHaveLength(2);
    });
    expect(await of(lead)).toHaveLength(3);
    expect(sent()).toEqual(before);
  });

  it('doubles no CRM record, and keeps the Message-ID and webhook-id, when an answer is lost', async () => {
    const lead = notifier.aLead(ONE);
    notifier.mailbox.failNext({ kind: 'drop-after-data' });
    notifier.hubspot.failNext({ kind: 'drop-after-write' }, 1, /POST .*\/calls$/);
    notifier.receiver.answerNext(0);
    await notifier.qualify(lead);
    const deliveries = await untilDelivered(lead, 3);
    const id = (target: string) =>
      deliveries.find((delivery) => delivery.target === target)?.deliveryId ?? '-';
    const mails = mailsAbout(lead, id('smtp'));
    expect([mails.length, new Set(mails.map(({ messageId }) => messageId)).size]).toEqual([2, 1]);
    expect(
      notifier.hubspot
        .records('pat-tenant-one')
        .calls.filter(({ properties }) => properties['tradeline_call_id'] === lead.callId),
    ).toHaveLength(1);
    expect(notifier.receiver.received.filter((one) => one.id === id('webhook'))).toHaveLength(2);
    expect(notifier.receiver.accepted().filter((one) => one.id === id('webhook'))).toHaveLength(1);
  });

  it('waits as long as HubSpot asks, for the whole connection', async () => {
    const [first, second] = [notifier.aLead(ONE), notifier.aLead(ONE)];
    notifier.hubspot.failNext({ kind: 'status', status: 429, retryAfterSeconds: 2 });
    const startedAtMs = Date.now();
    await notifier.qualify(first);
    await eventually(async () =>
      expect((await of(first)).find(({ target }) => target === 'hubspot')?.lastError).toContain('slow down'),
    );
    const seen = notifier.hubspot.wire.length;
    await notifier.qualify(second);
    await untilDelivered(first, 3);
    await untilDelivered(second, 3);
    const later = notifier.hubspot.wire.slice(seen);
    expect(Date.parse(later[0]?.at ?? '') - startedAtMs).toBeGreaterThanOrEqual(1_900);
  });

  it('says in plain words that a token was refused, and sends it after the token was mended and the delivery replayed', async () => {
    await notifier.connectHubSpot(TWO, 'pat-tenant-two');
    notifier.hubspot.revoke('pat-tenant-two');
    const lead = notifier.aLead(TWO);
    await notifier.qualify(lead);
    const failed = await untilFailed(lead, 'hubspot');
    expect(failed.lastError).toContain('did not accept the access token');
    await eventually(() =>
      expect(notifier.said(LeadCrmSyncFailedSchema)).toMatchObject([
        { leadId: lead.leadId, target: 'hubspot', reason: failed.lastError },
      ]),
    );
    await notifier.connectHubSpot(TWO, 'pat-tenant-two-new');
    await notifier.replay(TWO, failed.deliveryId);
    await untilDelivered(lead, 2);
    expect(notifier.hubspot.records('pat-tenant-two-new').calls).toHaveLength(1);
  });

  it('never uses another tenant’s connection', async () => {
    const calls = (token: string) =>
      notifier.hubspot.records(token).calls.map(({ properties }) => properties['tradeline_call_id']);
    const [ours, theirs] = [notifier.aLead(ONE), notifier.aLead(TWO)];
    await notifier.qualify(ours);
    await notifier.qualify(theirs);
    await untilDelivered(ours, 3);
    await untilDelivered(theirs, 2);
    expect(calls('pat-tenant-one')).toContain(ours.callId);
    expect(calls('pat-tenant-one')).not.toContain(theirs.callId);
    expect(calls('pat-tenant-two-new')).not.toContain(ours.callId);
    expect(
      notifier.receiver.received.some(({ payload }) => JSON.stringify(payload).includes(theirs.leadId)),
    ).toBe(false);
    expect(
      notifier.mailbox.mails({ to: recipient(ONE) }).some(({ text }) => text.includes('Business two')),
    ).toBe(false);
  });

  it('shows and replays nothing to another tenant', async () => {
    const lead = notifier.aLead(TWO);
    notifier.mailbox.failNext({ kind: 'refuse', code: 550 });
    await notifier.qualify(lead);
    const failed = await untilFailed(lead, 'smtp');
    expect(failed.lastError).toContain('refused the mail (550)');
    await eventually(() =>
      expect(notifier.said(LeadAlertFailedSchema)).toMatchObject([{ leadId: lead.leadId, channel: 'mail' }]),
    );
    await expect(notifier.replay(ONE, failed.deliveryId)).rejects.toMatchObject({ code: 'not_found' });
    await notifier.replay(TWO, failed.deliveryId);
    await untilDelivered(lead, 2);
    await expect(notifier.replay(TWO, failed.deliveryId)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('writes in the tenant’s language, and mails dismissed calls only where that is wanted', async () => {
    const [wanted, unwanted] = [
      notifier.aLead(TWO, { state: 2, dismissalReason: 'silent' }),
      notifier.aLead(ONE, { state: 2 }),
    ];
    await notifier.dismiss(unwanted);
    await notifier.dismiss(wanted);
    const [delivery] = await untilDelivered(wanted, 1);
    expect(delivery).toMatchObject({ kind: 'dismissed-call-mail', target: 'smtp' });
    expect(mailsAbout(wanted, delivery?.deliveryId ?? '-')[0]?.html).toContain('<html lang="fr-CA">');
    expect(await of(unwanted)).toEqual([]);
    const again = { eventId: 'ev_again', tenantId: TWO, deliveryCount: 1, occurredAt: new Date() };
    const reaction = 'mail-dismissed-call-when-lead-dismissed';
    const before = notifier.mailbox.transmissions;
    for (const deliveryCount of [1, 2]) {
      await notifier
        .first()
        .app.get(MailDismissedCall, { strict: false })
        .owe(wanted, { ...again, reaction, deliveryCount });
    }
    expect(await of(wanted)).toHaveLength(1);
    expect(notifier.mailbox.transmissions).toBe(before);
  });

  it('lets no words of a caller become a header, a recipient or markup', async () => {
    const lead = notifier.aLead(ONE, {
      callerName: 'Eve\r\nBcc: thief@example.com\r\n\r\n<script>alert(1)</script>',
      jobSummary: '<img src=x onerror=alert(1)>',
      summary: '{{7*7}} <iframe src=//evil.example>',
    });
    await notifier.qualify(lead);
    const deliveries = await untilDelivered(lead, 3);
    const [mail] = mailsAbout(lead, deliveries.find(({ target }) => target === 'smtp')?.deliveryId ?? '-');
    expect(mail?.to).toEqual([recipient(ONE)]);
    expect(mail?.headers.map(({ name }) => name)).not.toContain('bcc');
    expect(mail?.html).not.toMatch(/<(script|img|iframe)/);
  });

  it('sends nothing of a lead that was deleted meanwhile', async () => {
    const lead = notifier.aLead(ONE);
    notifier.forgetLead(lead);
    await notifier.qualify(lead);
    expect((await untilFailed(lead, 'smtp')).lastError).toContain('deleted');
  });

  it('switches a webhook off whose server says that it is gone, and tells why', async () => {
    await notifier.connect(TWO, { target: 'webhook', secret: SECRET, url: `${notifier.receiver.url}/two` });
    notifier.receiver.answerNext(410);
    const [lead, next] = [notifier.aLead(TWO), notifier.aLead(TWO)];
    await notifier.qualify(lead);
    expect((await untilFailed(lead, 'webhook')).lastError).toContain('switched off');
    await notifier.qualify(next);
    await untilDelivered(next, 2);
  });

  it('keeps tokens, addresses and secrets unreadable in the database', async () => {
    const stored = JSON.stringify(
      await notifier.rows(
        "SELECT encode(secret_sealed, 'escape') s, encode(url_sealed, 'escape') u FROM connections",
      ),
    );
    expect(stored).not.toContain('pat-tenant');
    expect(stored).not.toContain('/hook');
    await expect(
      notifier.connect(ONE, { target: 'webhook', secret: 'short', url: 'https://x.example' }),
    ).rejects.toMatchObject({ code: 'invalid' });
    await expect(
      notifier.connect(ONE, { target: 'webhook', secret: SECRET, url: 'http://10.0.0.1/x' }),
    ).rejects.toMatchObject({ code: 'invalid' });
    await expect(notifier.connect(ONE, { target: 'fax', secret: SECRET })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});
