import { describe, expect, it } from '@jest/globals';
import type { AlertSettings } from '../alert-settings.js';
import type { LeadContent } from '../parcel.js';
import { fill, MAIL_LANGUAGES, MAIL_TEXTS, mailLanguage } from './mail-texts.js';
import { DISMISSAL_TEXTS, REASON_TEXTS } from './reason-texts.js';
import { composeTranscriptMail } from './transcript-mail.js';

const settings: AlertSettings = {
  mailRecipients: ['owner@example.com'],
  language: 'en-CA',
  mailDismissedCalls: false,
  timeZone: 'America/Toronto',
  businessName: 'Maple Plumbing',
};
const lead = (over: Partial<LeadContent> = {}): LeadContent => ({
  leadId: 'ld_1',
  callId: 'ca_1',
  qualified: true,
  callerName: 'Marie Roy',
  phone: '+16135550142',
  email: 'marie@example.com',
  jobSummary: 'burst pipe under the sink',
  preferredDatetime: 'tomorrow at nine',
  summary: 'A pipe burst; she wants somebody tomorrow.',
  score: 80,
  reasons: ['left a call-back number'],
  reasonWords: [],
  dismissalReason: '',
  language: 'en',
  partial: false,
  transcript: [
    { speaker: 'assistant', text: 'Maple Plumbing, how can I help?', language: 'en', interrupted: true },
    { speaker: 'caller', text: 'My pipe burst.', language: 'en', interrupted: false },
  ],
  call: {
    startedAt: new Date('2026-11-22T17:05:00Z'),
    durationMs: 83_000,
    fromNumber: '+16135550142',
    toNumber: '+16135550100',
  },
  ...over,
});

