import type {
  CreateMigrationInput,
  CreateMigrationOutput,
  DiffParams,
  DiffResult,
  EvaluateDataLossInput,
  EvaluateDataLossOutput,
  SchemaEngine,
} from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { CommandLine } from './command-line.ts';
import { canConnect, createDatabase } from './database-commands.ts';
import { migrationName, withWarnings } from './migration-script.ts';
import { withEngine } from './wasm-engine.ts';

type Answer = (params: never) => Promise<unknown>;
type Print = (content: string) => void;

/**
 * What Prisma's CLI may ask, by method name. Most go to the WebAssembly engine as they are; the ones below are those
 * it cannot do without the native engine's own connections.
 */
export class Requests {
  private readonly commandLine: CommandLine;
  private readonly print: Print;
  private readonly own: Readonly<Record<string, Answer>> = {
    getDatabaseVersion: () => this.engine((engine) => engine.version()),
    createDatabase: async () => ({ databaseName: await createDatabase(this.commandLine.databaseUrl) }),
    ensureConnectionValidity: () => canConnect(this.commandLine.databaseUrl),
    evaluateDataLoss: (input: EvaluateDataLossInput) => this.evaluateDataLoss(input),
    createMigration: (input: CreateMigrationInput) => this.createMigration(input),
    diff: (params: DiffParams) => this.diff(params),
  };

  constructor(commandLine: CommandLine, print: Print) {
    this.commandLine = commandLine;
    this.print = print;
  }

  async answer(method: string, params: unknown): Promise<unknown> {
    const own = Object.hasOwn(this.own, method) ? this.own[method] : undefined;
    if (own) return own(params as never);
    return this.engine((engine) => {
      const answer: unknown = Reflect.get(engine, method);
      if (typeof answer !== 'function') throw new Error(`schema engine: unknown method ${method}`);
      return Promise.resolve(answer.call(engine, params) as unknown);
    });
  }

  private engine<R>(use: (engine: SchemaEngine) => Promise<R>, options?: { rollBack: boolean }): Promise<R> {
    return withEngine(this.commandLine, use, options);
  }

  /**
   * The engine's own evaluation wants a shadow database that it cannot reach through an adapter. When the CLI asks,
   * it has already proved that database and migrations agree: so a push of the schema, rolled back, says the same.
   */
  private async evaluateDataLoss({
    schema,
    filters,
  }: Pick<EvaluateDataLossInput, 'schema' | 'filters'>): Promise<EvaluateDataLossOutput> {
    const push = await this.engine((engine) => engine.schemaPush({ schema, filters, force: false }), {
      rollBack: true,
    });
    const feedback = (messages: string[]) => messages.map((message, stepIndex) => ({ message, stepIndex }));
    return {
      migrationSteps: push.executedSteps + push.unexecutable.length + push.warnings.length,
      unexecutableSteps: feedback(push.unexecutable),
      warnings: feedback(push.warnings),
    };
  }

  /** The same gap; but `diff` can replay the migrations in a shadow database, and its script is the migration. */
  private async createMigration(input: CreateMigrationInput): Promise<CreateMigrationOutput> {
    const { migrationsList, schema, filters, draft } = input;
    const from = migrationsList.migrationDirectories.length
      ? { tag: 'migrations' as const, ...migrationsList }
      : { tag: 'empty' as const };
    const to = { tag: 'schemaDatamodel' as const, files: schema.files };
    const diff = await this.engine((engine) =>
      engine.diff({ from, to, script: true, exitCode: true, filters }),
    );
    const changed = diff.exitCode === 2;
    return {
      connectorType: 'postgresql',
      generatedMigrationName: migrationName(input.migrationName, new Date()),
      migrationScript: changed
        ? await this.warned(diff.stdout ?? '', input)
        : draft
          ? '-- This is an empty migration.'
          : null,
      extension: 'sql',
    };
  }

  private async warned(script: string, input: CreateMigrationInput): Promise<string> {
    const { warnings, unexecutableSteps } = await this.evaluateDataLoss(input);
    return withWarnings(
      script,
      [...warnings, ...unexecutableSteps].map(({ message }) => message),
    );
  }

  /** The CLI takes no text from the result: it prints what it is sent meanwhile. */
  private async diff(params: DiffParams): Promise<DiffResult> {
    const result = await this.engine((engine) => engine.diff(params));
    if (result.stdout) this.print(result.stdout);
    return { ...result, stdout: null };
  }
}
