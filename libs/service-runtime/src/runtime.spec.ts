import { describe, expect, it } from '@jest/globals';
import { configureLog } from './telemetry/log.js';
import { Runtime } from './runtime.js';

configureLog('unnamed', 'none', 'silent');

describe('Runtime', () => {
  it('is ready when every check passes, and names each that does not', async () => {
    const runtime = new Runtime();
    expect(await runtime.reasonsNotReady()).toEqual({});
    runtime.readiness.register('bus', () => true);
    runtime.readiness.register('settings', async () => 'reading settings');
    runtime.readiness.register('database', () => {
      throw new Error('connection refused');
    });
    runtime.readiness.register('cache', () => false);
    expect(await runtime.reasonsNotReady()).toEqual({
      settings: 'reading settings',
      database: 'connection refused',
      cache: 'not ready',
    });
  });

  it('takes no work from the moment it drains', async () => {
    const runtime = new Runtime();
    const seen: unknown[] = [];
    runtime.onDrain('look', async () => void seen.push(runtime.draining, await runtime.reasonsNotReady()));
    await runtime.drain(1_000);
    expect(seen).toEqual([true, { drain: 'draining' }]);
  });

  it('runs what others still need last, once, and past hooks that fail or hang', async () => {
    const runtime = new Runtime();
    const ran: string[] = [];
    runtime.onDrain('bus', () => void ran.push('bus'), { last: true });
    runtime.onDrain('broken', () => {
      throw new Error('no');
    });
    runtime.onDrain('hanging', () => new Promise(() => {}));
    runtime.onDrain('calls', () => void ran.push('calls'));
    await Promise.all([runtime.drain(20), runtime.drain(20)]);
    expect(ran).toEqual(['calls', 'bus']);
  });
});
