import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';

interface Field {
  dataTypeID: number;
}
type PerformIo = (this: unknown, query: unknown) => Promise<{ fields?: Field[] }>;
interface Queryable {
  performIO?: PerformIo;
  readsCatalogueTypes?: true;
}

/** "char" and "char"[], which stand in PostgreSQL's own catalogue and which the adapter refuses, read as text. */
const READ_AS = new Map([
  [18, 25],
  [1002, 1009],
]);

/**
 * The engine asks PostgreSQL's catalogue what a database looks like; @prisma/adapter-pg is written for tables of
 * applications and throws on two types of that catalogue. Its one method that talks to the server is wrapped here,
 * on the class that adapter and transactions share.
 */
export function readCatalogueTypes(adapter: SqlDriverAdapter): void {
  const shared = Object.getPrototypeOf(Object.getPrototypeOf(adapter)) as Queryable;
  if (shared.readsCatalogueTypes) return;
  const { performIO } = shared;
  if (typeof performIO !== 'function')
    throw new Error('@prisma/adapter-pg has changed: it has no performIO to wrap');
  shared.performIO = async function (query) {
    const result = await performIO.call(this, query);
    for (const field of result.fields ?? [])
      field.dataTypeID = READ_AS.get(field.dataTypeID) ?? field.dataTypeID;
    return result;
  };
  shared.readsCatalogueTypes = true;
}
