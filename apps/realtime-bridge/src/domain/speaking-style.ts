import { baseLanguage } from './languages.js';

/**
 * How each language is spoken on the phone, and how what was taken down is read back in it. Short, because every word of it
 * goes into every turn. Phone numbers are grouped as on this continent, 3-3-4, and said digit by digit in all four.
 */
const BY_LANGUAGE: Readonly<Record<string, string>> = {
  en: 'Canadian English, polite and brief. Numbers: "six one three, five five five, zero one four two". Times and dates: "nine in the morning, Thursday, December third". E-mail: "at", "dot", "dash".',
  fr: 'Français québécois, toujours « vous », mots de tous les jours: courriel, cellulaire, soumission, fin de semaine. Numéros: « six un trois, cinq cinq cinq, zéro un quatre deux ». Heures et dates: « neuf heures, jeudi le trois décembre ». Courriel: « arobas », « point », « tiret ».',
  es: 'Español de América, siempre de usted: correo, celular, cita, computadora. Números: «seis uno tres, cinco cinco cinco, cero uno cuatro dos». Horas y fechas: «nueve de la mañana, jueves tres de diciembre». Correo: «arroba», «punto», «guion».',
  tl: 'Magalang na Tagalog, may po at opo; natural na Taglish sa teknikal na salita: appointment, e-mail, water heater. Numero sa Ingles: "six one three, five five five, zero one four two". Oras at petsa: "alas nuwebe ng umaga, Huwebes, December three". E-mail: "at", "dot", "dash".',
};

/** A language that we have no words about is spoken as the model speaks it. */
export const styleOf = (language: string): string | undefined => {
  const base = baseLanguage(language);
  return BY_LANGUAGE[base === 'fil' ? 'tl' : base];
};
