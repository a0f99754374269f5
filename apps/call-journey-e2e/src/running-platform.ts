import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './scenario.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const UP_WITHIN_MS = 180_000;
const STOPPED_WITHIN_MS = 60_000;

export interface ProcessAddress {
  readonly url: string;
  readonly pid: number;
}

/** The line that `./tradeline up --json` prints. */
export interface PlatformLine {
  readonly publicUrl: string;
  readonly services: Readonly<Record<string, ProcessAddress | ProcessAddress[]>>;
  readonly servers: Readonly<Record<string, ProcessAddress>>;
  readonly sandbox: ProcessAddress & { readonly mailbox: string };
  readonly tenant: { readonly id: string; readonly number: string; readonly apiKey: string };
}

export interface StartOptions {
  readonly bridges?: number;
  /** The front door's port; a free one unless told otherwise, and PUBLIC_URL's own when undefined is given. */
  readonly port?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Another platform's directory, to start again where it was killed. */
  readonly dataDir?: string;
}

const deadline = <T>(promise: Promise<T>, timeoutMs: number, message: () => string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), timeoutMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** The whole platform as a newcomer starts it, in a directory of its own. */
export class RunningPlatform {
  private constructor(
    private readonly child: ChildProcess,
    readonly line: PlatformLine,
    readonly dataDir: string,
  ) {}

  static async start(options: StartOptions = {}): Promise<RunningPlatform> {
    const { bridges = 1, env = {}, dataDir = mkdtempSync(join(tmpdir(), 'tradeline-journey-')) } = options;
    const port = 'port' in options ? options.port : 0;
    const child = spawn(
      join(ROOT, 'tradeline'),
      [
        'up',
        '--json',
        ...(port === undefined ? [] : ['--port', String(port)]),
        '--data-dir',
        dataDir,
        '--bridges',
        String(bridges),
      ],
      {
        cwd: ROOT,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let told = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (told += text));
    const line = new Promise<PlatformLine>((resolve, reject) => {
      let out = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        if (out.includes('\n')) resolve(JSON.parse(out) as PlatformLine);
      });
      child.once('exit', (code) => reject(new Error(`up ended with status ${code}:\n${told}`)));
    });
    return new RunningPlatform(
      child,
      await deadline(line, UP_WITHIN_MS, () => `not up in time:\n${told}`),
      dataDir,
    );
  }

  /** Process ids as they are now: a killed service has a new one. */
  pidsOf(service: string): number[] {
    const state = JSON.parse(readFileSync(join(this.dataDir, 'platform.json'), 'utf8')) as PlatformLine;
    const addresses = state.services[service] ?? state.servers[service];
    return [addresses ?? []].flat().map(({ pid }) => pid);
  }

  /** `kill -9` of a service, of all its instances, or of a server; the supervisor starts it again. */
  kill(service: string): void {
    for (const pid of this.pidsOf(service)) process.kill(pid, 'SIGKILL');
  }

  /** `kill -9` of one instance, e.g. "bridge-2". */
  killInstance(instance: string): void {
    const processes = JSON.parse(readFileSync(join(this.dataDir, 'processes.json'), 'utf8')) as {
      name: string;
      pid: number;
    }[];
    const found = processes.find(({ name }) => name === instance);
    if (!found) throw new Error(`no process is called ${instance}`);
    process.kill(found.pid, 'SIGKILL');
  }

  /** `kill -9` of the supervisor itself. */
  async killSupervisor(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }

  /** Ctrl-C. @returns the status it ended with */
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const status = new Promise<number | null>((resolve) => this.child.once('exit', (code) => resolve(code)));
    this.child.kill('SIGINT');
    return deadline(status, STOPPED_WITHIN_MS, () => 'it did not stop');
  }

  removeData(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async api<T>(path: string, key = this.line.tenant.apiKey): Promise<T> {
    const response = await fetch(this.line.publicUrl + path, { headers: { authorization: `Bearer ${key}` } });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async sandbox<T>(path: string, body?: unknown): Promise<T> {
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const response = await fetch(this.line.sandbox.url + path, body === undefined ? {} : post);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Plays a scenario as a person would, and has it recorded. @returns what `./tradeline call` told */
  async recordByCommand(scenario: string, file: string): Promise<string> {
    const args = ['call', scenario, '--record', file, '--data-dir', this.dataDir];
    const child = spawn(join(ROOT, 'tradeline'), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (told += text));
    const status = await new Promise((resolve) => child.once('close', resolve));
    if (status !== 0) throw new Error(`call ended with status ${String(status)}:\n${told}`);
    return told;
  }

  /** Plays one of the sandbox's scenarios, or one of the test's own, to its end. @param onLine hears the narration, e.g. to kill something in the middle */
  async play(
    scenario: string | Scenario,
    onLine: (line: NarrationLine) => void = () => undefined,
  ): Promise<NarrationLine> {
    const response = await fetch(`${this.line.sandbox.url}/control/calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ scenario, to: this.line.tenant.number }),
    });
    if (!response.ok || !response.body)
      throw new Error(`call refused: ${response.status} ${await response.text()}`);
    let last: NarrationLine | undefined;
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines.filter(Boolean)) {
        last = { ...last, ...(JSON.parse(text) as NarrationLine) };
        onLine(JSON.parse(text) as NarrationLine);
      }
    }
    if (!last?.callSid)
      throw new Error(`the call of ${typeof scenario === 'string' ? scenario : scenario.title} told nothing`);
    return last;
  }
}

export interface NarrationLine {
  readonly type: string;
  readonly who?: 'caller' | 'assistant';
  readonly text?: string;
  readonly callSid?: string;
  readonly reason?: string;
  readonly durationMs?: number;
}
