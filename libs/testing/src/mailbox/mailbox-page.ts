import type { ReceivedMail } from './received-mail.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 56rem; padding: 1rem; color: #1b1f24; background: #fff; }
  a { color: #0b5cad; } h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; } time { color: #57606a; white-space: nowrap; }
  h1, li, dd, pre { overflow-wrap: anywhere; }
  ol { list-style: none; padding: 0; } li { border-bottom: 1px solid #d0d7de; padding: .6rem 0; }
  iframe { width: 100%; height: 44rem; border: 1px solid #d0d7de; }
  pre { white-space: pre-wrap; background: #f6f8fa; padding: 1rem; } dt { font-weight: 600; } dd { margin: 0 0 .4rem; }`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;

const counted = (count: number): string => (count === 1 ? '1 mail' : `${count} mails`);

/** In the zone of this machine, which is the reader's: the page is for whoever runs it. */
const timeOf = ({ receivedAt }: ReceivedMail): string => {
  const shown = new Intl.DateTimeFormat('en-CA', { dateStyle: 'medium', timeStyle: 'medium' });
  return `<time datetime="${receivedAt}">${shown.format(new Date(receivedAt))}</time>`;
};

/** The mail says its language itself (RFC 3282); anything that is no language tag is passed over. */
const langOf = ({ headers }: ReceivedMail): string => {
  const tag = headers.find(({ name }) => name === 'content-language')?.value.trim() ?? '';
  return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? ` lang="${tag}"` : '';
};

export const mailboxPage = (mails: readonly ReceivedMail[], prefix: string): string => {
  const rows = mails.map(
    (mail) =>
      `<li><a href="${prefix}/messages/${mail.id}.view"${langOf(mail)}>${escape(mail.subject || '(no subject)')}</a><br>` +
      `to ${escape(mail.to.join(', '))} ${timeOf(mail)}</li>`,
  );
  const list = rows.length > 0 ? `<ol>${rows.join('')}</ol>` : '<p>No mail yet.</p>';
  return page(
    'Mailbox',
    `<h1>Mailbox</h1><p>${counted(mails.length)}, newest first. <a href="${prefix}/messages">The same as JSON</a></p>${list}`,
  );
};

export const mailPage = (mail: ReceivedMail, prefix: string): string =>
  page(
    mail.subject || '(no subject)',
    `<p><a href="${prefix}/">All mails</a></p><h1${langOf(mail)}>${escape(mail.subject || '(no subject)')}</h1>` +
      `<dl><dt>From</dt><dd>${escape(mail.from)}</dd><dt>To</dt><dd>${escape(mail.to.join(', '))}</dd>` +
      `<dt>Received</dt><dd>${timeOf(mail)}</dd><dt>Message-ID</dt><dd>${escape(mail.messageId)}</dd></dl>` +
      // Without allow-scripts and allow-same-origin a hostile mail can neither run nor reach this page.
      `<h2>HTML</h2><iframe sandbox title="The mail as HTML" src="${prefix}/messages/${mail.id}.html"></iframe>` +
      `<h2>Text</h2><pre${langOf(mail)}>${escape(mail.text)}</pre>`,
  );
