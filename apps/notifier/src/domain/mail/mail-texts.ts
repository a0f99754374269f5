export const MAIL_LANGUAGES = ['en', 'fr-CA', 'es', 'tl'] as const;
export type MailLanguage = (typeof MAIL_LANGUAGES)[number];

/** All words of a mail. `{...}` is filled in. */
export interface MailTexts {
  /** What stands between a label and its value; French has a space that does not break before it. */
  readonly colon: string;
  readonly newLead: string;
  readonly newLeadAbout: string;
  readonly dismissedCall: string;
  readonly unknownCaller: string;
  readonly intro: string;
  readonly dismissedIntro: string;
  readonly caller: string;
  readonly number: string;
  readonly email: string;
  readonly job: string;
  readonly preferredTime: string;
  readonly score: string;
  readonly scoreOf: string;
  readonly why: string;
  readonly calledAt: string;
  readonly duration: string;
  readonly durationOf: string;
  readonly secondsOf: string;
  readonly numberDialled: string;
  readonly summary: string;
  readonly transcript: string;
  readonly speakerCaller: string;
  readonly speakerAssistant: string;
  readonly interrupted: string;
  readonly notGiven: string;
  readonly withheld: string;
  readonly noTranscript: string;
  readonly partial: string;
  readonly footer: string;
}

