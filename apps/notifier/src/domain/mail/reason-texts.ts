import type { MailLanguage } from './mail-texts.js';

type Texts = Readonly<Record<MailLanguage, Readonly<Record<string, string>>>>;

/** What moved a lead's score, by the stable words of LeadQualified. */
export const REASON_TEXTS: Texts = {
  en: {
    callback_number_given: 'left a call-back number',
    callback_number_unclear: 'left a call-back number that could not be checked',
    callback_number_confirmed: 'confirmed the number when it was read back',
    caller_id_shown: 'called from a number that can be called back',
    name_given: 'gave a name',
    email_given: 'left an e-mail address',
    job_described: 'described the job',
    preferred_time_given: 'said when it suits',
    urgent: 'said that it is urgent',
    new_work: 'asked for new work',
    existing_work: 'called about work in hand',
    question_asked: 'asked a question',
    transcript_unavailable: 'spoke, but no transcript is there',
    transcript_incomplete: 'part of the conversation is missing',
  },
  'fr-CA': {
    callback_number_given: 'a laissé un numéro de rappel',
    callback_number_unclear: 'a laissé un numéro de rappel qui n’a pu être vérifié',
    callback_number_confirmed: 'a confirmé le numéro quand on l’a relu',
    caller_id_shown: 'a appelé d’un numéro qu’on peut rappeler',
    name_given: 'a donné son nom',
    email_given: 'a laissé une adresse courriel',
    job_described: 'a décrit les travaux',
    preferred_time_given: 'a dit quel moment convient',
    urgent: 'a dit que c’est urgent',
    new_work: 'demande de nouveaux travaux',
    existing_work: 'appelle au sujet de travaux en cours',
    question_asked: 'a posé une question',
    transcript_unavailable: 'a parlé, mais il n’y a pas de transcription',
    transcript_incomplete: 'une partie de la conversation manque',
  },
  es: {
    callback_number_given: 'dejó un número para devolver la llamada',
    callback_number_unclear: 'dejó un número que no se pudo comprobar',
    callback_number_confirmed: 'confirmó el número cuando se le repitió',
    caller_id_shown: 'llamó desde un número al que se puede llamar',
    name_given: 'dio su nombre',
    email_given: 'dejó una dirección de correo',
    job_described: 'describió el trabajo',
    preferred_time_given: 'dijo cuándo le conviene',
    urgent: 'dijo que es urgente',
    new_work: 'pidió un trabajo nuevo',
    existing_work: 'llamó por un trabajo en curso',
    question_asked: 'hizo una pregunta',
    transcript_unavailable: 'habló, pero no hay transcripción',
    transcript_incomplete: 'falta una parte de la conversación',
  },
  tl: {
    callback_number_given: 'nag-iwan ng numerong matatawagan',
    callback_number_unclear: 'nag-iwan ng numerong hindi nasuri',
    callback_number_confirmed: 'kinumpirma ang numero nang basahin ito sa kanya',
    caller_id_shown: 'tumawag mula sa numerong puwedeng tawagan',
    name_given: 'nagbigay ng pangalan',
    email_given: 'nag-iwan ng e-mail address',
    job_described: 'inilarawan ang trabaho',
    preferred_time_given: 'sinabi kung kailan puwede',
    urgent: 'sinabing agaran ito',
    new_work: 'humingi ng bagong trabaho',
    existing_work: 'tumawag tungkol sa kasalukuyang trabaho',
    question_asked: 'nagtanong',
    transcript_unavailable: 'nagsalita, pero walang naisulat',
    transcript_incomplete: 'may kulang sa usapan',
  },
};

/** Why a call was dismissed, by the stable words of the lead. */
export const DISMISSAL_TEXTS: Texts = {
  en: {
    silent_caller: 'the caller never spoke',
    spam: 'a recording or an unsolicited offer',
    no_intent: 'nothing was asked and nothing was left',
    never_connected: 'the conversation never began',
  },
  'fr-CA': {
    silent_caller: 'l’appelant n’a rien dit',
    spam: 'un enregistrement ou une offre non sollicitée',
    no_intent: 'rien n’a été demandé ni laissé',
    never_connected: 'la conversation n’a jamais commencé',
  },
  es: {
    silent_caller: 'la persona no habló',
    spam: 'una grabación o una oferta no solicitada',
    no_intent: 'no se pidió ni se dejó nada',
    never_connected: 'la conversación nunca empezó',
  },
  tl: {
    silent_caller: 'hindi nagsalita ang tumawag',
    spam: 'recording o alok na hindi hiningi',
    no_intent: 'walang hiningi at walang iniwan',
    never_connected: 'hindi nagsimula ang usapan',
  },
};

/** Undefined when one of the words is new to us: then the qualifier's own English is better than a gap. */
export const reasonTexts = (
  words: readonly string[],
  language: MailLanguage,
): readonly string[] | undefined => {
  const texts = words.flatMap((word) => REASON_TEXTS[language][word] ?? []);
  return words.length > 0 && texts.length === words.length ? texts : undefined;
};

export const dismissalText = (word: string, language: MailLanguage): string | undefined =>
  DISMISSAL_TEXTS[language][word];
