import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot, ROOT } from '../paths.ts';
import type { Tally } from './tally.ts';

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Runs one of jest.config.mjs's projects; a suite that could not even be loaded counts as a failed test. */
export const runJest = async (project: string, extra: readonly string[] = []): Promise<Tally> => {
  const directory = mkdtempSync(join(tmpdir(), 'tradeline-jest-'));
  const reportFile = join(directory, 'report.json');
  try {
    const args = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      inRoot('node_modules/jest/bin/jest.js'),
    ];
    const status = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(
        process.execPath,
        [...args, '--selectProjects', project, '--json', '--outputFile', reportFile, ...extra],
        {
          cwd: ROOT,
          // The report goes to the file; standard output would repeat it.
          stdio: ['ignore', 'ignore', 'inherit'],
          env: { ...process.env, FORCE_COLOR: process.stderr.isTTY ? '1' : '0' },
        },
      );
      child.once('error', reject);
      child.once('close', resolve);
    });
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport;
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    return { passed: report.numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
