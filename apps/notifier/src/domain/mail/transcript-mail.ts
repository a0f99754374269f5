import type { AlertSettings } from '../alert-settings.js';
import type { LeadContent, TranscriptLine } from '../parcel.js';
import { formatDuration, formatNumber, formatTime } from './mail-formats.js';
import { fill, MAIL_TEXTS, mailLanguage } from './mail-texts.js';
import { dismissalText, reasonTexts } from './reason-texts.js';
import type { MailLanguage, MailTexts } from './mail-texts.js';

export interface MailContent {
  readonly language: MailLanguage;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Longer subjects are cut by mail clients anyway. */
const SUBJECT_MAX = 120;

/** Control characters include the line breaks by which a caller's words could become a header of their own. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

const oneLine = (text: string): string => text.replace(CONTROL, ' ').replace(/\s+/g, ' ').trim();
const cut = (text: string, max: number): string =>
  [...text].length <= max ? text : `${[...text].slice(0, max - 1).join('')}…`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

interface Row {
  readonly label: string;
  readonly value: string;
  /** A link for the value, e.g. "tel:+15550100". */
  readonly href?: string;
  /** BCP-47, where the value is in words of the caller's. */
  readonly language?: string;
}

const whyOf = (content: LeadContent, language: MailLanguage): string =>
  content.qualified
    ? (reasonTexts(content.reasonWords, language) ?? content.reasons).map(oneLine).join('; ')
    : (dismissalText(content.dismissalReason, language) ?? oneLine(content.dismissalReason));

const rowsOf = (
  content: LeadContent,
  texts: MailTexts,
  language: MailLanguage,
  settings: AlertSettings,
): readonly Row[] => {
  const given = (value: string): string => oneLine(value) || texts.notGiven;
  const inCallersWords = (value: string): Pick<Row, 'value' | 'language'> => ({
    value: given(value),
    ...(oneLine(value) ? { language: content.language } : {}),
  });
  const linked = (scheme: string, value: string, shape: RegExp): { href?: string } =>
    shape.test(value) ? { href: `${scheme}:${value}` } : {};
  const { call } = content;
  const why = whyOf(content, language);
  const rows = [
    { label: texts.caller, value: given(content.callerName) },
    {
      label: texts.number,
      value: formatNumber(oneLine(content.phone), language) || texts.withheld,
      ...linked('tel', content.phone, /^\+?\d{3,15}$/),
    },
    {
      label: texts.email,
      value: given(content.email),
      ...linked('mailto', content.email, /^[\w.+-]+@[\w.-]+$/),
    },
    { label: texts.job, ...inCallersWords(content.jobSummary) },
    { label: texts.preferredTime, ...inCallersWords(content.preferredDatetime) },
    ...(content.qualified
      ? [{ label: texts.score, value: fill(texts.scoreOf, { score: String(content.score) }) }]
      : []),
    ...(why === '' ? [] : [{ label: texts.why, value: why }]),
    {
      label: texts.calledAt,
      value: formatTime(call.startedAt, language, settings.language, settings.timeZone),
    },
    ...(call.durationMs > 0
      ? [{ label: texts.duration, value: formatDuration(call.durationMs, texts) }]
      : []),
    ...(call.toNumber
      ? [{ label: texts.numberDialled, value: formatNumber(oneLine(call.toNumber), language) }]
      : []),
  ];
  // What a lead lacks is worth knowing; of a call that was none it is only noise.
  return rows.filter(({ value }) => content.qualified || value !== texts.notGiven);
};

const speakerOf = (line: TranscriptLine, texts: MailTexts): string =>
  line.speaker === 'caller' ? texts.speakerCaller : texts.speakerAssistant;

const said = (line: TranscriptLine, texts: MailTexts): string =>
  oneLine(line.text) + (line.interrupted ? ` ${texts.interrupted}` : '');

const asText = (
  content: LeadContent,
  texts: MailTexts,
  intro: string,
  footer: string,
  rows: readonly Row[],
): string => {
  const lines = [
    intro,
    ...(content.partial ? ['', texts.partial] : []),
    '',
    ...rows.map(({ label, value }) => `${label}${texts.colon} ${value}`),
    ...(content.summary ? ['', `${texts.summary}${texts.colon}`, oneLine(content.summary)] : []),
    '',
    `${texts.transcript}${texts.colon}`,
    ...(content.transcript.length === 0 ? [texts.noTranscript] : []),
    ...content.transcript.map((line) => `${speakerOf(line, texts)}${texts.colon} ${said(line, texts)}`),
    '',
    '-- ',
    footer,
  ];
  return `${lines.join('\n')}\n`;
};

