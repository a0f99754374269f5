import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The root of the workspace. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The parts of a protobuf schema that the generated files show. */
export interface Schema {
  readonly name: string;
  readonly typeName: string;
}

interface Role {
  readonly says: readonly Schema[];
  readonly hears: readonly { readonly event: Schema; readonly reaction: string }[];
  readonly settings: readonly Schema[];
  readonly watches: readonly Schema[];
  readonly answers: readonly Schema[];
  readonly asks: readonly Schema[];
  readonly presence: 'tells' | 'hears' | 'none';
  readonly snapshots: boolean;
}

/** What the generators read of the contracts. */
export interface Contracts {
  readonly SERVICES: readonly string[];
  readonly catalogue: Readonly<Record<string, Role>>;
  readonly STREAMS: readonly {
    name: string;
    subjects: readonly string[];
    maxAgeMs: number;
    maxMessagesPerSubject: number;
  }[];
  readonly SNAPSHOT_BUCKET: { readonly name: string; readonly ttlMs: number };
  readonly PHRASE_BUCKET: { readonly name: string; readonly ttlMs: number };
  anyTenant(event: Schema): string;
  durableName(service: string, reaction: string): string;
  rpcPermission(request: Schema): string;
  streamOf(event: Schema): { readonly name: string };
  natsPermissions(): Readonly<Record<string, unknown>>;
}

const run = (program: string, args: readonly string[], cwd: string): void => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
};

/**
 * Builds the contracts and loads what was built: Node strips types but does not resolve the `./x.js` of a source
 * file to its `./x.ts`, so a tool that Node runs directly cannot read the sources.
 */
export const loadContracts = async (): Promise<Contracts> => {
  const swc = `${root}node_modules/@swc/cli/bin/swc.js`;
  run(
    process.execPath,
    [swc, 'src', '-d', 'dist', '--strip-leading-paths', '--config-file', '../../.swcrc'],
    `${root}libs/contracts`,
  );
  return (await import(new URL('../../../libs/contracts/dist/index.js', import.meta.url).href)) as Contracts;
};
