import { readFileSync, statSync } from 'node:fs';

interface Target {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
}

const FIELDS = 5;

/** Splits `host:port:database:user:password`; a backslash takes the character after it as it is. */
function fieldsOf(line: string): string[] {
  const fields = [''];
  for (let at = 0; at < line.length; at += 1) {
    const escaped = line[at] === '\\' && at + 1 < line.length;
    if (line[at] === ':' && fields.length < FIELDS) fields.push('');
    else fields.push((fields.pop() ?? '') + (escaped ? line[(at += 1)] : line[at]));
  }
  return fields;
}

/**
 * The password that a password file holds for a connection, by the rules of PostgreSQL's libpq ("The Password File"):
 * the first line that fits wins, `*` fits anything, and a file that others may read is not trusted.
 */
export function passwordFromFile(path: string, target: Target): string | undefined {
  if (process.platform !== 'win32' && statSync(path).mode & 0o077) return undefined;
  const wanted = [target.host, target.port, target.database, target.user];
  for (const line of readFileSync(path, 'utf8').split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = fieldsOf(line);
    if (fields.length !== FIELDS) continue;
    if (wanted.every((value, index) => fields[index] === '*' || fields[index] === value))
      return fields[FIELDS - 1];
  }
  return undefined;
}
