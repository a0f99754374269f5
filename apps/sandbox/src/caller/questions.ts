import type { Askable } from '../scenarios/scenario.js';

/**
 * By which words a caller notices what is asked, in the four languages. Deliberately loose: a person does not need
 * the exact wording either, and another model words it otherwise.
 */
const ASKED_BY: Readonly<Record<Askable, RegExp>> = {
  caller_name:
    /your (full )?name|who am i speaking|who is calling|votre nom|à qui ai-je|(su|tu) nombre|con quién hablo|pangalan/giu,
  callback_number:
    /phone number|(best|callback|call-back|your|which|what) number|reach you|numéro|vous joindre|vous rappeler|número|teléfono|numero|telepono|tawagan/giu,
  email: /e-?mail|courriel|correo/giu,
  job_summary:
    /how (can|may) (i|we) help|what can (i|we) do|(is|seems to be) the (problem|matter|issue)|what happened|describe|quel est le problème|que se passe|que pouvons-nous faire|comment puis-je|en quoi puis-je|en qué puedo|qué podemos hacer|cuál es el problema|qué necesita|ang problema|maipaglilingkod|paano po kami makakatulong|ang kailangan/giu,
  preferred_datetime:
    /\bwhen\b|(what|which) (day|time)|good time|\bquand\b|quel (jour|moment)|quelle heure|cuándo|qué (día|hora)|kailan|anong (araw|oras)/giu,
  consent_recording: /\brecord|enregistr|grabación|grabar/giu,
  consent_sms_opt_in: /text message|text you|messages? texte|texto|\bsms\b/giu,
};

/** Words by which a caller notices that he is only asked to agree, or that the talk is over. */
const AGREEING =
  /(is that (right|correct)|anything else|have i got|est-ce (bien )?exact|c'est bien (ça|cela)|autre chose|es correcto|algo más|tama (po )?ba|iba pa)/iu;

/**
 * The last thing that is asked for in what was heard, of those given; undefined when none of them is. Where there is a
 * question, only questions count: "I have your number as ..." asks for nothing.
 */
export function askedFor(heard: string, candidates: readonly Askable[]): Askable | undefined {
  const questions = heard.match(/[^.!?]*\?/gu)?.join(' ') ?? heard;
  let last: { field: Askable; at: number } | undefined;
  for (const field of candidates) {
    for (const match of questions.matchAll(ASKED_BY[field])) {
      if (!last || match.index > last.at) last = { field, at: match.index };
    }
  }
  return last?.field;
}

export function asksToAgree(heard: string): boolean {
  return AGREEING.test(heard);
}
