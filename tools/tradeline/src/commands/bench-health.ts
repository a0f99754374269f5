import { Command } from 'commander';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthTarget } from '@tradeline/bench';
import { Failure } from '../failure.ts';
import { Platform } from '../platform/platform.ts';
import { Secrets } from '../platform/secrets.ts';
import { TenantApi } from '../platform/tenant-api.ts';
import { say, step } from '../progress.ts';
import { wholeNumber } from './options.ts';

/** A server that others run would keep what the benchmark fills it with. */
const OWN_SERVERS = ['POSTGRES_URL', 'REDIS_URL', 'NATS_URL'] as const;
/** Asked in turn, so that not one tenant's rows alone are warm. */
const TENANTS_ASKED = 10;

interface HealthFlags {
  readonly calls: number;
  readonly tenants: number;
  readonly questions: number;
}

const tenantsOf = async (apiUrl: string, dataDir: string): Promise<HealthTarget['tenants']> => {
  const operator = new TenantApi(apiUrl, new Secrets(dataDir).get('operator-token'));
  const tenants: { id: string; apiKey: string }[] = [];
  for (let n = 1; n <= TENANTS_ASKED; n += 1) {
    const { tenantId, apiKey } = await operator.post<{ tenantId: string; apiKey: string }>(
      '/operator/tenants',
      {
        name: `Benchmark ${n}`,
      },
    );
    tenants.push({ id: tenantId, apiKey });
  }
  return tenants;
};

const health = async (flags: HealthFlags, signal: AbortSignal): Promise<void> => {
  const given = OWN_SERVERS.filter((name) => process.env[name]);
  if (given.length > 0)
    throw new Failure(
      `The benchmark fills a database of its own, and ${given.join(', ')} names another.`,
      'Run it without that variable.',
    );
  const dataDir = mkdtempSync(join(tmpdir(), 'tradeline-bench-health-'));
  const platform = new Platform({ dataDir, bridges: 1, port: 0 });
  try {
    const state = await platform.start();
    signal.throwIfAborted();
    const { benchHealth, healthTable } = await import('@tradeline/bench');
    // Past the front door, which in earnest is somebody else's.
    const apiUrl = [state.services['tenant-gateway'] ?? []].flat()[0]?.url ?? '';
    const tenants = await tenantsOf(apiUrl, dataDir);
    const target = { postgresUrl: state.servers['postgres']?.url ?? '', apiUrl, tenants };
    const bench = await step('Filling rollups and asking', (tell) =>
      benchHealth(target, { ...flags, say: tell }, signal),
    );
    const { rows, calls } = bench.synthesised;
    // Whoever else uses the machine is in the figures.
    const load = `load ${(loadavg()[0] ?? 0).toFixed(1)} on ${availableParallelism()} cores`;
    process.stdout.write(
      `\n${calls.toLocaleString('en')} calls of ${flags.tenants} tenants in ${rows.toLocaleString('en')} rollups, ${load}\n${healthTable(bench)}\n`,
    );
  } finally {
    await platform.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  say('Nothing was written and nothing is left running.');
};

/** @param untilStopped Ctrl-C ends all that was started, and waits for it */
export const healthCommand = (untilStopped: () => AbortSignal): Command =>
  new Command('health')
    .description(
      'how long the answer to GET /v1/metrics/voice-health takes over the rollups of very many calls',
    )
    .option('--calls <n>', 'how many calls the rollups hold', wholeNumber(10_000, 50_000_000), 10_000_000)
    .option('--tenants <n>', 'how many tenants they belong to', wholeNumber(TENANTS_ASKED, 1_000), 100)
    .option(
      '--questions <n>',
      'questions for each window; the first quarter is left out',
      wholeNumber(20, 5_000),
      300,
    )
    .addHelpText(
      'after',
      `
Starts the platform in a directory of its own, fills the metrics database with a week of rollups (no calls are made, and no
facts: the hours at a window's edges are empty), and asks through the tenants' door, one question after the other, ${TENANTS_ASKED}
tenants in turn. Prints P50 and P95 of each window; writes nothing and leaves nothing running. About two minutes.`,
    )
    .action((flags: HealthFlags) => health(flags, untilStopped()));
