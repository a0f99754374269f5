import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { passwordFromFile } from './password-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'password-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TARGET = { host: 'db', port: '5432', database: 'leads', user: 'leads_owner' };
const from = (...lines: string[]) => {
  const file = path.join(folder, 'file');
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return passwordFromFile(file, TARGET);
};

describe('a password file', () => {
  it('gives the password of the first line that fits', () => {
    expect(
      from('# db:5432:leads:leads_owner:no', 'other:*:*:*:no', 'db:5432:leads:leads_owner:yes', '*:*:*:*:no'),
    ).toBe('yes');
  });

  it('takes a star for anything', () => {
    expect(from('*:*:leads:*:yes')).toBe('yes');
  });

  it('takes a backslash before a colon or a backslash as part of the value', () => {
    expect(from('*:*:*:*:a\\:b\\\\c')).toBe('a:b\\c');
  });

  it('needs no escape in the last field', () => {
    expect(from('*:*:*:*:a:b')).toBe('a:b');
  });

  it('has nothing for a connection that no line fits', () => {
    expect(from('db:5433:leads:leads_owner:no', 'too:short')).toBeUndefined();
  });

  it('is not trusted when others may read it', () => {
    const file = path.join(folder, 'open');
    writeFileSync(file, '*:*:*:*:x\n');
    chmodSync(file, 0o640);
    expect(passwordFromFile(file, TARGET)).toBeUndefined();
  });
});
