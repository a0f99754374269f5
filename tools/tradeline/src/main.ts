import { Command } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { callCommand } from './commands/call.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { testCommand } from './commands/test.ts';
import { traceCommand } from './commands/trace.ts';
import { upCommand } from './commands/up.ts';
import { Failure } from './failure.ts';
import { say } from './progress.ts';

const program = new Command('tradeline')
  .description('TradeLine 24/7: an AI receptionist for businesses that live by the phone')
  .addCommand(demoCommand())
  .addCommand(upCommand())
  .addCommand(callCommand())
  .addCommand(traceCommand())
  .addCommand(doctorCommand())
  .addCommand(testCommand())
  .addCommand(benchCommand())
  .addHelpText('after', '\nNew here? ./tradeline demo shows everything; it needs no account anywhere.');
for (const command of [program, ...program.commands])
  command.showHelpAfterError('(add --help for what it takes)');

try {
  await program.parseAsync();
  process.exit(process.exitCode ?? 0);
} catch (error) {
  if (error instanceof Failure) {
    say(`tradeline: ${error.message}`);
    if (error.cure) say(error.cure);
  } else say(`tradeline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(1);
}
