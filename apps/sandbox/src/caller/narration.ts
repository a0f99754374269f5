import type { PhoneCall } from '@tradeline/testing';

/** One line of what happens in a call, as it happens. Times are milliseconds since the call was answered. */
export interface NarrationLine {
  readonly type: 'status' | 'said' | 'heard' | 'interrupted' | 'asked_again' | 'ended';
  readonly callSid: string;
  readonly atMs: number;
  readonly who?: 'caller' | 'assistant';
  /** `asked_again`: what for, though the caller has answered that. */
  readonly text?: string;
  /** `heard`: whether every frame of it arrived undamaged. */
  readonly exact?: boolean;
  /** `heard`: the assistant broke off before its sentence was out. */
  readonly cutOff?: boolean;
  /** `ended` only. */
  readonly durationMs?: number;
  readonly status?: string;
  readonly reason?: string;
}

export type Tell = (line: NarrationLine) => void;

/** Tells what the phone itself notices; what the caller says is told by whoever lets him say it. */
export function narrate(call: PhoneCall, tell: Tell): void {
  const { callSid } = call;
  tell({ type: 'status', callSid, atMs: 0, text: 'ringing' });
  call.network.on('status', (status) => {
    if (!call.isOver) tell({ type: 'status', callSid, atMs: call.atMs, text: status });
  });
  call.network.on('notice', ({ code, message }) =>
    tell({ type: 'status', callSid, atMs: call.atMs, text: `Twilio notes ${code}: ${message}` }),
  );
  // A sentence that was cut before a word of it was out has no text, and still is something that was heard.
  call.on('assistantFinished', ({ text, exact, cutOff, startedAtMs }) =>
    tell({ type: 'heard', callSid, atMs: startedAtMs, who: 'assistant', text: text || '…', exact, cutOff }),
  );
  call.on('ended', ({ status, reason, durationMs }) =>
    tell({ type: 'ended', callSid, atMs: call.atMs, status, reason, durationMs }),
  );
}
