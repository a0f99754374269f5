import { baseLanguage } from './languages.js';

/** The small words on which taking turns depends. Phrases of several words stand as one. */
export interface TurnWords {
  /** Said while listening: they ask for nothing. */
  readonly backChannels: readonly string[];
  /** Short, and meant to stop us, also where we have just said the same word. */
  readonly objections: readonly string[];
  /** What is dictated in pieces. */
  readonly numbers: readonly string[];
  readonly mailAddresses: readonly string[];
  /** What makes a sentence a request where it is no question. */
  readonly requests: readonly string[];
  /** What makes a question one that is answered by yes or no. */
  readonly confirmations: readonly string[];
  /** "@" and the other marks of an address, as they are spoken. */
  readonly at: readonly string[];
  readonly marks: readonly string[];
  /** From zero to nine. */
  readonly digits: readonly string[];
}

const list = (text: string): readonly string[] => text.split('|').map((phrase) => wordsOf(phrase).join(' '));

const BRACKETED = /\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|<[^>]*>/gu;

/** The words of an utterance, in small letters and without accents. What a transcriber puts in brackets is no word. */
export const wordsOf = (text: string): string[] =>
  text
    .replace(BRACKETED, ' ')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}@]+/gu) ?? [];

const ENGLISH: TurnWords = {
  backChannels: list(`mm-hm | mhm | m-hm | mm | mmm | hm | hmm | uh-huh | uh | um | ah | oh | okay | ok |
    right | yeah | yep | yup | yes | sure | i see | got it | all right | alright | great | good | fine |
    perfect | of course`),
  objections: list(`stop | no | nope | wait | wait a minute | hold on | hang on | sorry | pardon |
    excuse me | what | hello | one moment`),
  numbers: list('number | phone | telephone | mobile | cell | digits'),
  mailAddresses: list('e-mail | email | mail address | spell'),
  requests: list('please | could you | can you | may i | tell me | give me | let me have | spell'),
  confirmations: list('right | correct | is that | is this | did i | do you have'),
  at: list('at'),
  marks: list('dot | dash | hyphen | underscore'),
  digits: list('zero | one | two | three | four | five | six | seven | eight | nine'),
};

const BY_LANGUAGE: Readonly<Record<string, TurnWords>> = {
  en: ENGLISH,
  fr: {
    backChannels: list(`hum-hum | hum | mhm | mm | mmm | hm | hmm | euh | ah | oh | d'accord | ok | okay |
      oui | ouais | bien | tres bien | bon | parfait | entendu | exact | exactement | je vois | c'est ca |
      voila | bien sur`),
    objections: list(`stop | non | attendez | attends | arretez | pardon | excusez-moi | desole | quoi |
      comment | allo | un instant | une minute | un moment`),
    numbers: list('numero | telephone | cellulaire | portable | chiffres'),
    mailAddresses: list('courriel | e-mail | email | mail | adresse electronique | epeler | epelez'),
    requests: list('s il vous plait | pouvez vous | pourriez vous | puis je | donnez | dites | epelez'),
    confirmations: list("exact | exacte | correct | c'est bien | c'est bon | est-ce bien | n est-ce pas"),
    at: list('arobase | a commercial'),
    marks: list('point | tiret | trait d union | souligne'),
    digits: list('zero | un | deux | trois | quatre | cinq | six | sept | huit | neuf'),
  },
  es: {
    backChannels: list(`aja | mhm | mm | mmm | hm | hmm | ah | eh | oh | si | vale | claro | claro que si |
      ok | okay | bueno | ya | bien | muy bien | de acuerdo | entiendo | perfecto | exacto | por supuesto`),
    objections: list(`alto | pare | no | espere | espera | perdon | disculpe | oiga | que | como | hola |
      un momento | un segundo`),
    numbers: list('numero | telefono | celular | movil | digitos'),
    mailAddresses: list('correo | e-mail | email | deletrear | deletrea | deletreeme'),
    requests: list('por favor | puede | podria | digame | deme | me da | me dice | deletreeme'),
    confirmations: list('correcto | correcta | es asi | esta bien | verdad'),
    at: list('arroba'),
    marks: list('punto | guion | guion bajo'),
    digits: list('cero | uno | dos | tres | cuatro | cinco | seis | siete | ocho | nueve'),
  },
  tl: {
    backChannels: list(`mhm | mm | mmm | hm | hmm | ah | oh | opo | oo | oho | sige | po | nga | okay | ok |
      yes | yeah | tama | ganun ba | ganon ba | syempre | siyempre`),
    objections: list(`hindi | hindi po | huwag | teka | teka lang | teka lang po | sandali | sandali lang |
      sandali lang po | hinto | mali | ano | ano po | hello | pasensya | stop | wait`),
    numbers: list('numero | number | telepono | cellphone | phone'),
    mailAddresses: list('e-mail | email | baybayin | i-spell | ispell'),
    requests: list('paki | pakisabi | pakibigay | puwede | pwede | maaari | sabihin | ibigay'),
    confirmations: list('tama | tama ba | tama po ba | hindi ba | di ba'),
    at: list('at'),
    marks: list('dot | tuldok | dash | gitling | underscore'),
    digits: list(`zero | one | two | three | four | five | six | seven | eight | nine`),
  },
};

export const turnWordsIn = (language: string): TurnWords => {
  const base = baseLanguage(language);
  return BY_LANGUAGE[base === 'fil' ? 'tl' : base] ?? ENGLISH;
};

/** Whether the words are nothing but phrases of the list, one after the other. */
export const consistsOf = (words: readonly string[], phrases: readonly string[]): boolean =>
  words.length === 0 ||
  phrases.some((phrase) => {
    const parts = phrase.split(' ');
    return parts.every((part, i) => part === words[i]) && consistsOf(words.slice(parts.length), phrases);
  });

/** Whether one of the phrases stands among the words. */
export const holds = (words: readonly string[], phrases: readonly string[]): boolean => {
  const text = ` ${words.join(' ')} `;
  return phrases.some((phrase) => text.includes(` ${phrase} `));
};

export const endsIn = (words: readonly string[], phrases: readonly string[]): boolean => {
  const text = ` ${words.join(' ')}`;
  return phrases.some((phrase) => text.endsWith(` ${phrase}`));
};

/** The last sentence of a text, with its mark. */
export const lastSentence = (text: string): string =>
  text
    .trim()
    .split(/(?<=[.!?…])\s+/u)
    .at(-1) ?? '';

export const endsInQuestion = (text: string): boolean => /\?["'”»)\s]*$/u.test(text);
