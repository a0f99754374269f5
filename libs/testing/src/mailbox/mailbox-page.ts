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
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 56rem; padding: 1.5rem; color: #1b1f24; background: #fff; }
  a { color: #0b5cad; } h1 { font-size: 1.4rem; } time { color: #57606a; }
  ol { list-style: none; padding: 0; } li { border-bottom: 1px solid #d0d7de; padding: .6rem 0; }
  iframe { width: 100%; height: 44rem; border: 1px solid #d0d7de; }
  pre { white-space: pre-wrap; background: #f6f8fa; padding: 1rem; } dt { font-weight: 600; } dd { margin: 0 0 .4rem; }`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;

export const mailboxPage = (mails: readonly ReceivedMail[], prefix: string): string => {
  const rows = mails.map(
    (mail) =>
      `<li><a href="${prefix}/messages/${mail.id}.view">${escape(mail.subject || '(no subject)')}</a><br>` +
      `to ${escape(mail.to.join(', '))} <time datetime="${mail.receivedAt}">${mail.receivedAt}</time></li>`,
  );
  const list = rows.length > 0 ? `<ol>${rows.join('')}</ol>` : '<p>No mail yet.</p>';
  return page(
    'Mailbox',
    `<h1>Mailbox</h1><p>${mails.length} mails, newest first. <a href="${prefix}/messages">JSON</a></p>${list}`,
  );
};

export const mailPage = (mail: ReceivedMail, prefix: string): string =>
  page(
    mail.subject,
    `<p><a href="${prefix}/">All mails</a></p><h1>${escape(mail.subject)}</h1>` +
      `<dl><dt>From</dt><dd>${escape(mail.from)}</dd><dt>To</dt><dd>${escape(mail.to.join(', '))}</dd>` +
      `<dt>Message-ID</dt><dd>${escape(mail.messageId)}</dd></dl>` +
      // Without allow-scripts and allow-same-origin a hostile mail can neither run nor reach this page.
      `<h2>HTML</h2><iframe sandbox title="The mail as HTML" src="${prefix}/messages/${mail.id}.html"></iframe>` +
      `<h2>Text</h2><pre>${escape(mail.text)}</pre>`,
  );
