import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { MigrationAdapterFactory } from './migration-adapter.ts';
import type { CommandLine } from './command-line.ts';

interface PanicRegistry {
  message: string;
  get(): string;
  set_message(message: string): void;
}

const scope = globalThis as { PRISMA_WASM_PANIC_REGISTRY?: PanicRegistry };

/** What the engine says when it panics; it writes there through a global of this name. */
const panics: PanicRegistry = {
  message: '',
  get() {
    return this.message;
  },
  set_message(message) {
    this.message = message;
  },
};

export const lastPanic = (): string => panics.message;

let loading: Promise<void> | undefined;

/** The package is made for bundlers, which inline its .wasm file: outside of one it is linked by hand. */
async function load(): Promise<void> {
  scope.PRISMA_WASM_PANIC_REGISTRY = panics;
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const bytes = readFileSync(entry.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, {
    './schema_engine_bg.js': bindings as unknown as WebAssembly.ModuleImports,
  });
  (bindings as unknown as { __wbg_set_wasm(wasm: unknown): void }).__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
}

function log(message: unknown): void {
  const fields = { message: String(message) };
  process.stderr.write(`${JSON.stringify({ level: 'INFO', target: 'schema_engine::logger', fields })}\n`);
}

/** Runs one request. Each gets an engine of its own: one engine cannot open its shadow database twice. */
export async function withEngine<R>(
  commandLine: CommandLine,
  use: (engine: SchemaEngine) => Promise<R>,
  { rollBack = false } = {},
): Promise<R> {
  await (loading ??= load());
  const { databaseUrl: url, shadowDatabaseUrl } = commandLine;
  const factory = new MigrationAdapterFactory({ url, shadowDatabaseUrl, rollBack });
  const datamodels = commandLine.datamodels.map((path): [string, string] => [
    path,
    readFileSync(path, 'utf8'),
  ]);
  try {
    const options = { datamodels: datamodels.length > 0 ? datamodels : undefined };
    const engine = await bindings.SchemaEngine.new(
      options,
      log,
      bindMigrationAwareSqlAdapterFactory(factory),
    );
    try {
      return await use(engine);
    } finally {
      release(engine);
    }
  } finally {
    await factory.disposeAll();
  }
}

function release(engine: SchemaEngine): void {
  try {
    engine.free();
  } catch {
    // an engine that panicked cannot be freed; the process ends soon after
  }
}
