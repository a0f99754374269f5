import type { LeadContent } from './parcel.js';

/** Shorter words are in too many others to be taken out of a text. */
const LEAST_LENGTH = 3;
const KEPT_LENGTH = 500;

/** As it stands in plain text, and as a remote repeats it in JSON. */
const forms = (value: string): readonly string[] => [value, JSON.stringify(value).slice(1, -1)];

/**
 * A remote's answer without what we sent it: many repeat the request, and some name the value that they refuse.
 * What is left is kept with the attempt, so it is cut short too.
 */
export const withoutContent = (answer: string, content: LeadContent): string => {
  const sent = [
    content.summary,
    content.jobSummary,
    content.preferredDatetime,
    content.email,
    content.phone,
    content.callerName,
    ...content.callerName.split(/\s+/),
    ...content.transcript.map(({ text }) => text),
    content.call.fromNumber,
  ];
  const taken = sent
    .filter((value) => value.trim().length >= LEAST_LENGTH)
    .flatMap(forms)
    .sort((a, b) => b.length - a.length)
    .reduce((text, value) => text.replaceAll(value, '[…]'), answer);
  return taken.slice(0, KEPT_LENGTH);
};
