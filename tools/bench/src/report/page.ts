import type { VoiceBench } from '../bench-voice.ts';
import { BUSY_PLAYERS } from '../judge.ts';
import { ratio, summarise } from '../statistics.ts';
import { verdictsOf } from './aims.ts';
import { cellOf, CPU, FIGURES, NOT_MEASURED, show, summaryOf, TITLES } from './figures.ts';
import type { ProfileLine, ProfileSummary } from './profile.ts';

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...headings), row(...headings.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const method = ({ options, script, machine }: VoiceBench): string => `## Method

Each system under test carries the same calls, each in a process of its own: (a) \`realtime-bridge\` as \`./tradeline up\` starts
it, with signatures, tokens, events, snapshots, traces and logs; (b) the Twilio transport of the OpenAI Agents SDK in a \`ws\`
server, as its documentation wires it; (c) a \`ws\` relay that parses each message and writes it on in the other side's words,
without marks, transcript or state; (d) our bridge again. (a) never holds audio back, (d) always sends it in messages of 60 ms;
as it is started usually it does so above half of a core. All talk to the same model and the same phones, which are lean players of ours in processes
of their own; everything is on loopback, without TLS.

- **Calls.** A frame of 20 ms every 20 ms, prebuilt but for its marker: a call, a sequence number and the time of sending, in
  the audio itself, in both directions. Stream and session take ${script.openingMs} ms to open each, the model's first audio
  ${script.firstAudioMs} ms. Then turns: the caller speaks for ${script.callerSpeaksMs} ms, the model answers for
  ${script.answerMs / 1000} s in messages of ${script.deltaMs} ms at the pace of speech, pauses ${script.pauseMs} ms; each ${script.bargeInEvery}rd answer is interrupted in its
  middle. The phones echo marks when their audio would have been heard.
- **Rounds.** ${options.rounds} for each system and load, in turns (${options.only.join(', ')}, ${options.only.join(', ')}, ...), each with fresh processes, ${options.seconds} s of steady calls
  after all calls are up and 5 s of warming up. Tables show the median, and in parentheses the least and the most.
- **CPU**: user and system time of the process tree in the steady part, by calls and seconds. **Delay**: from the marker's time
  to the arrival at the other end, both on one monotonic clock; kernel and players are part of it, alike for all.
  **Memory**: growth of the resident set from before the first call to the end of the steady part, by calls;
  the heap's own first growth is in it, so it falls as calls rise.
  **Greeting**: from \`start\` to the first audio at the phone. **Barge-in**: from the model's \`speech_started\` to \`clear\` at the
  phone. **Lost**: frames missing in the whole call, both directions, apart from the caller's before the model could hear and
  from those of an interrupted answer. **Left open**: sessions at the model 6 s after the last call has hung up.
- **Broke down**: calls refused or cut, the core spent, more than 1 % of the frames lost, or audio a second late. Such a round's
  numbers are not compared: "${NOT_MEASURED}".
- ${machine.pinned ? 'The system under test has one core (`taskset`); phones, model, NATS and this tool share another.' : 'Nothing was pinned to a core (no `taskset`, or one core only): systems and players disturbed each other.'}
  ${machine.wentFirst ? 'All run before the processes of others on the machine (highest niceness of process and session).' : 'They ran at the same priority as everything else on the machine.'}
  The players are JavaScript too: above ${BUSY_PLAYERS * 100} % of their core, delays are theirs as well.`;

const surroundings = ({ options, machine }: VoiceBench): string => `## Machine

${machine.processor}; ${machine.memoryGb} GB; ${machine.kernel}. ${Object.entries(machine.versions)
  .map(([name, version]) => `${name} ${version}`)
  .join(', ')}. Commit ${machine.commit}.
Measured on ${machine.date} by \`./tradeline bench voice --calls ${options.calls.join(',')} --seconds ${options.seconds} --rounds ${options.rounds} --delta-ms ${options.deltaMs}\`.
Absolute numbers are this machine's, with whatever else ran on it; compare the columns of one run, not runs.`;

const results = ({ options, results: all }: VoiceBench): string =>
  options.calls
    .map((calls) => {
      const cells = options.only.map((system) => cellOf(all, system, calls));
      const figures = FIGURES.map((figure) => [
        figure.title,
        ...cells.map((cell) => show(summaryOf(cell, figure), figure.digits)),
      ]);
      const carried = [
        'rounds carried',
        ...cells.map(({ whole, rounds }) => `${whole.length} of ${rounds.length}`),
      ];
      const broken = cells.flatMap(({ system, rounds }) =>
        rounds.flatMap(({ brokeDown }) =>
          brokeDown === undefined ? [] : [`- ${TITLES[system]}: ${brokeDown}`],
        ),
      );
      const why = broken.length > 0 ? `\n\nBroke down:\n\n${broken.join('\n')}` : '';
      return `### ${calls} calls\n\n${table(['', ...options.only.map((system) => TITLES[system])], [carried, ...figures])}${why}`;
    })
    .join('\n\n');

const ratios = ({ options, results: all }: VoiceBench): string => {
  const of = (calls: number, ours: 'bridge' | 'busy-bridge', to: 'sdk' | 'relay'): string =>
    ratio(summaryOf(cellOf(all, ours, calls), CPU), summaryOf(cellOf(all, to, calls), CPU))?.toFixed(2) ??
    NOT_MEASURED;
  return `## Ratios

CPU per call-second of the bridge by that of the others, from the medians.

${table(
  ['calls', '(a) / (b)', '(a) / (c)', '(d) / (b)', '(d) / (c)'],
  options.calls.map((calls) => [
    String(calls),
    of(calls, 'bridge', 'sdk'),
    of(calls, 'bridge', 'relay'),
    of(calls, 'busy-bridge', 'sdk'),
    of(calls, 'busy-bridge', 'relay'),
  ]),
)}`;
};

const aims = ({ options, results: all }: VoiceBench): string => {
  const held = (value: boolean | undefined): string => (value === undefined ? '' : value ? 'yes' : '**no**');
  return `## What we hold ourselves to

What must not happen at all is judged by the worst round, the rest by the median.

${table(
  ['what', 'at most', 'measured', 'held'],
  verdictsOf(all, options.calls).map(({ what, atMost, measured, held: isHeld }) => [
    what,
    atMost,
    measured,
    held(isHeld),
  ]),
)}`;
};

const profileTable = (heading: string, lines: readonly ProfileLine[]): string =>
  table(
    [heading, 'where', 'of the busy time'],
    lines.map(({ what, where, share }) => [`\`${what}\``, where, percent(share)]),
  );

const profile = (summary: ProfileSummary | undefined): string =>
  summary
    ? `## Where the bridge's time goes

One more round with V8's sampling profiler, steady part only. Self time; \`writev\` and \`writeBuffer\` are the kernel's work of sending.

${table(
  ['part', 'of the busy time'],
  summary.places.map(({ what, share }) => [what, percent(share)]),
)}

${profileTable('function', summary.functions)}`
    : `## Where the bridge's time goes\n\n${NOT_MEASURED}`;

const noise = ({ results: all }: VoiceBench): string => {
  const spins = all.flatMap(({ spinBefore, spinAfter }) => [spinBefore, spinAfter]);
  const best = Math.max(...spins);
  const lots = summarise(spins.map((spin) => (spin / best) * 100));
  const foreign = summarise(all.map(({ foreignUse }) => foreignUse && foreignUse * 100));
  return `## How quiet the machine was

Before and after each round a loop counts what the tested core does in 300 ms, at ordinary priority: ${show(lots, 0)} % of the best of
the run. Of the tested core, others used ${show(foreign, 0)} % during the steady parts.`;
};

/** The page of a run: method, machine, tables, ratios, profile. */
export const benchmarksPage = (bench: VoiceBench): string =>
  `${[
    '# Benchmarks: the voice path',
    '<!-- Written by ./tradeline bench voice. Do not edit by hand: run it again. -->',
    surroundings(bench),
    ratios(bench),
    aims(bench),
    `## Results\n\n${results(bench)}`,
    profile(bench.profile),
    noise(bench),
    method(bench),
  ].join('\n\n')}\n`;
