import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { databaseEnv, EnvError, natsEnv, parseEnv, serviceEnv } from './env.js';

const faultsOf = (read: () => unknown): readonly { name: string; fault: string; cure: string }[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof EnvError) return error.faults;
    throw error;
  }
  return [];
};

describe('parseEnv', () => {
  it('reports every wrong variable at once, with what is wrong and what to do', () => {
    const faults = faultsOf(() =>
      parseEnv(
        { ...serviceEnv, ...natsEnv, ...databaseEnv },
        { PORT: '70000', LOG_LEVEL: 'loud', INSTANCE_ID: 'a.b', NATS_URL: '' },
      ),
    );
    expect(faults.map((fault) => fault.name).sort()).toEqual([
      'DATABASE_URL',
      'INSTANCE_ID',
      'LOG_LEVEL',
      'MASTER_KEY_FILE',
      'NATS_PASSWORD',
      'NATS_URL',
      'NATS_USER',
      'PORT',
      'RELAY_DATABASE_URL',
    ]);
    expect(faults.find((fault) => fault.name === 'PORT')?.fault).toBe(
      'must be a whole number from 0 to 65535',
    );
    expect(faults.find((fault) => fault.name === 'LOG_LEVEL')?.fault).toMatch(/^must be one of trace, debug/);
    expect(faults.find((fault) => fault.name === 'NATS_URL')).toMatchObject({
      fault: 'is not set',
      cure: expect.stringMatching(/address of NATS/),
    });
  });

  it('never repeats a value, which may be a secret', () => {
    const shape = {
      DATABASE_URL: databaseEnv.DATABASE_URL,
      TOKEN: z.string().min(40).describe('Set it to the token.'),
    };
    const read = () => parseEnv(shape, { DATABASE_URL: 'mysql://me:hunter2@host/db', TOKEN: 'hunter2' });
    expect(read).toThrow(EnvError);
    expect(read).not.toThrow(/hunter2/);
  });

  it('gives defaults for what is not set or empty', () => {
    const env = parseEnv(serviceEnv, { HOST: '' });
    expect(env).toMatchObject({ HOST: '127.0.0.1', PORT: 0, LOG_LEVEL: 'info', DRAIN_TIMEOUT_MS: 10_000 });
    expect(env.INSTANCE_ID).toMatch(/^[0-9a-f]{12}$/);
  });

  it('types and converts what is set', () => {
    const env = parseEnv(
      { ...serviceEnv, CAPACITY: z.coerce.number().int() },
      { PORT: '8080', CAPACITY: '200' },
    );
    const sum: number = env.PORT + env.CAPACITY;
    expect(sum).toBe(8280);
  });

  it('takes the master key from either variable', () => {
    const urls = { DATABASE_URL: 'postgresql://h/d', RELAY_DATABASE_URL: 'postgresql://h/d' };
    expect(parseEnv(databaseEnv, { ...urls, MASTER_KEY: 'k' }).MASTER_KEY).toBe('k');
    expect(parseEnv(databaseEnv, { ...urls, MASTER_KEY_FILE: '/k' }).MASTER_KEY_FILE).toBe('/k');
  });
});
