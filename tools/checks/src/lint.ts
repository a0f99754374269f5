import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What the boundary rule says, with a warning only, when it looked at nothing. */
const SKIPPED = /No cached ProjectGraph is available/;

const capture = (command: string, args: readonly string[]): { status: number; output: string } => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  return { status: status ?? 1, output: stdout + stderr };
};

// Without a cached project graph the rule on project boundaries passes everything: make one first, and do not believe
// a run that says it had none.
const graph = capture('nx', ['show', 'projects']);
if (graph.status !== 0) {
  process.stderr.write(graph.output);
  process.exit(1);
}
const { status, output } = capture('eslint', ['.', '--max-warnings', '0']);
process.stdout.write(output);
if (SKIPPED.test(output)) {
  process.stderr.write(
    'The rule on project boundaries did not run: no project graph was cached. Run it through npm run lint.\n',
  );
  process.exit(1);
}
process.exit(status);
