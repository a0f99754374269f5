/** Reads names, numbers, addresses and times out of what was said, in English, French, Spanish and Tagalog. */

const DIGIT_WORDS: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  o: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  zéro: '0',
  un: '1',
  une: '1',
  deux: '2',
  trois: '3',
  quatre: '4',
  cinq: '5',
  sept: '7',
  huit: '8',
  neuf: '9',
  cero: '0',
  uno: '1',
  dos: '2',
  tres: '3',
  cuatro: '4',
  cinco: '5',
  seis: '6',
  siete: '7',
  ocho: '8',
  nueve: '9',
  sero: '0',
  isa: '1',
  dalawa: '2',
  tatlo: '3',
  apat: '4',
  lima: '5',
  anim: '6',
  pito: '7',
  walo: '8',
  siyam: '9',
};

/** "six one three, five five five" -> "613555"; other words break a run. */
const digitRuns = (text: string): string[] => {
  const runs: string[] = [];
  let run = '';
  for (const token of text.toLowerCase().split(/[\s,;.()\-–/]+/u)) {
    const digits = /^\+?\d+$/.test(token) ? token : DIGIT_WORDS[token];
    if (digits !== undefined) run += digits;
    else if (token !== '') {
      if (run !== '') runs.push(run);
      run = '';
    }
  }
  return run === '' ? runs : [...runs, run];
};

/** The last number that is long enough to be dialled: a caller who corrects a number says the right one last. */
export const spokenNumber = (texts: readonly string[]): string | undefined =>
  texts
    .flatMap(digitRuns)
    .filter((run) => /^\+?\d{7,15}$/.test(run))
    .at(-1);

const AT = /\s+(?:at|arobase|arobas|arroba)\s+/giu;
const DOT = /\s*(?:\s(?:dot|point|punto|tuldok)\s)\s*/giu;
const UNDERSCORE = /\s+(?:underscore|tiret bas|guion bajo|guión bajo)\s+/giu;
const WRITTEN_EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/gu;
/** "m a r i e" or "m-a-r-i-e": letters that were spelled. */
const SPELLED = /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}][\s-]+){2,}[\p{L}\p{N}](?![\p{L}\p{N}])/gu;

export const spokenEmail = (texts: readonly string[]): string | undefined =>
  texts
    .flatMap((text) => {
      const joined = text.replace(SPELLED, (letters) => letters.replace(/[\s-]+/g, ''));
      const written = joined.replace(AT, '@').replace(DOT, '.').replace(UNDERSCORE, '_');
      return [...written.matchAll(WRITTEN_EMAIL)].map((match) => match[0].toLowerCase());
    })
    .at(-1);

/** After these a name follows, written however. */
const NAME_FOLLOWS =
  /(?<!\p{L})(?:my name is|my name's|the name is|je m'appelle|mon nom est|mon nom c'est|me llamo|mi nombre es|ang pangalan ko ay|pangalan ko ay|ang pangalan ko po ay|pangalan ko po ay|ako po si|ako si|si)\s+/giu;
/** After these only what is written like a name is one: "I'm Marie", but not "I'm looking for". */
const NAME_MAY_FOLLOW =
  /(?<!\p{L})(?:this is|i am|i'm|it's|ici|c'est|soy|habla|le habla|ito po si|ito si)\s+/giu;

const NAME_WORD = /^\p{Lu}[\p{L}'’.-]*$/u;
const PARTICLE = /^(?:de|del|dela|delos|la|van|von|du|des|der|le|da|dos|san)$/iu;
const NOT_A_NAME = new Set([
  'and',
  'calling',
  'from',
  'at',
  'my',
  'i',
  'et',
  'je',
  'mon',
  'au',
  'y',
  'mi',
  'de',
  'del',
  'at',
  'po',
  'ang',
  'the',
  'here',
  'with',
  'speaking',
]);

const wordsOfName = (rest: string, accepts: (word: string, index: number) => boolean): string | undefined => {
  const sentence = rest.split(/[,;.!?\n](?:\s|$)/u)[0] ?? '';
  const words: string[] = [];
  for (const word of sentence.split(/\s+/u).slice(0, 5)) {
    const bare = word.replace(/[^\p{L}\p{N}'’.-]/gu, '');
    if (bare === '' || !(accepts(bare, words.length) || (words.length > 0 && PARTICLE.test(bare)))) break;
    words.push(bare);
  }
  while (words.length > 0 && PARTICLE.test(words.at(-1) ?? '')) words.pop();
  return words.length === 0 ? undefined : words.join(' ');
};

const titled = (name: string): string => name.replace(/(?<!\p{L})\p{Ll}/gu, (letter) => letter.toUpperCase());

const namesAfter = (
  text: string,
  opening: RegExp,
  accepts: (word: string, index: number) => boolean,
): string[] =>
  [...text.matchAll(opening)].flatMap(
    (match) => wordsOfName(text.slice(match.index + match[0].length), accepts) ?? [],
  );

/** The last name the caller gave. */
export const spokenName = (texts: readonly string[]): string | undefined =>
  texts
    .map((text) => text.replaceAll('’', "'"))
    .flatMap((text) => [
      ...namesAfter(text, NAME_MAY_FOLLOW, (word) => NAME_WORD.test(word)),
      ...namesAfter(
        text,
        NAME_FOLLOWS,
        (word, index) => index < 4 && /^\p{L}/u.test(word) && !NOT_A_NAME.has(word.toLowerCase()),
      ).map(titled),
    ])
    .at(-1);

const TIME =
  /(?<!\p{L})(?:(?:next|this|ce|cette|la|el|este|esta|ngayong|sa)\s+)?(?:tomorrow|today|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|next week|demain|aujourd'hui|ce soir|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine prochaine|mañana|hoy|esta noche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|próxima semana|bukas|mamaya|mamayang gabi|lunes|martes|miyerkules|huwebes|biyernes|sabado|linggo|susunod na linggo)(?!\p{L})[^,;.!?\n]*/giu;

/** When it suits, in the caller's words. */
export const spokenTime = (texts: readonly string[]): string | undefined =>
  texts
    .map((text) => text.replaceAll('’', "'"))
    .flatMap((text) => [...text.matchAll(TIME)].map((match) => match[0].trim()))
    .at(-1);
