import { UNINTELLIGIBLE, type HeardText, type PhoneCall } from '@tradeline/testing';
import type { Askable, Scenario, Step } from '../scenarios/scenario.js';
import { AssistantsTurns } from './assistants-turns.js';
import type { Tell } from './narration.js';
import { askedFor, asksToAgree } from './questions.js';

/** Gives a caller's sentence its sound, 8 kHz µ-law. */
export type CallersVoice = (text: string, language: string) => Promise<Uint8Array>;

/** The pause before an answer; nobody answers in the very frame in which the question ends. */
const THINKS_FOR_MS = 150;

/** Asked the same thing more often, the caller lets it be and goes on with his own steps. */
const REPEATS_AT_MOST = 3;

/**
 * Plays a caller by the scenario until the call is over. The caller hangs up when the steps are through or the
 * longest time is up, so the returned promise always settles.
 */
export async function actOut(
  scenario: Scenario,
  call: PhoneCall,
  voice: CallersVoice,
  tell: Tell,
): Promise<void> {
  const caller = new Caller(scenario, call, voice, tell);
  const lastMoment = setTimeout(() => call.hangUp(), scenario.longest_call_ms);
  try {
    await caller.turns.answered;
    for (const step of scenario.caller) {
      if (call.isOver) return;
      await caller.take(step);
    }
  } finally {
    clearTimeout(lastMoment);
    call.hangUp();
    await call.ended;
  }
}

class Caller {
  readonly turns: AssistantsTurns;
  private language: string;

  constructor(
    private readonly scenario: Scenario,
    private readonly call: PhoneCall,
    private readonly voice: CallersVoice,
    private readonly tell: Tell,
  ) {
    this.turns = new AssistantsTurns(call);
    this.language = scenario.language;
  }

  async take(step: Step): Promise<void> {
    if (step.wait === 'assistant') await this.turns.next(this.scenario.patience_ms);
    else if (step.wait === 'hang_up') await this.turns.over;
    else if (step.wait !== undefined) await this.turns.pass(step.wait);
    else if (step.say !== undefined) await this.say(step.say);
    else if (step.language !== undefined) this.language = step.language;
    else if (step.answer) await this.answer(new Map(Object.entries(step.answer) as [Askable, string[]][]));
    else if (step.interrupt) await this.interrupt(step.interrupt.after_ms, step.interrupt.say);
    else if (step.press !== undefined) await this.press(step.press);
    else if (step.hang_up) this.call.hangUp();
  }

  private async say(text: string): Promise<void> {
    const audio = await this.voice(text, this.language);
    if (this.call.isOver) return;
    // What was heard before is answered by this; only what comes from here on is news.
    this.turns.forget();
    const { callSid, atMs } = this.call;
    if (this.call.hearsAssistant) this.tell({ type: 'interrupted', callSid, atMs, who: 'caller' });
    this.tell({ type: 'said', callSid, atMs, who: 'caller', text });
    await this.call.say(audio);
  }

  /** Ends when the assistant has said something that asks for nothing of this, and says no more for a while. */
  private async answer(answers: Map<Askable, string[]>): Promise<void> {
    const fields = [...answers.keys()];
    const timesAsked = new Map<Askable, number>();
    for (;;) {
      const heard = await this.turns.next(this.scenario.patience_ms);
      if (!heard || this.call.isOver) return;
      const unanswered = fields.filter((field) => !timesAsked.has(field));
      if (unanswered.length === 0 && asksToAgree(heard.text)) return;
      // Without a question mark it may be a read-back: only what is still open can be meant.
      const candidates = heard.text.includes('?') ? fields : unanswered;
      const field = isUnderstood(heard) ? askedFor(heard.text, candidates) : unanswered[0];
      if (!field) {
        if (unanswered.length === 0 || asksToAgree(heard.text)) return;
        continue;
      }
      const times = timesAsked.get(field) ?? 0;
      if (times > 0 && isUnderstood(heard) && !asksToAgree(heard.text)) this.noteAskedAgain(field);
      if (times >= REPEATS_AT_MOST) return;
      const sentences = answers.get(field) ?? [];
      timesAsked.set(field, times + 1);
      await this.turns.pass(THINKS_FOR_MS);
      await this.say(sentences[Math.min(times, sentences.length - 1)] ?? '');
    }
  }

  private noteAskedAgain(field: Askable): void {
    const { callSid, atMs } = this.call;
    this.tell({ type: 'asked_again', callSid, atMs, text: field });
  }

  private async interrupt(afterMs: number, text: string): Promise<void> {
    await this.turns.begin(this.scenario.patience_ms);
    await this.turns.pass(afterMs);
    await this.say(text);
  }

  private async press(digits: string): Promise<void> {
    for (const digit of digits) {
      this.call.press(digit);
      this.tell({
        type: 'said',
        callSid: this.call.callSid,
        atMs: this.call.atMs,
        who: 'caller',
        text: `presses ${digit}`,
      });
      await this.turns.pass(200);
    }
  }
}

function isUnderstood({ text }: HeardText): boolean {
  return text !== '' && !text.includes(UNINTELLIGIBLE);
}
