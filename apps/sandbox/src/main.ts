import { readEnv } from './env.js';
import { startSandbox, type RunningSandbox } from './sandbox.js';

/** One JSON line per event, like the services' own logs; what callers and assistant say stays out of it. */
function log(event: string, fields: Record<string, unknown>): void {
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level: 'info', service: 'sandbox', event, ...fields })}\n`,
  );
}

async function start(): Promise<RunningSandbox> {
  const sandbox = await startSandbox(readEnv(), ({ type, callSid, atMs, status, reason, durationMs }) => {
    log(`call_${type}`, { callSid, atMs, status, reason, durationMs });
  });
  const { url, smtpUrl } = sandbox;
  log('listening', { url, smtpUrl });
  process.send?.({ ready: true, url, smtpUrl, pid: process.pid });
  return sandbox;
}

try {
  const sandbox = await start();
  const stop = (): void => {
    void sandbox.stop().finally(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Whoever started it is gone: nothing is to be left behind.
  process.once('disconnect', stop);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
