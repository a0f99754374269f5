import { describe, expect, it } from '@jest/globals';
import { AddressRefused, assertOutside, checkWebhookUrl, guardedLookup } from './address-guard.js';

const strict = { allowLoopback: false };
const local = { allowLoopback: true };

describe('where a webhook may go', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
  ])('not to %s', (address) => {
    expect(() => assertOutside(address, strict)).toThrow(AddressRefused);
  });

  it.each(['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('to %s', (address) => {
    expect(() => assertOutside(address, strict)).not.toThrow();
  });

  it.each([
    'http://hooks.example.com/x',
    'ftp://hooks.example.com',
    'https://user:pass@hooks.example.com',
    'https://10.0.0.1/x',
    'https://localhost/x',
    'https://[::1]/x',
    'https://0x7f000001/x',
    'https://2130706433/x',
    'nothing',
  ])('not by %s', (url) => {
    expect(() => checkWebhookUrl(url, strict)).toThrow(AddressRefused);
  });

  it('to this machine only where that was allowed', () => {
    expect(checkWebhookUrl('http://127.0.0.1:4000/x', local).port).toBe('4000');
    expect(() => checkWebhookUrl('http://10.0.0.1/x', local)).toThrow(AddressRefused);
    expect(() => checkWebhookUrl('http://hooks.example.com/x', local)).toThrow(AddressRefused);
  });

  it('not to a name that resolves to a private address, not even as one of several', async () => {
    const lookup = guardedLookup(strict, (_host, done) =>
      done(null, [
        { address: '8.8.8.8', family: 4 },
        { address: '192.168.0.1', family: 4 },
      ]),
    );
    const error = await new Promise((resolve) =>
      lookup('hooks.example.com', { all: true }, (failure) => resolve(failure)),
    );
    expect(error).toBeInstanceOf(AddressRefused);
  });
});