describe('the words of the mails', () => {
  const keys = Object.keys(MAIL_TEXTS.en) as (keyof typeof MAIL_TEXTS.en)[];
  const holes = (text: string): string[] =>
    [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

  it.each(MAIL_LANGUAGES)('%s has every key, filled, with the same holes', (language) => {
    expect(Object.keys(MAIL_TEXTS[language]).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      expect(MAIL_TEXTS[language][key].trim()).not.toBe('');
      expect({ key, holes: holes(MAIL_TEXTS[language][key]) }).toEqual({
        key,
        holes: holes(MAIL_TEXTS.en[key]),
      });
    }
  });

  it.each([
    ['fr', 'fr-CA'],
    ['fr-FR', 'fr-CA'],
    ['es-MX', 'es'],
    ['fil-PH', 'tl'],
    ['tl', 'tl'],
    ['de', 'en'],
    ['', 'en'],
  ])('a tenant who asks for %j reads %s', (tag, language) => {
    expect(mailLanguage(tag)).toBe(language);
  });

  it.each(MAIL_LANGUAGES)('%s can say every reason', (language) => {
    for (const texts of [REASON_TEXTS, DISMISSAL_TEXTS]) {
      expect(Object.keys(texts[language]).sort()).toEqual(Object.keys(texts.en).sort());
      expect(Object.values(texts[language]).every((text) => text.trim() !== '')).toBe(true);
    }
  });

  it('does not read a value as a text', () => {
    expect(fill('{a} {b}', { a: '{b}', b: 'x' })).toBe('{b} x');
  });
});

describe('the mail about a call', () => {
  it('says who called, how to reach them, what for, when, how it scored and why, and what was said', () => {
    const { subject, text, html } = composeTranscriptMail(lead(), settings);
    expect(subject).toBe('New call from Marie Roy: burst pipe under the sink');
    for (const words of [
      'Marie Roy',
      '(613) 555-0142',
      'marie@example.com',
      'tomorrow at nine',
      '80 of 100',
      'left a call-back number',
      'A pipe burst',
      'My pipe burst.',
      '1 min 23 s',
      '12:05',
    ]) {
      expect(text).toContain(words);
      expect(html).toContain(words);
    }
    expect(text).toContain('Receptionist: Maple Plumbing, how can I help? (interrupted)');
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('href="tel:+16135550142"');
  });

  it.each(MAIL_LANGUAGES)('is written in %s throughout', (language) => {
    const { html, text } = composeTranscriptMail(lead({ callerName: '', jobSummary: '', summary: '' }), {
      ...settings,
      language,
    });
    expect(html).toContain(`<html lang="${language}">`);
    expect(text).toContain(MAIL_TEXTS[language].transcript);
    expect(text).toContain(MAIL_TEXTS[language].notGiven);
  });

  it('gives the reasons in the language of the mail, and the qualifier’s own words for one it does not know', () => {
    const french = { ...settings, language: 'fr' };
    const known = composeTranscriptMail(lead({ reasonWords: ['urgent', 'name_given'] }), french);
    expect(known.text).toContain('Pourquoi\u00a0: a dit que c’est urgent; a donné son nom');
    const unknown = composeTranscriptMail(lead({ reasonWords: ['urgent', 'new_word'] }), french);
    expect(unknown.text).toContain('left a call-back number');
    const dismissed = composeTranscriptMail(
      lead({ qualified: false, dismissalReason: 'silent_caller' }),
      french,
    );
    expect(dismissed.text).toContain('l’appelant n’a rien dit');
  });

  it.each([
    ['en-CA', '(613) 555-0142', '12:05 p.m.', '1 min 23 s'],
    ['en-US', '(613) 555-0142', 'Sunday, November 22, 2026', '1 min 23 s'],
    ['fr-CA', '613 555-0142', 'dimanche 22 novembre 2026', '1 min 23 s'],
    ['es', '+1 613 555 0142', 'domingo, 22 de noviembre de 2026', '1 min 23 s'],
    ['tl', '+1 613 555 0142', 'Linggo, Nobyembre 22, 2026', '1 min 23 seg'],
  ])('writes numbers, dates and lengths as %s does', (language, number, date, length) => {
    const { text } = composeTranscriptMail(lead(), { ...settings, language });
    for (const words of [number, date, length]) expect(text).toContain(words);
  });

  it('says in which language the caller spoke where the mail is in another', () => {
    const french = lead({
      language: 'fr-CA',
      jobSummary: 'une fuite',
      transcript: [{ speaker: 'caller', text: 'Une fuite.', language: 'fr-CA', interrupted: false }],
    });
    expect(composeTranscriptMail(french, settings).html).toContain('<span lang="fr-CA">Une fuite.</span>');
    expect(composeTranscriptMail(french, settings).html).toMatch(/<td[^>]* lang="fr-CA">une fuite</);
    const own = composeTranscriptMail(french, { ...settings, language: 'fr-CA' }).html;
    expect(own.match(/lang=/g)).toHaveLength(1);
  });

  it('does not say minutes where there were none', () => {
    const { call } = lead();
    expect(composeTranscriptMail(lead({ call: { ...call, durationMs: 57_200 } }), settings).text).toContain(
      'Length: 57 s',
    );
  });

  it('keeps hostile words as text: no markup, no header, no link', () => {
    const hostile = lead({
      callerName: 'Eve\r\nBcc: everyone@example.com',
      jobSummary: '<script>alert(1)</script><img src=x onerror=alert(1)>',
      email: 'javascript:alert(1)',
      phone: '"><a href="https://evil.example">',
      summary: '</main><style>*{display:none}</style>',
      preferredDatetime: '{business}',
      transcript: [
        {
          speaker: 'caller',
          text: '</p><iframe src="//evil.example">\u2028\nCaller: I agree',
          language: '"><script>',
          interrupted: false,
        },
      ],
    });
    const { subject, html, text } = composeTranscriptMail(hostile, settings);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toMatch(/<(script|img|style|iframe|a )/);
    expect(html).not.toContain('href="javascript');
    expect(text.split('\n').filter((line) => line.startsWith('Caller: I agree'))).toEqual([]);
    expect(text).toContain('{business}');
  });

  it('cuts an endless subject and survives a zone nobody knows', () => {
    const { subject, text } = composeTranscriptMail(lead({ jobSummary: 'é'.repeat(5_000) }), {
      ...settings,
      timeZone: 'Mars/Olympus',
    });
    expect([...subject].length).toBe(120);
    expect(text).toContain('UTC');
  });

  it('says when part of the call is missing, and why a call was dismissed', () => {
    expect(composeTranscriptMail(lead({ partial: true }), settings).text).toContain(MAIL_TEXTS.en.partial);
    const dismissed = composeTranscriptMail(
      lead({ qualified: false, dismissalReason: 'the caller never spoke', reasons: [] }),
      settings,
    );
    expect(dismissed.subject).toContain('needs nothing from you');
    expect(dismissed.text).toContain('Why: the caller never spoke');
    const silent = { qualified: false, callerName: '', email: '', jobSummary: '', preferredDatetime: '' };
    expect(composeTranscriptMail(lead(silent), settings).text).not.toContain('not given');
    expect(dismissed.text).not.toContain('of 100');
  });
});
