import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { takeLock } from '../file-lock.ts';
import { machineRelease, machineSources, planSources, writeDeb822Style } from './apt-sources.ts';
import type { SourcePlan } from './apt-sources.ts';

const run = promisify(execFile);
const WAIT_MS = 300_000;
/** Within this time an archive still has the files that its lists name. */
const LISTS_FRESH_MS = 15 * 60_000;

export interface Unpacked {
  /** Holds what would lie at `/`. */
  readonly root: string;
  /** For LD_LIBRARY_PATH. */
  readonly libraryPath: string;
}

/**
 * Programs from Debian's or Ubuntu's archive for a user who may install nothing: apt downloads with lists, sources
 * and folders of its own, dpkg-deb unpacks into our cache, and nothing else on the machine changes.
 */
export class DebianPackages {
  private readonly cache: string;
  private readonly onProgress: (line: string) => void;

  constructor(cache: string, onProgress: (line: string) => void) {
    this.cache = cache;
    this.onProgress = onProgress;
  }

  static available(): boolean {
    return existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb');
  }

  /** A package, with those packages that it depends on and this machine lacks, from the machine's own release. */
  withDependencies(name: string): Promise<Unpacked> {
    return this.bring(name, (plan) => [
      'install',
      '--download-only',
      '--yes',
      '--no-install-recommends',
      '-t',
      plan.ownSuite,
      name,
    ]);
  }

  /** nats-server alone: it needs no shared library. */
  natsServer(): Promise<Unpacked> {
    return this.bring('nats-server', (plan) => ['download', `nats-server/${plan.natsSuite}`]);
  }

  private async bring(name: string, aptArguments: (plan: SourcePlan) => string[]): Promise<Unpacked> {
    const release = machineRelease();
    const plan = planSources(machineSources(), release);
    if (!plan) throw new Error('this machine has no package archive of its own distribution configured');
    const root = path.join(this.cache, `${name}-${release.codename}-${process.arch}`);
    if (!existsSync(root)) {
      const unlock = await takeLock(`${root}.lock`, WAIT_MS);
      try {
        if (!existsSync(root)) await this.download(name, root, plan, aptArguments(plan));
      } finally {
        unlock();
      }
    }
    return { root, libraryPath: libraryFolders(root).join(':') };
  }

  private async download(
    name: string,
    root: string,
    plan: SourcePlan,
    aptArguments: readonly string[],
  ): Promise<void> {
    this.onProgress(`downloading ${name} from this machine's package archive`);
    const fresh = `${root}.${process.pid}.new`;
    const debs = path.join(fresh, 'debs');
    mkdirSync(path.join(debs, 'partial'), { recursive: true });
    try {
      await this.fetch(plan, aptArguments, debs);
      const files = readdirSync(debs).filter((file) => file.endsWith('.deb'));
      if (files.length === 0) throw new Error(`apt-get brought nothing for ${name}`);
      const unpacked = path.join(fresh, 'root');
      mkdirSync(unpacked);
      for (const file of files) await run('dpkg-deb', ['-x', path.join(debs, file), unpacked]);
      renameSync(unpacked, root);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }

  /** One apt at a time works on our lists, also among processes. */
  private async fetch(plan: SourcePlan, args: readonly string[], into: string): Promise<void> {
    const release = await takeLock(path.join(this.cache, 'apt.lock'), WAIT_MS);
    try {
      if (!this.listsAreFresh()) await this.update(plan);
      await this.apt(plan, args, into);
    } finally {
      release();
    }
  }

  private listsAreFresh(): boolean {
    const updatedAt = statSync(this.stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Date.now() - updatedAt < LISTS_FRESH_MS;
  }

  private async update(plan: SourcePlan): Promise<void> {
    // A source that cannot be reached is no reason to give up: what matters is whether the package comes.
    await this.apt(plan, ['update'], this.cache).catch((error: Error) => this.onProgress(error.message));
    writeFileSync(this.stamp, '');
  }

  private get stamp(): string {
    return path.join(this.cache, 'apt.updated');
  }

  private async apt(plan: SourcePlan, args: readonly string[], archives: string): Promise<void> {
    const own = path.join(this.cache, 'apt');
    mkdirSync(path.join(own, 'lists', 'partial'), { recursive: true });
    mkdirSync(path.join(own, 'parts'), { recursive: true });
    const sources = path.join(own, 'tradeline.sources');
    writeFileSync(sources, writeDeb822Style(plan.sources));
    const options = {
      'Dir::Etc::SourceList': sources,
      'Dir::Etc::SourceParts': path.join(own, 'parts'),
      'Dir::State::Lists': path.join(own, 'lists'),
      'Dir::Cache': own,
      'Dir::Cache::Archives': archives,
      'Acquire::Languages': 'none',
      'Acquire::Retries': '3',
      'APT::Sandbox::User': '', // as root apt would switch to a user who may not write here
      'APT::Update::Post-Invoke': '',
      'APT::Update::Post-Invoke-Success': '',
      'Debug::NoLocking': 'true',
    };
    const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    try {
      await run('apt-get', [...flags, '-q', ...args], {
        cwd: archives,
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
        maxBuffer: 16 << 20,
      });
    } catch (error) {
      const { stderr } = error as { stderr?: string };
      throw new Error(
        `apt-get ${args[0]} failed: ${(stderr || (error as Error).message).trim().split('\n').slice(-3).join(' ')}`,
        { cause: error },
      );
    }
  }
}

function libraryFolders(root: string): string[] {
  return ['usr/lib', 'lib'].flatMap((base) => {
    const folder = path.join(root, base);
    if (!existsSync(folder)) return [];
    const architectures = readdirSync(folder).filter((name) => name.includes('-linux-'));
    return [...architectures.map((name) => path.join(folder, name)), folder];
  });
}
