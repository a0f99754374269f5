import { baseLanguage } from './languages.js';

/** What is said in fixed words. Every greeting says that a machine answers, before anything else that a caller may cut off. */
interface Phrases {
  readonly greeting: (business: string) => string;
  /** When another bridge goes on with a conversation; what follows it is asked of the model. */
  readonly cutOff: string;
  readonly stillThere: string;
  readonly silentGoodbye: string;
  /** While the model works on what its tools have told it. */
  readonly filler: string;
  /** While the model may not be asked. */
  readonly busy: string;
  /** When the call is given up because of the model; short, since whoever hears it has waited already. */
  readonly apology: string;
  /** Instead of a conversation, when no bridge has room. */
  readonly allLinesBusy: (business: string) => string;
}

/** The phrases that are made into sound before anybody calls, the most urgent first. */
export const PHRASE_NAMES = [
  'greeting',
  'apology',
  'busy',
  'filler',
  'stillThere',
  'silentGoodbye',
  'cutOff',
  'allLinesBusy',
] as const satisfies readonly (keyof Phrases)[];

export type PhraseName = (typeof PHRASE_NAMES)[number];

const ENGLISH: Phrases = {
  greeting: (business) => `Hello, this is the AI assistant of ${business}. How can I help you?`,
  cutOff: 'Sorry, we were cut off for a moment.',
  stillThere: 'Are you still there?',
  silentGoodbye: 'I cannot hear you, so I will hang up now. Please call again any time, good-bye.',
  filler: 'One moment, please.',
  busy: 'I am sorry, I need a moment longer. Please bear with me.',
  apology: 'I am sorry, please call again in a moment. Good-bye.',
  allLinesBusy: (business) =>
    `Thank you for calling ${business}. All our lines are busy at the moment. Please call again in a few minutes. Good-bye.`,
};

const BY_LANGUAGE: Readonly<Record<string, Phrases>> = {
  en: ENGLISH,
  fr: {
    greeting: (business) => `Bonjour, ici l'assistante IA de ${business}. Comment puis-je vous aider?`,
    cutOff: 'Désolée, nous avons été coupés un instant.',
    stillThere: 'Êtes-vous toujours là?',
    silentGoodbye:
      'Je ne vous entends pas, je vais donc raccrocher. Rappelez-nous quand vous voulez, au revoir.',
    filler: "Un instant, s'il vous plaît.",
    busy: 'Désolée, il me faut encore un petit moment. Merci de patienter.',
    apology: 'Désolée, veuillez rappeler dans un instant. Au revoir.',
    allLinesBusy: (business) =>
      `Merci d'avoir appelé ${business}. Toutes nos lignes sont occupées en ce moment. Veuillez rappeler dans quelques minutes. Au revoir.`,
  },
  es: {
    greeting: (business) =>
      `Hola, soy la asistente de inteligencia artificial de ${business}. ¿En qué puedo ayudarle?`,
    cutOff: 'Disculpe, se nos cortó la llamada un momento.',
    stillThere: '¿Sigue ahí?',
    silentGoodbye: 'No le oigo, así que voy a colgar. Llámenos cuando quiera, adiós.',
    filler: 'Un momento, por favor.',
    busy: 'Lo siento, necesito un momento más. Gracias por su paciencia.',
    apology: 'Lo siento, vuelva a llamar en un momento. Adiós.',
    allLinesBusy: (business) =>
      `Gracias por llamar a ${business}. Todas nuestras líneas están ocupadas en este momento. Vuelva a llamar en unos minutos. Adiós.`,
  },
  tl: {
    greeting: (business) => `Kumusta po, ito ang AI assistant ng ${business}. Ano po ang maitutulong ko?`,
    cutOff: 'Pasensya na po, naputol po tayo sandali.',
    stillThere: 'Nandiyan pa po ba kayo?',
    silentGoodbye: 'Hindi ko po kayo marinig, kaya ibababa ko na ang tawag. Tumawag po ulit kayo, paalam.',
    filler: 'Sandali lang po.',
    busy: 'Pasensya na po, kailangan ko pa ng kaunting sandali. Pakihintay po.',
    apology: 'Pasensya na po, pakitawag po ulit mamaya. Paalam.',
    allLinesBusy: (business) =>
      `Salamat po sa pagtawag sa ${business}. Abala po ang lahat ng linya namin ngayon. Pakitawag po ulit makalipas ang ilang minuto. Paalam po.`,
  },
};

export const phrasesIn = (language: string): Phrases => {
  const base = baseLanguage(language);
  return BY_LANGUAGE[base === 'fil' ? 'tl' : base] ?? ENGLISH;
};
