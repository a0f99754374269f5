import type { Askable } from '../scenarios/scenario.js';

/**
 * By which words a caller notices what is asked, in the four languages. Deliberately loose: a person does not need
 * the exact wording either, and another model words it otherwise.
 */
const ASKED_BY: Readonly<Record<Askable, RegExp>> = {
  caller_name:
    /\b(your (full )?name|who am i speaking|who is calling|votre nom|à qui ai-je|(su|tu) nombre|con quién hablo|(iyong|inyong) pangalan|pangalan (mo|ninyo|po)|ang pangalan)/giu,
  callback_number:
    /\b(phone number|(best|callback|call-back|your|which|what) number|number (can|should|to)|reach you|numéro|vous joindre|vous rappeler|número|teléfono|numero|telepono|tawagan)/giu,
  email: /(\be-?mail|\bcourriel|\bcorreo)/giu,
  job_summary:
    /\b(how (can|may) (i|we) help|what can (i|we) do|what (is|seems to be) the (problem|matter|issue)|what happened|describe|quel est le problème|que se passe|comment puis-je|en quoi puis-je|en qué puedo|cuál es el problema|qué (trabajo|problema|servicio|necesita)|ano (po )?ang (problema|kailangan|maitutulong|trabaho|ipapagawa)|paano (po )?(ako|kami|kita)? ?(po )?(makakatulong|matutulungan))/giu,
  preferred_datetime:
    /\b(when|what (day|time)|which (day|time)|quand|quel (jour|moment)|quelle heure|cuándo|qué (día|hora)|kailan|anong (araw|oras))/giu,
  consent_recording: /\b(record|enregistr|grab(ar|e|ación)|i-?record|irekord)/giu,
  consent_sms_opt_in: /\b(text message|text you|texto|sms|mensaje de texto)/giu,
};

/** Words by which a caller notices that he is only asked to agree, or that the talk is over. */
const AGREEING =
  /\b(is that (right|correct)|anything else|have i got|est-ce (bien )?exact|c'est bien (ça|cela)|autre chose|es correcto|algo más|tama (po )?ba|iba pa)/iu;

/** The last thing that is asked for in what was heard, of those given; undefined when none of them is. */
export function askedFor(heard: string, candidates: readonly Askable[]): Askable | undefined {
  let last: { field: Askable; at: number } | undefined;
  for (const field of candidates) {
    for (const match of heard.matchAll(ASKED_BY[field])) {
      if (!last || match.index > last.at) last = { field, at: match.index };
    }
  }
  return last?.field;
}

export function asksToAgree(heard: string): boolean {
  return AGREEING.test(heard);
}
