import { baseLanguage } from './languages.js';

/** What is said in fixed words. Every greeting says that a machine answers, before anything else that a caller may cut off. */
interface Phrases {
  readonly greeting: (business: string) => string;
  /** When another bridge goes on with a conversation; what follows it is asked of the model. */
  readonly cutOff: string;
  readonly stillThere: string;
  readonly silentGoodbye: string;
}

const ENGLISH: Phrases = {
  greeting: (business) => `Hello, this is the AI assistant of ${business}. How can I help you?`,
  cutOff: 'Sorry, we were cut off for a moment.',
  stillThere: 'Are you still there?',
  silentGoodbye: 'I cannot hear you, so I will hang up now. Please call again any time. Good-bye.',
};

const BY_LANGUAGE: Readonly<Record<string, Phrases>> = {
  en: ENGLISH,
  fr: {
    greeting: (business) => `Bonjour, ici l'assistante IA de ${business}. Comment puis-je vous aider?`,
    cutOff: 'Désolée, nous avons été coupés un instant.',
    stillThere: 'Êtes-vous toujours là?',
    silentGoodbye:
      'Je ne vous entends pas, je vais donc raccrocher. Rappelez-nous quand vous voulez. Au revoir.',
  },
  es: {
    greeting: (business) =>
      `Hola, soy la asistente de inteligencia artificial de ${business}. ¿En qué puedo ayudarle?`,
    cutOff: 'Disculpe, se nos cortó la llamada un momento.',
    stillThere: '¿Sigue ahí?',
    silentGoodbye: 'No le oigo, así que voy a colgar. Llámenos cuando quiera. Adiós.',
  },
  tl: {
    greeting: (business) => `Kumusta po, ito ang AI assistant ng ${business}. Ano po ang maitutulong ko?`,
    cutOff: 'Pasensya na po, naputol po tayo sandali.',
    stillThere: 'Nandiyan pa po ba kayo?',
    silentGoodbye: 'Hindi ko po kayo marinig, kaya ibababa ko na ang tawag. Tumawag po ulit kayo. Paalam.',
  },
};

export const phrasesIn = (language: string): Phrases => {
  const base = baseLanguage(language);
  return BY_LANGUAGE[base === 'fil' ? 'tl' : base] ?? ENGLISH;
};
