import { describe, expect, it } from '@jest/globals';
import { migrationName, withWarnings } from './migration-script.ts';

const NOW = new Date('2026-11-22T08:30:00Z');

describe('a migration', () => {
  it.each([
    ["Add the lead's e-mail", '20261122083000_add_the_lead_s_e_mail'],
    ['  -- ', '20261122083000'],
    ['', '20261122083000'],
  ])('named %j is stored as %s', (name, stored) => {
    expect(migrationName(name, NOW)).toBe(stored);
  });

  it('says on top what it may destroy', () => {
    expect(withWarnings('DROP TABLE a;', ['You are about to drop a'])).toBe(
      '/*\n  Warnings:\n\n  - You are about to drop a\n\n*/\nDROP TABLE a;',
    );
    expect(withWarnings('CREATE TABLE a;', [])).toBe('CREATE TABLE a;');
  });
});
