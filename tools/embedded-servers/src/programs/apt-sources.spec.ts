import { describe, expect, it } from '@jest/globals';
import {
  machineRelease,
  parseDeb822Style,
  parseOneLineStyle,
  planSources,
  writeDeb822Style,
} from './apt-sources.ts';

const MIRROR = 'https://mirror.test/debian';
const KEYS = '/usr/share/keyrings/archive.gpg';

const BOOKWORM = parseDeb822Style(`Types: deb deb-src
# URIs: https://elsewhere.test
URIs: ${MIRROR}
Suites: bookworm bookworm-updates
Components: main non-free
Signed-By: ${KEYS}

Types: deb
URIs: https://vendor.test
Suites: stable
Components: main

Enabled: no
Types: deb
URIs: ${MIRROR}
Suites: bookworm-backports
Components: main
`);

describe("a machine's package sources", () => {
  it('are read in the stanza style, without what is disabled', () => {
    expect(BOOKWORM).toHaveLength(2);
    expect(BOOKWORM[0]).toEqual({
      uris: [MIRROR],
      suites: ['bookworm', 'bookworm-updates'],
      components: ['main', 'non-free'],
      options: { 'Signed-By': KEYS },
    });
  });

  it('are read in the one-line style', () => {
    const text = `# deb https://no.test x main\ndeb [arch=amd64 signed-by=${KEYS}] ${MIRROR} bookworm main contrib # ours\ndeb-src ${MIRROR} bookworm main\n`;
    expect(parseOneLineStyle(text)).toEqual([
      {
        uris: [MIRROR],
        suites: ['bookworm'],
        components: ['main', 'contrib'],
        options: { 'Signed-By': KEYS, Architectures: 'amd64' },
      },
    ]);
  });

  it('keep a key that stands in the file itself', () => {
    const key = '\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc';
    const [source] = parseDeb822Style(
      `Types: deb\nURIs: ${MIRROR}\nSuites: x\nComponents: main\nSigned-By:${key}\n`,
    );
    expect(source?.options['Signed-By']).toBe(key);
    expect(parseDeb822Style(writeDeb822Style(source ? [source] : []))).toEqual([source]);
  });
});

describe('our own sources', () => {
  const bookworm = { distribution: 'debian', codename: 'bookworm', version: 12 };

  it("are the machine's archive, and of it the release with a new enough NATS", () => {
    const plan = planSources(BOOKWORM, bookworm);
    expect(plan).toMatchObject({ ownSuite: 'bookworm', natsSuite: 'trixie' });
    expect(plan?.sources.map(({ uris, suites, options }) => [uris, suites, options])).toEqual([
      [[MIRROR], ['bookworm', 'bookworm-updates'], { 'Signed-By': KEYS }],
      [[MIRROR], ['trixie'], { 'Signed-By': KEYS }],
    ]);
  });

  it('need no other release where the own one is new enough', () => {
    const trixie = [{ uris: [MIRROR], suites: ['trixie'], components: ['main'], options: {} }];
    expect(planSources(trixie, { distribution: 'debian', codename: 'trixie', version: 13 })).toMatchObject({
      natsSuite: 'trixie',
      sources: trixie,
    });
  });

  it("take in Ubuntu's community packages", () => {
    const noble = [{ uris: [MIRROR], suites: ['noble'], components: ['main', 'restricted'], options: {} }];
    const plan = planSources(noble, { distribution: 'ubuntu', codename: 'noble', version: 24.04 });
    expect(plan?.sources[0]?.components).toEqual(['main', 'universe']);
  });

  it('do not exist where the machine has no archive of its distribution', () => {
    expect(planSources(BOOKWORM, { distribution: 'fedora', codename: '', version: 42 })).toBeUndefined();
  });

  it('know the release by os-release', () => {
    expect(machineRelease('ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n')).toEqual(bookworm);
  });
});
