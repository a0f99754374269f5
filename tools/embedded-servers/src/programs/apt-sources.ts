import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One `deb` entry of a machine's package sources; see sources.list(5). */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Other options by their deb822 names, such as `Signed-By`. */
  readonly options: Readonly<Record<string, string>>;
}

/** The one-line style: `deb [signed-by=/key] uri suite component...` */
export function parseOneLineStyle(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const parts = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    if (!parts) return [];
    const [, bracketed = '', uri = '', suite = '', components = ''] = parts;
    const options = Object.fromEntries(
      bracketed.split(/\s+/).flatMap((option) => {
        const [name, value] = option.split('=');
        return name && value
          ? [[ONE_LINE_OPTIONS[name.toLowerCase()] ?? name, value.replaceAll(',', ' ')]]
          : [];
      }),
    ) as Record<string, string>;
    return [{ uris: [uri], suites: [suite], components: components.trim().split(/\s+/), options }];
  });
}

const ONE_LINE_OPTIONS: Readonly<Record<string, string>> = {
  'signed-by': 'Signed-By',
  arch: 'Architectures',
  trusted: 'Trusted',
};

/** The deb822 style: stanzas of `Field: value`, where a value goes on in indented lines (an inlined key does). */
export function parseDeb822Style(text: string): AptSource[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    let field = '';
    for (const line of stanza.split('\n').filter((each) => !each.startsWith('#'))) {
      const named = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line);
      if (named) fields.set((field = (named[1] ?? '').toLowerCase()), named[2] ?? '');
      else if (/^\s/.test(line) && field) fields.set(field, `${fields.get(field)}\n${line}`);
    }
    const words = (name: string) => (fields.get(name) ?? '').split(/\s+/).filter(Boolean);
    if (!words('types').includes('deb') || fields.get('enabled')?.trim() === 'no') return [];
    const options: Record<string, string> = {};
    for (const name of ['Signed-By', 'Trusted']) {
      const value = fields.get(name.toLowerCase());
      if (value) options[name] = value;
    }
    return [{ uris: words('uris'), suites: words('suites'), components: words('components'), options }];
  });
}

export function writeDeb822Style(sources: readonly AptSource[]): string {
  const stanza = ({ uris, suites, components, options }: AptSource) =>
    [
      'Types: deb',
      `URIs: ${uris.join(' ')}`,
      `Suites: ${suites.join(' ')}`,
      `Components: ${components.join(' ')}`,
      ...Object.entries(options).map(([name, value]) => `${name}: ${value}`),
    ].join('\n');
  return `${sources.map(stanza).join('\n\n')}\n`;
}

/** All sources of this machine. */
export function machineSources(folder = '/etc/apt'): AptSource[] {
  const list = readIfThere(path.join(folder, 'sources.list'));
  const parts = path.join(folder, 'sources.list.d');
  const names = namesIn(parts);
  return [
    ...parseOneLineStyle(list),
    ...names
      .filter((name) => name.endsWith('.list'))
      .flatMap((name) => parseOneLineStyle(readIfThere(path.join(parts, name)))),
    ...names
      .filter((name) => name.endsWith('.sources'))
      .flatMap((name) => parseDeb822Style(readIfThere(path.join(parts, name)))),
  ];
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

export interface Release {
  readonly distribution: string;
  readonly codename: string;
  readonly version: number;
}

/** Which Debian or Ubuntu this is, by os-release(5). */
export function machineRelease(text = readIfThere('/etc/os-release')): Release {
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return {
    distribution: field('ID'),
    codename: field('VERSION_CODENAME'),
    version: Number(field('VERSION_ID')),
  };
}

/** The oldest release of each distribution whose nats-server is 2.10 or newer. */
const NATS_SUITES: Readonly<Record<string, { version: number; codename: string }>> = {
  debian: { version: 13, codename: 'trixie' },
  ubuntu: { version: 24.04, codename: 'noble' },
};

export interface SourcePlan {
  readonly sources: readonly AptSource[];
  /** The machine's own release: what links against its libraries comes from there. */
  readonly ownSuite: string;
  /** Where nats-server comes from; it is linked statically, so another release's runs as well. */
  readonly natsSuite: string;
}

/**
 * Package sources for downloads of our own: the machine's archive of its distribution, with its mirror and its keys,
 * and the suite that has a new enough NATS. Other parties' sources are left out. Undefined when there is no archive.
 */
export function planSources(machine: readonly AptSource[], release: Release): SourcePlan | undefined {
  const { codename } = release;
  const ours = new Set(['', '-updates', '-security', '/updates'].map((suffix) => codename + suffix));
  const own = machine.flatMap((source) => {
    const suites = source.suites.filter((suite) => ours.has(suite));
    return suites.length > 0 && source.components.includes('main') ? [{ ...source, suites }] : [];
  });
  const archive = own.find((source) => source.suites.includes(codename));
  if (!codename || !archive) return undefined;
  const needed = NATS_SUITES[release.distribution];
  const natsSuite = needed && release.version < needed.version ? needed.codename : codename;
  const components = release.distribution === 'ubuntu' ? ['main', 'universe'] : ['main'];
  const sources = [...own, ...(natsSuite === codename ? [] : [{ ...archive, suites: [natsSuite] }])];
  return { sources: sources.map((source) => ({ ...source, components })), ownSuite: codename, natsSuite };
}
