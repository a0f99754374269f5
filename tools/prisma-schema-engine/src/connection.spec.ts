import { describe, expect, it } from '@jest/globals';
import { connectionOf, inDatabase } from './connection.ts';

describe("a connection by Prisma's URL", () => {
  it('leaves out what only Prisma understands, and keeps the schema', () => {
    const connection = connectionOf(
      'postgresql://u:p@db:5433/leads?schema=svc&connection_limit=3&sslmode=require',
      {},
    );
    expect(connection).toEqual({
      connectionString: 'postgresql://u:p@db:5433/leads?sslmode=require',
      database: 'leads',
      schema: 'svc',
      host: 'db:5433',
    });
  });

  it('reaches another database with the same password', () => {
    const connection = connectionOf('postgresql://u:p%2F@db/leads', {});
    expect(inDatabase(connection, 'a b').connectionString).toBe('postgresql://u:p%2F@db/a%20b');
  });
});
