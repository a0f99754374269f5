import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';

interface Field {
  dataTypeID: number;
}
interface Query {
  readonly sql: string;
}
type PerformIo = (this: unknown, query: Query) => Promise<{ fields?: Field[] }>;
interface Queryable {
  performIO?: PerformIo;
  readsCatalogue?: true;
}

/** "char" and "char"[], which stand in PostgreSQL's own catalogue and which the adapter refuses, read as text. */
const READ_AS = new Map([
  [18, 25],
  [1002, 1009],
]);

/**
 * The engine reads all constraints but primary, unique and foreign keys, and panics at a kind that it does not know.
 * PostgreSQL 18 is the first to store NOT NULL as a constraint, of kind n; the engine has it from the columns.
 */
const knownConstraints = (sql: string): string =>
  sql.replace("contype NOT IN ('p', 'u', 'f')", "contype NOT IN ('p', 'u', 'f', 'n')");

/**
 * The engine asks PostgreSQL's catalogue what a database looks like; @prisma/adapter-pg is written for tables of
 * applications, and the engine for PostgreSQL 17 and older. The adapter's one method that talks to the server is
 * wrapped here, on the class that adapter and transactions share.
 */
export function readCatalogue(adapter: SqlDriverAdapter): void {
  const shared = Object.getPrototypeOf(Object.getPrototypeOf(adapter)) as Queryable;
  if (shared.readsCatalogue) return;
  const { performIO } = shared;
  if (typeof performIO !== 'function')
    throw new Error('@prisma/adapter-pg has changed: it has no performIO to wrap');
  shared.performIO = async function (query) {
    const result = await performIO.call(this, { ...query, sql: knownConstraints(query.sql) });
    for (const field of result.fields ?? [])
      field.dataTypeID = READ_AS.get(field.dataTypeID) ?? field.dataTypeID;
    return result;
  };
  shared.readsCatalogue = true;
}