// Colours keep a contrast of at least 7:1; nothing is loaded from outside, so opening the mail tells nobody.
const BODY =
  'margin:0;padding:16px;background:#ffffff;color:#1b1f24;font:16px/1.5 Arial,Helvetica,sans-serif';
const LABEL = 'text-align:left;vertical-align:top;padding:4px 16px 4px 0;font-weight:bold;color:#3b4148';
// A mail address has no spaces to break at, and a phone's screen is narrow.
const VALUE = 'text-align:left;vertical-align:top;padding:4px 0;overflow-wrap:anywhere';
const LINK = 'color:#084a8c';

/** The language of words that are not in the mail's own, so that a screen reader speaks them right. */
const langOf = (words: string | undefined, mail: MailLanguage): string => {
  const [primary] = (words ?? '').split('-');
  return words && primary !== mail.split('-')[0] ? ` lang="${escape(words)}"` : '';
};

const htmlRow = ({ label, value, href, language }: Row, mail: MailLanguage): string => {
  const shown = href ? `<a href="${escape(href)}" style="${LINK}">${escape(value)}</a>` : escape(value);
  return `<tr><th scope="row" style="${LABEL}">${escape(label)}</th><td style="${VALUE}"${langOf(language, mail)}>${shown}</td></tr>`;
};

const htmlLine = (line: TranscriptLine, texts: MailTexts, mail: MailLanguage): string => {
  const words = `<span${langOf(line.language, mail)}>${escape(oneLine(line.text))}</span>`;
  const cutOff = line.interrupted ? ` ${escape(texts.interrupted)}` : '';
  return `<p style="margin:0 0 8px;overflow-wrap:anywhere"><strong>${escape(speakerOf(line, texts))}${texts.colon}</strong> ${words}${cutOff}</p>`;
};

const asHtml = (
  content: LeadContent,
  texts: MailTexts,
  head: {
    readonly language: MailLanguage;
    readonly subject: string;
    readonly intro: string;
    readonly footer: string;
  },
  rows: readonly Row[],
): string => {
  const heading = (text: string): string =>
    `<h2 style="font-size:18px;margin:24px 0 8px">${escape(text)}</h2>`;
  const transcript =
    content.transcript.length === 0
      ? `<p>${escape(texts.noTranscript)}</p>`
      : content.transcript.map((line) => htmlLine(line, texts, head.language)).join('');
  return [
    `<!doctype html><html lang="${head.language}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(head.subject)}</title></head>`,
    `<body style="${BODY}"><main style="max-width:640px;margin:0 auto">`,
    `<h1 style="font-size:22px;margin:0 0 8px;overflow-wrap:anywhere">${escape(head.subject)}</h1><p>${escape(head.intro)}</p>`,
    content.partial ? `<p><strong>${escape(texts.partial)}</strong></p>` : '',
    `<table style="border-collapse:collapse">${rows.map((row) => htmlRow(row, head.language)).join('')}</table>`,
    content.summary
      ? `${heading(texts.summary)}<p style="overflow-wrap:anywhere"${langOf(content.language, head.language)}>${escape(oneLine(content.summary))}</p>`
      : '',
    `${heading(texts.transcript)}${transcript}`,
    `<p style="margin-top:32px;font-size:14px;color:#3b4148">${escape(head.footer)}</p></main></body></html>`,
  ].join('');
};

/** The mail about one call, in the tenant's language. Whatever the caller said is text in it and nothing else. */
export const composeTranscriptMail = (content: LeadContent, settings: AlertSettings): MailContent => {
  const language = mailLanguage(settings.language);
  const texts = MAIL_TEXTS[language];
  const business = oneLine(settings.businessName) || 'TradeLine';
  const caller =
    oneLine(content.callerName) || formatNumber(oneLine(content.phone), language) || texts.unknownCaller;
  const job = oneLine(content.jobSummary);
  const subjectText = !content.qualified ? texts.dismissedCall : job ? texts.newLeadAbout : texts.newLead;
  const subject = cut(fill(subjectText, { caller, job }), SUBJECT_MAX);
  const intro = fill(content.qualified ? texts.intro : texts.dismissedIntro, { business });
  const footer = fill(texts.footer, { business });
  const rows = rowsOf(content, texts, language, settings);
  return {
    language,
    subject,
    text: asText(content, texts, intro, footer, rows),
    html: asHtml(content, texts, { language, subject, intro, footer }, rows),
  };
};
