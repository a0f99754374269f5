import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { startMailbox } from './mailbox.js';
import type { StartedMailbox } from './mailbox.js';

describe('the mailbox', () => {
  let mailbox: StartedMailbox;
  const send = (subject = 'Hello') =>
    createTransport(mailbox.smtpUrl).sendMail({
      from: 'desk@example.com',
      to: 'owner@example.com',
      subject,
      text: 'words',
      html: '<p>words</p><script>alert(1)</script>',
    });

  beforeEach(async () => {
    mailbox = await startMailbox({ prefix: '/mailbox' });
  });
  afterEach(() => mailbox.close());

  it('keeps a mail as it came, and finds it by its recipient', async () => {
    await send('Grüße');
    expect(mailbox.mails({ to: 'owner@example.com' })).toMatchObject([
      { subject: 'Grüße', to: ['owner@example.com'], text: expect.stringContaining('words') },
    ]);
    expect(mailbox.mails({ to: 'other@example.com' })).toEqual([]);
    const listed = (await (await fetch(`${mailbox.url}/messages?to=owner@example.com`)).json()) as unknown[];
    expect(listed).toHaveLength(1);
  });

  it('shows a hostile mail in a frame that can run nothing', async () => {
    await send('<script>alert(2)</script>');
    const list = await (await fetch(`${mailbox.url}/`)).text();
    expect(list).not.toContain('<script>');
    const view = await fetch(`${mailbox.url}/messages/1.view`);
    expect(await view.text()).toContain('<iframe sandbox');
    expect(view.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('refuses with the code that was planned, once', async () => {
    mailbox.failNext({ kind: 'refuse', code: 451 });
    await expect(send()).rejects.toMatchObject({ responseCode: 451 });
    await send();
    expect(mailbox.mails()).toHaveLength(1);
    expect(mailbox.transmissions).toBe(2);
  });

  it('can keep a mail and hang up before it says so', async () => {
    mailbox.failNext({ kind: 'drop-after-data' });
    await expect(send()).rejects.toThrow();
    expect(mailbox.mails()).toHaveLength(1);
  });
});
