import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A file that somebody might write one day, and the words with which it must be refused. */
interface Planted {
  readonly rule: string;
  readonly path: string;
  readonly code: string;
  readonly refusal: RegExp;
}

const PLANTED: readonly Planted[] = [
  {
    rule: 'a service never imports another',
    path: 'apps/notifier/src/features/deliver/planted.ts',
    code: "import '../../../../telephony-gateway/src/env.js';\n",
    refusal: /enforce-module-boundaries/,
  },
  {
    rule: 'a library of the provider kind knows nothing of ours',
    path: 'libs/twilio/src/planted.ts',
    code: "import '@tradeline/messaging';\n",
    refusal: /enforce-module-boundaries/,
  },
  {
    rule: 'contracts imports nothing of ours',
    path: 'libs/contracts/src/planted.ts',
    code: "import '@tradeline/messaging';\n",
    refusal: /enforce-module-boundaries/,
  },
  {
    rule: 'contracts knows no framework',
    path: 'libs/contracts/src/planted.ts',
    code: "import '@nestjs/common';\n",
    refusal: /plain TypeScript/,
  },
  {
    rule: 'contracts knows no Node built-in',
    path: 'libs/contracts/src/planted.ts',
    code: "import 'node:crypto';\n",
    refusal: /plain TypeScript/,
  },
  {
    rule: 'a feature does not import another',
    path: 'apps/lead-qualifier/src/features/qualify-lead/planted.ts',
    code: "import '../browse-leads/browse-leads.js';\n",
    refusal: /A feature does not import another/,
  },
  {
    rule: 'rows do not leave database/',
    path: 'apps/lead-qualifier/src/features/qualify-lead/planted.ts',
    code: "import '@prisma/client';\n",
    refusal: /Rows do not leave database/,
  },
  {
    rule: 'the bus is reached through messaging only',
    path: 'apps/lead-qualifier/src/integrations/planted.ts',
    code: "import '@nats-io/jetstream';\n",
    refusal: /reached through @tradeline\/messaging/,
  },
  {
    rule: 'production code never sees a fake',
    path: 'apps/realtime-bridge/src/features/bridge-call/planted.ts',
    code: "import '@tradeline/testing';\n",
    refusal: /production code never knows/,
  },
  {
    rule: 'only env.ts reads the environment',
    path: 'apps/notifier/src/features/deliver/planted.ts',
    code: 'export const url = process.env.SMTP_URL;\n',
    refusal: /Only env\.ts reads the environment/,
  },
  {
    rule: 'domain knows no framework',
    path: 'apps/notifier/src/domain/planted.ts',
    code: "import '@nestjs/common';\n",
    refusal: /plain TypeScript/,
  },
  {
    rule: 'domain does not import database/',
    path: 'apps/lead-qualifier/src/domain/planted.ts',
    code: "import '../database/lead.repository.js';\n",
    refusal: /knows nobody who acts/,
  },
  {
    rule: 'database/ does not import features/',
    path: 'apps/lead-qualifier/src/database/planted.ts',
    code: "import '../features/qualify-lead/qualify-lead.js';\n",
    refusal: /never the other way/,
  },
];

/** Lints all planted texts in one process: loading the types once is what takes the time. */
const LINT_SCRIPT = `
import { ESLint } from 'eslint';
const planted = JSON.parse(process.argv[1]);
const eslint = new ESLint({
  // Planted files are in no TypeScript program, so the rules that need types stay out; the rules on imports need none.
  overrideConfig: {
    languageOptions: { parserOptions: { project: null, program: null } },
    rules: Object.fromEntries(
      ['no-floating-promises', 'no-misused-promises', 'switch-exhaustiveness-check'].map((rule) => ['@typescript-eslint/' + rule, 'off']),
    ),
  },
});
const told = [];
for (const { path, code } of planted) {
  const [result] = await eslint.lintText(code, { filePath: path, warnIgnored: true });
  told.push(result.messages.map((message) => message.ruleId + ': ' + message.message).join('\\n'));
}
process.stdout.write(JSON.stringify(told));
`;

describe('the dependency rules really run', () => {
  let told: string[] = [];
  let warnings = '';

  beforeAll(() => {
    const env = { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' };
    execFileSync('nx', ['show', 'projects'], { cwd: ROOT, env, stdio: 'ignore' });
    const output = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', LINT_SCRIPT, JSON.stringify(PLANTED)],
      {
        cwd: ROOT,
        env,
        encoding: 'utf8',
      },
    );
    warnings = output.slice(0, output.indexOf('['));
    told = JSON.parse(output.slice(output.indexOf('["'))) as string[];
  }, 120_000);

  it('has a project graph to judge by', () => {
    expect(warnings).not.toMatch(/No cached ProjectGraph/);
  });

  it.each(PLANTED.map((planted, index) => [planted.rule, planted.path, index] as const))(
    'refuses what breaks "%s" (%s)',
    (_rule, _path, index) => {
      expect(told[index]).toMatch(PLANTED[index]!.refusal);
    },
  );
});
