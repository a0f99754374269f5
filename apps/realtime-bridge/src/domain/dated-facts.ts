/** A fact that is true for a while. Ends are local to the business: a day, or a minute; '' where there is none. */
export interface DatedFact {
  readonly text: string;
  /** "2026-12-24" or "2026-12-24T12:00" */
  readonly validFrom: string;
  /** The last day, or the minute from which on it is no longer true. */
  readonly validUntil: string;
}

const DAY_CHARACTERS = 'yyyy-mm-dd'.length;
const END = /^(?:\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?)?$/;

/** A zone that nobody knows is read as UTC: a call is not lost over it. */
const knownZone = (timeZone: string): string => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
};

/**
 * The wall clock of a time zone, "2026-12-24T12:00".
 * @param timeZone IANA
 */
export const localTime = (at: Date, timeZone: string): string =>
  // Swedish writes dates as ISO 8601 does.
  new Intl.DateTimeFormat('sv-SE', { timeZone: knownZone(timeZone), dateStyle: 'short', timeStyle: 'short' })
    .format(at)
    .replace(' ', 'T');

/** The same for a model, which has to know what "tomorrow" is: "Thursday, 2026-12-24, 12:00, in America/Toronto". */
export const momentOf = (at: Date, timeZone: string): string => {
  const zone = knownZone(timeZone);
  const weekday = new Intl.DateTimeFormat('en', { timeZone: zone, weekday: 'long' }).format(at);
  return `${weekday}, ${localTime(at, zone).replace('T', ', ')}, in ${zone}`;
};

/** Whether a fact is true at a moment of the local wall clock; one whose ends cannot be read is not said at all. */
const isTrueAt = ({ validFrom, validUntil }: DatedFact, now: string): boolean => {
  if (!END.test(validFrom) || !END.test(validUntil)) return false;
  const hasBegun = validFrom <= now;
  const isDay = validUntil.length === DAY_CHARACTERS;
  const isOver = validUntil !== '' && (isDay ? validUntil < now.slice(0, DAY_CHARACTERS) : validUntil <= now);
  return hasBegun && !isOver;
};

/** A caller asks today about tomorrow, so the model has to know when a fact ends. */
const withItsEnd = ({ text, validUntil }: DatedFact): string =>
  validUntil === '' ? text : `${text.trim().replace(/\.$/, '')} (until ${validUntil.replace('T', ', ')}).`;

/** What is true at the time of a call, in the time zone of the business. */
export const factsTrueAt = (facts: readonly DatedFact[], at: Date, timeZone: string): readonly string[] => {
  const now = localTime(at, timeZone);
  return facts.filter((fact) => isTrueAt(fact, now)).map(withItsEnd);
};
