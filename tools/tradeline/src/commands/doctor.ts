import { Command } from 'commander';
import { examine, type Finding } from '../doctor/examine.ts';
import { dataDirOption } from './options.ts';

const MARKS: Readonly<Record<Finding['level'], string>> = { ok: '✓', advice: '·', fault: '✗' };

export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('is this machine, and its configuration, fit to take real calls? each fault with its cure')
    .addOption(dataDirOption())
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nThe status is 0 when real calls can be taken, 1 when something is in the way. The demo needs none of the accounts.',
    )
    .action(async (flags: { dataDir: string; json?: boolean }) => {
      const findings = await examine(process.env, flags.dataDir);
      if (flags.json) process.stdout.write(`${JSON.stringify(findings)}\n`);
      else {
        for (const { level, what, cure } of findings) {
          process.stdout.write(`${MARKS[level]} ${what}\n${cure ? `    ${cure}\n` : ''}`);
        }
        const faults = findings.filter(({ level }) => level === 'fault').length;
        process.stdout.write(
          faults === 0
            ? '\nFit to take real calls.\n'
            : `\n${faults === 1 ? 'One thing stands' : `${faults} things stand`} in the way of real calls. The demo and the sandbox need none of it: ./tradeline demo\n`,
        );
      }
      process.exitCode = findings.some(({ level }) => level === 'fault') ? 1 : 0;
    });
