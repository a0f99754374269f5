#!/usr/bin/env node
// What PRISMA_SCHEMA_ENGINE_BINARY points at: Prisma's CLI starts it where it would start its downloaded engine.
// The engine is TypeScript, run by type stripping. A machine's own `node` may be too old for that, and then the
// Node of this workspace takes over.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (process.features.typescript) {
  await import('./src/main.ts');
} else {
  const own = fileURLToPath(
    new URL(`../../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
  );
  if (!existsSync(own) || own === process.execPath) {
    process.stderr.write(
      `schema engine: Node ${process.version} cannot run TypeScript: start it with Node 24\n`,
    );
    process.exit(1);
  }
  const child = spawn(own, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}
