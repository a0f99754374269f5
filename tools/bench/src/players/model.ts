import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Delays } from '../wire/delays.ts';
import { nowUs } from '../wire/monotonic.ts';
import { acceptPeer } from '../wire/web-socket.ts';
import type { ModelReport, Script, ToModel, Window } from './messages.ts';
import { ModelSession, type Tally } from './model-session.ts';
import { OwnLoad, playFor, tell } from './playing.ts';

/** Plays the model for all calls of a round: `node model.ts <script as JSON>`. */

const REPORT_LOOK_MS = 50;
/** What was sent shortly before the caller hung up need not have reached the phone: a system may hold it back to play it evenly. */
const ON_ITS_WAY_US = 500_000;

const script = JSON.parse(process.argv[2] ?? '{}') as Script;
const load = new OwnLoad();
const open = new Set<ModelSession>();
const all: ModelSession[] = [];
let window: Window = { fromUs: Infinity, toUs: Infinity };
const tally: Tally = {
  fromCallers: new Delays(),
  bargeIns: [],
  droppable: [],
  unreadable: 0,
  appends: 0,
  inWindow: (atUs) => atUs >= window.fromUs && atUs < window.toUs,
};

const server = createServer((_request, response) => response.writeHead(404).end());
server.on('upgrade', (request, socket, head) => {
  const session: ModelSession = new ModelSession(script, tally, nowUs());
  session.peer = acceptPeer(request, socket, head, {
    text: (payload) => session.hear(payload, nowUs()),
    closed: () => open.delete(session),
  });
  open.add(session);
  all.push(session);
});

setInterval(() => {
  for (const session of open) session.tick(nowUs());
}, 1);

const reportOf = (hangUps: ReadonlyMap<number, number>): ModelReport => ({
  sessionsOpened: all.length,
  sessionsLeft: open.size,
  fromCallers: tally.fromCallers.toCounts(),
  bargeIns: tally.bargeIns,
  droppable: tally.droppable,
  sent: all
    .filter(({ ear }) => ear.call >= 0)
    .map((session) => [
      session.ear.call,
      session.sentBefore((hangUps.get(session.ear.call) ?? 0) - ON_ITS_WAY_US),
    ]),
  arrived: all.flatMap(({ ear: { arrivals } }) =>
    arrivals ? [{ ...arrivals, first: arrivals.first ?? null }] : [],
  ),
  unreadable: tally.unreadable,
  appends: tally.appends,
  cpuMs: load.cpuMs,
});

/** Reports when all sessions are closed, or when that has been waited for long enough. */
const reportWhenEmpty = (untilMs: number, hangUps: ReadonlyMap<number, number>): void => {
  if (open.size === 0 || performance.now() > untilMs) tell({ type: 'report', report: reportOf(hangUps) });
  else setTimeout(() => reportWhenEmpty(untilMs, hangUps), REPORT_LOOK_MS);
};

playFor<ToModel>((message) => {
  if (message.type === 'report')
    return reportWhenEmpty(performance.now() + message.waitMs, new Map(message.hangUps));
  window = message.window;
  load.watch(window);
});

server.listen(0, '127.0.0.1', () =>
  tell({ type: 'up', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }),
);
