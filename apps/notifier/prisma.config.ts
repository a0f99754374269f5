import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// Prisma resolves its engine before it reads the rest of this file.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= fileURLToPath(
  new URL('../../tools/prisma-schema-engine/schema-engine.mjs', import.meta.url),
);

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Generating needs no database; migrating does, and the migrator says which.
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://localhost/notifications' },
});
