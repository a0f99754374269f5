import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

/** Addresses that are inside somebody's network, from the IANA special-purpose registries. */
const INSIDE_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
const INSIDE_V6 = [
  ['::', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const;

const inside = new BlockList();
for (const [network, prefix] of INSIDE_V4) inside.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of INSIDE_V6) inside.addSubnet(network, prefix, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** An IPv4 address in IPv6 clothes, "::ffff:10.0.0.1" or "::ffff:a00:1", is judged as the IPv4 address that it is. */
const unmapped = (address: string): string => {
  const [, dotted, high, low] =
    /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(address) ?? [];
  if (dotted) return dotted;
  if (!high || !low) return address;
  const bits = (parseInt(high, 16) << 16) | parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
};

/** Thrown, in words for the tenant, when an address is not one that a webhook may go to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

export interface GuardOptions {
  /** Loopback and plain http are allowed: for a platform on one machine that delivers to itself. */
  readonly allowLoopback: boolean;
}

/** @throws AddressRefused when the address lies inside a network. */
export const assertOutside = (address: string, { allowLoopback }: GuardOptions): void => {
  const bare = unmapped(address);
  const family = isIP(bare) === 4 ? 'ipv4' : 'ipv6';
  if (loopback.check(bare, family)) {
    if (allowLoopback) return;
    throw new AddressRefused('The webhook address points to this machine itself.');
  }
  if (inside.check(bare, family))
    throw new AddressRefused('The webhook address points into a private network.');
};

/**
 * What can be told of an address without asking anybody.
 * @throws AddressRefused for what is not https, carries a password, or names a private address.
 */
export const checkWebhookUrl = (text: string, options: GuardOptions): URL => {
  if (!URL.canParse(text)) throw new AddressRefused('The webhook address is not a web address.');
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const local =
    host === 'localhost' ||
    (isIP(host) !== 0 && loopback.check(unmapped(host), isIP(unmapped(host)) === 4 ? 'ipv4' : 'ipv6'));
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local && options.allowLoopback)) {
    throw new AddressRefused('The webhook address must begin with https://.');
  }
  if (url.username || url.password)
    throw new AddressRefused('The webhook address must not carry a user or password.');
  if (isIP(host) !== 0) assertOutside(host, options);
  else if (local && !options.allowLoopback)
    throw new AddressRefused('The webhook address points to this machine itself.');
  return url;
};

type Resolve = (
  host: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

const systemResolver: Resolve = (host, done) =>
  lookup(host, { all: true }, (error, addresses) => done(error, addresses ?? []));

/**
 * A resolver for the connection itself: the addresses that it judges are the ones that are connected to, so a name that
 * changes its answer between a check and its use gains nothing.
 */
export const guardedLookup = (options: GuardOptions, resolve: Resolve = systemResolver): LookupFunction => {
  return (host, wanted, done) => {
    resolve(host, (error, addresses) => {
      if (error) return done(error, '', 0);
      try {
        for (const { address } of addresses) assertOutside(address, options);
      } catch (refusal) {
        return done(refusal as Error, '', 0);
      }
      const [first] = addresses;
      if (!first) return done(new Error(`${host} has no address`), '', 0);
      if (wanted.all) return done(null, [...addresses]);
      return done(null, first.address, first.family);
    });
  };
};