export const MAIL_TEXTS: Readonly<Record<MailLanguage, MailTexts>> = {
  en: {
    colon: ':',
    newLead: 'New call from {caller}',
    newLeadAbout: 'New call from {caller}: {job}',
    dismissedCall: 'A call that needs nothing from you: {caller}',
    unknownCaller: 'an unknown caller',
    intro: 'Your receptionist took a call for {business}.',
    dismissedIntro: 'Your receptionist took a call for {business}. It looked like nobody needs to call back.',
    caller: 'Caller',
    number: 'Number',
    email: 'E-mail',
    job: 'Job',
    preferredTime: 'Preferred time',
    score: 'Score',
    scoreOf: '{score} of 100',
    why: 'Why',
    calledAt: 'Called at',
    duration: 'Length',
    durationOf: '{minutes} min {seconds} s',
    secondsOf: '{seconds} s',
    numberDialled: 'Number dialled',
    summary: 'Summary',
    transcript: 'What was said',
    speakerCaller: 'Caller',
    speakerAssistant: 'Receptionist',
    interrupted: '(interrupted)',
    notGiven: 'not given',
    withheld: 'withheld',
    noTranscript: 'Nothing was said.',
    partial: 'Part of this call is missing: the connection broke before all of it was written down.',
    footer:
      'You receive this because your address is among the alert recipients of {business}. Change that in the alert settings.',
  },
  'fr-CA': {
    colon: '\u00a0:',
    newLead: 'Nouvel appel de {caller}',
    newLeadAbout: 'Nouvel appel de {caller}\u00a0: {job}',
    dismissedCall: 'Un appel qui ne demande aucune suite\u00a0: {caller}',
    unknownCaller: 'un appelant inconnu',
    intro: 'Votre réceptionniste a pris un appel pour {business}.',
    dismissedIntro:
      'Votre réceptionniste a pris un appel pour {business}. Il semble que personne n’attende de rappel.',
    caller: 'Appelant',
    number: 'Numéro',
    email: 'Courriel',
    job: 'Travaux demandés',
    preferredTime: 'Moment souhaité',
    score: 'Cote',
    scoreOf: '{score} sur 100',
    why: 'Pourquoi',
    calledAt: 'Heure de l’appel',
    duration: 'Durée',
    durationOf: '{minutes} min {seconds} s',
    secondsOf: '{seconds} s',
    numberDialled: 'Numéro composé',
    summary: 'Résumé',
    transcript: 'Ce qui a été dit',
    speakerCaller: 'Appelant',
    speakerAssistant: 'Réceptionniste',
    interrupted: '(interrompu)',
    notGiven: 'non précisé',
    withheld: 'masqué',
    noTranscript: 'Rien n’a été dit.',
    partial: 'Une partie de cet appel manque\u00a0: la connexion a été coupée avant que tout soit transcrit.',
    footer:
      'Vous recevez ce message parce que votre adresse figure parmi les destinataires des alertes de {business}. Vous pouvez changer cela dans les paramètres d’alerte.',
  },
  es: {
    colon: ':',
    newLead: 'Nueva llamada de {caller}',
    newLeadAbout: 'Nueva llamada de {caller}: {job}',
    dismissedCall: 'Una llamada que no requiere nada de usted: {caller}',
    unknownCaller: 'una persona desconocida',
    intro: 'Su recepcionista atendió una llamada para {business}.',
    dismissedIntro:
      'Su recepcionista atendió una llamada para {business}. Parece que nadie espera que le devuelvan la llamada.',
    caller: 'Quién llamó',
    number: 'Número',
    email: 'Correo electrónico',
    job: 'Trabajo',
    preferredTime: 'Hora preferida',
    score: 'Puntuación',
    scoreOf: '{score} de 100',
    why: 'Por qué',
    calledAt: 'Hora de la llamada',
    duration: 'Duración',
    durationOf: '{minutes} min {seconds} s',
    secondsOf: '{seconds} s',
    numberDialled: 'Número marcado',
    summary: 'Resumen',
    transcript: 'Lo que se dijo',
    speakerCaller: 'Persona que llama',
    speakerAssistant: 'Recepcionista',
    interrupted: '(interrumpido)',
    notGiven: 'no indicado',
    withheld: 'oculto',
    noTranscript: 'No se dijo nada.',
    partial: 'Falta una parte de esta llamada: la conexión se cortó antes de que todo quedara escrito.',
    footer:
      'Recibe este mensaje porque su dirección está entre los destinatarios de alertas de {business}. Puede cambiarlo en la configuración de alertas.',
  },
  tl: {
    colon: ':',
    newLead: 'Bagong tawag mula kay {caller}',
    newLeadAbout: 'Bagong tawag mula kay {caller}: {job}',
    dismissedCall: 'Isang tawag na walang kailangan sa inyo: {caller}',
    unknownCaller: 'hindi kilalang tumawag',
    intro: 'May sinagot na tawag ang inyong receptionist para sa {business}.',
    dismissedIntro:
      'May sinagot na tawag ang inyong receptionist para sa {business}. Mukhang walang kailangang tawagan pabalik.',
    caller: 'Tumawag',
    number: 'Numero',
    email: 'E-mail address',
    job: 'Trabaho',
    preferredTime: 'Gustong oras',
    score: 'Puntos',
    scoreOf: '{score} sa 100',
    why: 'Bakit',
    calledAt: 'Oras ng tawag',
    duration: 'Tagal',
    durationOf: '{minutes} min {seconds} seg',
    secondsOf: '{seconds} seg',
    numberDialled: 'Numerong tinawagan',
    summary: 'Buod',
    transcript: 'Ano ang napag-usapan',
    speakerCaller: 'Tumawag',
    speakerAssistant: 'Receptionist',
    interrupted: '(naputol)',
    notGiven: 'hindi ibinigay',
    withheld: 'nakatago',
    noTranscript: 'Walang nasabi.',
    partial: 'May kulang sa tawag na ito: naputol ang koneksyon bago naisulat ang lahat.',
    footer:
      'Natanggap ninyo ito dahil kasama ang inyong address sa mga tatanggap ng alerto ng {business}. Mababago ito sa mga setting ng alerto.',
  },
};

/** The language of a tenant's mails for a BCP-47 tag; English where there is no translation. */
export const mailLanguage = (tag: string): MailLanguage => {
  const primary = tag.toLowerCase().split('-')[0];
  if (primary === 'fr') return 'fr-CA';
  if (primary === 'es') return 'es';
  return primary === 'tl' || primary === 'fil' ? 'tl' : 'en';
};

/** Puts the values into the text; a value is never read as a text itself, whatever braces a caller says. */
export const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
