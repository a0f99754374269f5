import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ModelRegister, type RegisteredModel } from './model-register.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const register = new ModelRegister([
  { name: 'for-ever' },
  { name: 'old', shutsDown: '2026-11-22', instead: 'for-ever' },
  { name: 'soon', shutsDown: '2026-12-22', instead: 'for-ever' },
  { name: 'later', shutsDown: '2026-12-23' },
]);

describe('the register of models', () => {
  it.each([
    ['for-ever', { kind: 'fit' }],
    ['later', { kind: 'fit' }],
    ['soon', { kind: 'soon', shutsDown: '2026-12-22', daysLeft: 30, instead: 'for-ever' }],
    ['soon-2025-08-28', { kind: 'soon', shutsDown: '2026-12-22', daysLeft: 30, instead: 'for-ever' }],
    ['old', { kind: 'gone', shutsDown: '2026-11-22', daysLeft: 0, instead: 'for-ever' }],
    ['tomorrows', { kind: 'unknown' }],
  ])('says of %s what is to be expected of it', (name, outlook) => {
    expect(register.outlook(name, NOW)).toEqual(outlook);
  });
});

describe('the data of the register', () => {
  const { models, reviewed, source } = JSON.parse(
    readFileSync(new URL('../../models.json', import.meta.url), 'utf8'),
  ) as { models: RegisteredModel[]; reviewed: string; source: string };
  const day = /^\d{4}-\d{2}-\d{2}$/;

  it('says where it comes from and when it was looked at', () => {
    expect(source).not.toBe('');
    expect(reviewed).toMatch(day);
  });

  it('names each model once, with whole dates, and something that lives longer in its place', () => {
    expect(new Set(models.map(({ name }) => name)).size).toBe(models.length);
    const data = new ModelRegister(models);
    for (const { shutsDown, instead } of models.filter((model) => model.shutsDown !== undefined)) {
      expect(shutsDown).toMatch(day);
      expect(data.outlook(instead ?? '', new Date(`${shutsDown}T00:00:00Z`))).toEqual({ kind: 'fit' });
    }
  });
});
