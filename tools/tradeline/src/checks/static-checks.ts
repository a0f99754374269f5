import { execFileSync } from 'node:child_process';
import { Failure } from '../failure.ts';
import { ROOT, inRoot } from '../paths.ts';
import { run } from '../platform/run.ts';
import { say, step } from '../progress.ts';
import { add, NOTHING, type Tally } from './tally.ts';

interface Check {
  readonly title: string;
  readonly command: readonly [string, ...string[]];
}

const nx = (target: string): [string, ...string[]] => [
  'nx',
  'run-many',
  '-t',
  target,
  '--outputStyle=static',
  '--parallel=2',
];

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** The commit that contracts must stay compatible with: where this work left main, else the commit before. */
const comparedWith = (): string | undefined => {
  for (const args of [
    ['merge-base', 'HEAD', 'origin/main'],
    ['rev-parse', 'HEAD~1'],
  ]) {
    try {
      const commit = git(...args);
      if (commit !== git('rev-parse', 'HEAD')) return commit;
    } catch {
      // No such branch or commit here: the next candidate decides.
    }
  }
  return undefined;
};

const checks = (): Check[] => {
  const before = comparedWith();
  return [
    { title: 'contracts are well formed (buf lint)', command: ['buf', 'lint'] },
    ...(before
      ? [
          {
            title: `contracts are compatible with ${before.slice(0, 8)} (buf breaking)`,
            command: ['buf', 'breaking', '--against', `.git#ref=${before}`] as const,
          },
        ]
      : []),
    { title: 'types hold everywhere (tsc)', command: nx('typecheck') },
    { title: 'dependency rules and lint', command: ['node', inRoot('tools/checks/src/lint.ts')] },
    { title: 'generated files are fresh', command: ['node', inRoot('tools/checks/src/check-generated.ts')] },
  ];
};

/** Runs the checks that need no server; each counts as one test. */
export const runStaticChecks = async (): Promise<Tally> => {
  let tally = NOTHING;
  for (const { title, command } of checks()) {
    const [program, ...args] = command;
    try {
      await step(title, (tell) =>
        run(program, args, {
          env: { ...process.env, NX_DAEMON: 'false' },
          onLine: (line) => line.trim() && tell(line.trim().slice(0, 100)),
        }),
      );
      tally = add(tally, { passed: 1, failed: 0 });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      say(error.message);
      tally = add(tally, { passed: 0, failed: 1 });
    }
  }
  return tally;
};
