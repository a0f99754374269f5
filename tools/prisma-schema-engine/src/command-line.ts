import { parseArgs } from 'node:util';

/** What Prisma's CLI says on the command line of the engine. */
export interface CommandLine {
  readonly wantsVersion: boolean;
  /** Set for the one-shot commands (`cli can-connect-to-database`, ...); otherwise requests come on standard input. */
  readonly command: string | undefined;
  readonly databaseUrl: string;
  readonly shadowDatabaseUrl: string | undefined;
  /** Paths of the schema files. */
  readonly datamodels: readonly string[];
}

interface Datasource {
  readonly url?: string;
  readonly shadowDatabaseUrl?: string;
}

export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    options: {
      datamodels: { type: 'string', multiple: true, short: 'd' },
      datasource: { type: 'string' },
      'enabled-preview-features': { type: 'string' },
      'extension-types': { type: 'string' },
      version: { type: 'boolean', short: 'V' },
    },
  });
  const datasource = (
    typeof values.datasource === 'string' ? JSON.parse(values.datasource) : {}
  ) as Datasource;
  const datamodels = Array.isArray(values.datamodels) ? values.datamodels : [];
  return {
    wantsVersion: values.version === true,
    command: positionals[0] === 'cli' ? (positionals[1] ?? '') : undefined,
    databaseUrl: datasource.url ?? '',
    shadowDatabaseUrl: datasource.shadowDatabaseUrl || undefined,
    datamodels: datamodels.filter((path) => typeof path === 'string'),
  };
}
