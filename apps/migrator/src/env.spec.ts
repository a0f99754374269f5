import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { DOMAINS } from './domain/domains.js';
import { readEnv } from './env.js';

const folder = mkdtempSync(path.join(tmpdir(), 'migrator-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

const passwordFiles = Object.fromEntries(
  DOMAINS.map(({ name }) => {
    const file = path.join(folder, name);
    writeFileSync(file, `of ${name}:/@\n`);
    return [`${name.toUpperCase()}_OWNER_PASSWORD_FILE`, file];
  }),
);

describe('the environment', () => {
  it('takes one address per domain and keeps the password apart from it', () => {
    const urls = DOMAINS.map(({ name }) => [
      `${name.toUpperCase()}_OWNER_URL`,
      `postgres://${name}_owner:a%2Fb@db:5433/${name}`,
    ]);
    expect(readEnv(Object.fromEntries(urls)).targets).toContainEqual({
      domain: 'leads',
      url: 'postgres://leads_owner@db:5433/leads',
      password: 'a/b',
    });
  });

  it('takes one server and a file with the password per domain', () => {
    expect(readEnv({ POSTGRES_HOST: 'db', ...passwordFiles }).targets).toContainEqual({
      domain: 'leads',
      url: 'postgresql://leads_owner@db:5432/leads',
      password: 'of leads:/@',
    });
  });

  it('says all that is wrong at once, and repeats no value', () => {
    const wrong = {
      ...passwordFiles,
      LEADS_OWNER_URL: 'mysql://secret@db',
      METRICS_OWNER_PASSWORD_FILE: '/nowhere/secret',
    };
    const read = () => readEnv(wrong);
    expect(read).toThrow(/LEADS_OWNER_URL: must be a postgresql:\/\/ address/);
    expect(read).toThrow(/METRICS_OWNER_PASSWORD_FILE: cannot be read/);
    expect(read).toThrow(/TELEPHONY_OWNER_URL: is not set.*POSTGRES_HOST/);
    expect(read).not.toThrow(/secret/);
  });

  it('leaves the bus alone when no address of it is set', () => {
    const env = { POSTGRES_HOST: 'db', ...passwordFiles };
    expect(readEnv(env).bus).toBeUndefined();
    const bus = { NATS_URL: 'nats://bus:4222', NATS_PASSWORD: 'p' };
    expect(readEnv({ ...env, ...bus }).bus).toEqual({ ...bus, NATS_USER: 'migrator' });
  });
});
