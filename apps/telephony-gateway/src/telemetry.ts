import { counter, histogramMs, log } from '@tradeline/service-runtime';
import type { ReportOutcome } from './database/call-ledger.js';

const answered = counter('telephony.calls.answered', 'Incoming calls that were given to the assistant');
const declined = counter('telephony.calls.declined', 'Incoming calls that were not, by reason');
const ended = counter('telephony.calls.ended', 'Calls whose final status was taken, by state');
const recovered = counter('telephony.calls.recovered', 'Calls taken from a lost bridge, by outcome');
const answerTime = histogramMs('telephony.answer.duration', 'Webhook received until the TwiML is ready');

export const callAnswered = (bridgeInstance: string, receivedAt: Date): void => {
  const tookMs = Date.now() - receivedAt.getTime();
  answered.add(1);
  answerTime.record(tookMs);
  log.info('call_answered', { bridge: bridgeInstance, tookMs });
};

export const callDeclined = (reason: string): void => {
  declined.add(1, { reason });
  log.info('call_declined', { reason });
};

/** A number that belongs to nobody is a misconfigured number, or somebody trying numbers. */
export const unknownNumberCalled = (): void => {
  declined.add(1, { reason: 'unknown_number' });
  log.warn('unknown_number_called');
};

export const callAnsweredAgain = (): void => log.info('call_webhook_repeated');

export const callReported = (status: string, outcome: ReportOutcome): void => {
  if (outcome.kind === 'ended') ended.add(1, { state: outcome.state });
  const why =
    outcome.kind === 'ignored'
      ? { why: outcome.why }
      : outcome.kind === 'ended'
        ? { reason: outcome.reason }
        : {};
  log.info('call_reported', { status, outcome: outcome.kind, ...why });
};

export const callRecovered = (outcome: string, lostBridge: string): void => {
  recovered.add(1, { outcome });
  log.warn('call_recovered', { outcome, lostBridge });
};
