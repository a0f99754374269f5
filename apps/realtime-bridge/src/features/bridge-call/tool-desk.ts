import type { Captured, ConversationState } from '../../domain/conversation-state.js';
import type { LanguageFollowing } from '../../domain/languages.js';
import type { ModelSession, ToolCall } from '../../domain/model-session.js';
import { readToolCall } from '../../domain/tools.js';

export interface ToolOutcome {
  /** Fields that are new or have changed. */
  readonly captured: readonly Captured[];
  readonly endCall: boolean;
}

/** Does what the model asks for by its tools, and answers each call once. */
export class ToolDesk {
  constructor(
    private readonly session: ModelSession,
    private readonly state: ConversationState,
    private readonly language: LanguageFollowing,
    private readonly offered: readonly string[],
  ) {}

  /** @param evidenceItemId the caller's turn that the response answers */
  serve(calls: readonly ToolCall[], evidenceItemId: string): ToolOutcome {
    const captured: Captured[] = [];
    let endCall = false;
    for (const call of calls) {
      const request = readToolCall(call.name, call.argumentsJson);
      switch (request.tool) {
        case 'capture_field': {
          const outcome = this.state.capture(request.name, request.value, evidenceItemId, request.readBack);
          if (outcome.kind === 'captured' || outcome.kind === 'replaced') captured.push(outcome.field);
          this.session.answerTool(
            call.callId,
            outcome.kind === 'refused' ? { ok: false, reason: outcome.reason } : { ok: true },
          );
          break;
        }
        case 'switch_language': {
          const language = this.language.switchTo(request.language);
          this.session.answerTool(
            call.callId,
            language === undefined ? { ok: false, offered: this.offered } : { ok: true, language },
          );
          break;
        }
        case 'end_call':
          endCall = true;
          this.session.answerTool(call.callId, { ok: true });
          break;
        case 'unknown':
          this.session.answerTool(call.callId, { ok: false, reason: request.problem });
          break;
      }
    }
    return { captured, endCall };
  }
}
