/** What we say to a caller ourselves, when no assistant does. */
export type Occasion = 'unknown_number' | 'number_inactive' | 'no_capacity' | 'connection_lost';

export interface SpokenMessage {
  readonly text: string;
  /** The language it is written in, BCP-47. */
  readonly language: string;
}

/** What is known of the business that was called. */
export interface Listener {
  /** The tenant's languages, its default first; none when the tenant is not known. */
  readonly languages: readonly string[];
  readonly businessName: string;
}

type Wording = (businessName: string) => string;

const EN: Readonly<Record<Occasion, Wording>> = {
  unknown_number: () =>
    'Sorry, the number you have called is not in service here. Please check the number and call again. Goodbye.',
  number_inactive: (name) =>
    `Thank you for calling${name && ` ${name}`}. This line is not taking calls at the moment. Please try again later. Goodbye.`,
  no_capacity: (name) =>
    `Thank you for calling${name && ` ${name}`}. All our lines are busy at the moment. Please call again in a few minutes. Goodbye.`,
  connection_lost: () => 'We are sorry, the connection was lost on our side. Please call again. Goodbye.',
};

const FR: Readonly<Record<Occasion, Wording>> = {
  unknown_number: () =>
    'Désolé, le numéro que vous avez composé n’est pas en service ici. Veuillez vérifier le numéro et rappeler. Au revoir.',
  number_inactive: (name) =>
    `Merci d’avoir appelé${name && ` ${name}`}. Cette ligne ne prend pas d’appels pour le moment. Veuillez réessayer plus tard. Au revoir.`,
  no_capacity: (name) =>
    `Merci d’avoir appelé${name && ` ${name}`}. Toutes nos lignes sont occupées en ce moment. Veuillez rappeler dans quelques minutes. Au revoir.`,
  connection_lost: () =>
    'Nous sommes désolés, la communication a été coupée de notre côté. Veuillez rappeler. Au revoir.',
};

const ES: Readonly<Record<Occasion, Wording>> = {
  unknown_number: () =>
    'Lo sentimos, el número que ha marcado no está en servicio aquí. Compruebe el número y vuelva a llamar. Adiós.',
  number_inactive: (name) =>
    `Gracias por llamar${name && ` a ${name}`}. Esta línea no atiende llamadas en este momento. Inténtelo más tarde. Adiós.`,
  no_capacity: (name) =>
    `Gracias por llamar${name && ` a ${name}`}. Todas nuestras líneas están ocupadas en este momento. Vuelva a llamar en unos minutos. Adiós.`,
  connection_lost: () =>
    'Lo sentimos, la comunicación se cortó por nuestra parte. Vuelva a llamar, por favor. Adiós.',
};

const TL: Readonly<Record<Occasion, Wording>> = {
  unknown_number: () =>
    'Paumanhin po, wala po rito ang numerong tinawagan ninyo. Pakisuri po ang numero at tumawag ulit. Paalam po.',
  number_inactive: (name) =>
    `Salamat po sa pagtawag${name && ` sa ${name}`}. Hindi po tumatanggap ng tawag ang linyang ito ngayon. Pakisubukan po ulit mamaya. Paalam po.`,
  no_capacity: (name) =>
    `Salamat po sa pagtawag${name && ` sa ${name}`}. Abala po ang lahat ng linya namin ngayon. Pakitawag po ulit makalipas ang ilang minuto. Paalam po.`,
  connection_lost: () =>
    'Paumanhin po, naputol po ang koneksyon sa panig namin. Pakitawag po ulit. Paalam po.',
};

const WORDINGS: Readonly<Record<string, Readonly<Record<Occasion, Wording>>>> = {
  en: EN,
  fr: FR,
  es: ES,
  tl: TL,
  fil: TL,
};

/** Whoever called a bilingual business hears both languages; more would only keep the caller waiting. */
const MOST_LANGUAGES = 2;

const primaryOf = (language: string): string => language.toLowerCase().split('-')[0] ?? '';

/** The message in the tenant's languages, as far as we have words in them; in English when we have none. */
export const messagesFor = (
  occasion: Occasion,
  { languages, businessName }: Listener,
): readonly SpokenMessage[] => {
  const spoken = new Map<string, SpokenMessage>();
  for (const language of languages) {
    const wording = WORDINGS[primaryOf(language)]?.[occasion];
    if (wording && !spoken.has(primaryOf(language))) {
      spoken.set(primaryOf(language), { text: wording(businessName), language });
    }
  }
  const messages = [...spoken.values()].slice(0, MOST_LANGUAGES);
  return messages.length > 0 ? messages : [{ text: EN[occasion](businessName), language: 'en' }];
};
