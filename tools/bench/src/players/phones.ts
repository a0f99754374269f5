import { Delays } from '../wire/delays.ts';
import { nowUs } from '../wire/monotonic.ts';
import type { PhonesReport, ToPhones, Window } from './messages.ts';
import { PhoneCall, type Tally } from './phone-call.ts';
import { OwnLoad, playFor, tell } from './playing.ts';

/** Plays the phone network and all callers of a round. */

/** From a caller's last frame to hanging up: what is on its way is not lost by our own doing. */
const FADE_MS = 500;
const FAREWELL_MS = 300;
const MAX_REASONS = 5;

const load = new OwnLoad();
const calls: PhoneCall[] = [];
let window: Window = { fromUs: Infinity, toUs: Infinity };
let setupMs = 0;
const tally: Tally = {
  fromModel: new Delays(),
  greetingsMs: [],
  clears: [],
  reasons: new Set(),
  failed: 0,
  dropped: 0,
  unreadable: 0,
  messagesIn: 0,
  messagesOut: 0,
  inWindow: (atUs) => atUs >= window.fromUs && atUs < window.toUs,
};

setInterval(() => {
  for (const call of calls) call.tick(nowUs());
}, 1);

const begin = (count: number, rampMs: number): void => {
  for (let index = 0; index < count; index += 1) {
    const call = new PhoneCall(index, tally);
    calls.push(call);
    setTimeout(
      () => tell({ type: 'want-place', call: index, callSid: call.callSid }),
      (index * rampMs) / count,
    );
  }
};

const reportOf = (): PhonesReport => ({
  failed: tally.failed,
  dropped: tally.dropped,
  reasons: [...tally.reasons].slice(0, MAX_REASONS),
  fromModel: tally.fromModel.toCounts(),
  greetingsMs: tally.greetingsMs,
  clears: tally.clears,
  hangUps: calls.map(({ call, hungUpUs }) => [call, hungUpUs]),
  sent: calls.map(({ call, sentFrames }) => [call, sentFrames]),
  arrived: calls.map(({ arrivals }) => ({ ...arrivals, first: arrivals.first ?? null })),
  unreadable: tally.unreadable,
  messagesIn: tally.messagesIn,
  messagesOut: tally.messagesOut,
  cpuMs: load.cpuMs,
});

const hangUp = (overMs: number): void => {
  for (const [index, call] of calls.entries()) {
    const atMs = (index * overMs) / calls.length;
    setTimeout(() => call.fallSilent(), atMs);
    setTimeout(() => call.hangUp(), atMs + FADE_MS);
  }
  setTimeout(() => tell({ type: 'report', report: reportOf() }), overMs + FADE_MS + FAREWELL_MS);
};

playFor<ToPhones>((message) => {
  switch (message.type) {
    case 'begin':
      setupMs = message.setupMs;
      return begin(message.calls, message.rampMs);
    case 'place':
      setTimeout(() => void calls[message.call]?.open(message.place), setupMs);
      return;
    case 'refused':
      return calls[message.call]?.fail(message.why);
    case 'window':
      window = message.window;
      return load.watch(window);
    case 'hang-up':
      return hangUp(message.overMs);
  }
});

tell({ type: 'up' });
