import { describe, expect, it } from '@jest/globals';
import { natsConfigText } from './nats-config.ts';
import { servicePermissions } from './nats-permissions.ts';

const config = natsConfigText({
  listen: '127.0.0.1:4222',
  storeDir: '/data/"quoted"',
  storageKey: 'key',
  users: [
    { name: 'migrator', password: 'a', permissions: undefined },
    {
      name: 'notifier',
      password: 'b',
      permissions: {
        publish: { allow: ['notifications.v1.lead-alert-delivered.*'] },
        subscribe: { allow: ['rpc.notifications.v1.list-deliveries'] },
      },
    },
  ],
});

describe("the bus's configuration", () => {
  it('encrypts what lies on disk', () => {
    expect(config).toMatch(/cipher: chacha\n\s+key: "key"/);
  });

  it('lets a service publish and hear what it is allowed to, and its own inbox', () => {
    expect(config).toContain('publish: { allow: ["notifications.v1.lead-alert-delivered.*"] }');
    expect(config).toContain(
      'subscribe: { allow: ["rpc.notifications.v1.list-deliveries", "_INBOX_notifier.>"] }',
    );
  });

  it('binds the administrator to nothing', () => {
    expect(config).toContain('{ user: "migrator", password: "a" }');
  });

  it('quotes what it is given', () => {
    expect(config).toContain('store_dir: "/data/\\"quoted\\""');
  });
});

describe('the permissions from the catalogue', () => {
  it('let no service do everything', () => {
    const allowed = Object.values(servicePermissions()).flatMap(({ publish, subscribe }) => [
      ...publish.allow,
      ...subscribe.allow,
    ]);
    expect(allowed.length).toBeGreaterThan(0);
    expect(allowed.filter((subject) => subject === '>' || subject.startsWith('$JS.API.>'))).toEqual([]);
  });
});
