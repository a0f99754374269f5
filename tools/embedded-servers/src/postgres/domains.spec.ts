import { describe, expect, it } from '@jest/globals';
import { accessTo, statementsOf } from './domains.ts';

describe("a domain's script", () => {
  it('is cut at the ends of statements, with names and texts quoted', () => {
    const sql = `-- about it; nothing\nCREATE ROLE :"owner" LOGIN;\nALTER ROLE :"owner" PASSWORD\n  :'owner_password';\n`;
    expect(statementsOf(sql, { owner: 'a"b', owner_password: `it's` })).toEqual([
      'CREATE ROLE "a""b" LOGIN',
      `ALTER ROLE "a""b" PASSWORD\n  'it''s'`,
    ]);
  });

  it('names the variable that it lacks', () => {
    expect(() => statementsOf('GRANT :"relay" TO x;', {})).toThrow('"relay"');
  });
});

describe("a domain's addresses", () => {
  it('sign in as owner, service and relay with a password each', () => {
    const access = accessTo('leads', 'postgres://postgres:admin@db:5433/postgres', (role) => `of/${role}`);
    expect(access).toEqual({
      name: 'leads',
      ownerUrl: 'postgres://leads_owner:of%2Fleads_owner@db:5433/leads',
      serviceUrl: 'postgres://leads_service:of%2Fleads_service@db:5433/leads',
      relayUrl: 'postgres://leads_relay:of%2Fleads_relay@db:5433/leads',
    });
  });
});
