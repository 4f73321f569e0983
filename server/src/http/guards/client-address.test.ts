import { describe, expect, it } from 'vitest';
import { clientAddressReader, isFromThisMachine, parseNetwork } from './client-address.ts';

const request = (remoteAddress: string | undefined, forwarded?: string, localAddress = '10.0.0.5') =>
  ({
    env: { incoming: { socket: { remoteAddress, localAddress } } },
    req: { header: () => forwarded },
  }) as unknown as Parameters<ReturnType<typeof clientAddressReader>>[0];

describe('the client address', () => {
  const read = clientAddressReader(['10.0.0.1', '192.168.0.0/16', 'fd00::/8']);

  it.each<[string, string, string | undefined, string]>([
    ['the connection’s remote address', '203.0.113.9', undefined, '203.0.113.9'],
    ['the remote address, whatever an untrusted client claims', '203.0.113.9', '1.1.1.1', '203.0.113.9'],
    ['what a trusted proxy reports', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['what the last proxy reports, not what the client claimed', '10.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
    ['the address behind a chain of trusted proxies', '10.0.0.1', '1.1.1.1, 203.0.113.9, 192.168.7.7', '203.0.113.9'],
    ['the proxy’s own if it reports nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['the proxy’s own if it reports nonsense', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['the leftmost one if all are trusted', '10.0.0.1', '192.168.1.1', '192.168.1.1'],
    ['an IPv6 address', 'fd00::7', '2001:db8::1', '2001:db8::1'],
    ['an IPv4 address on a dual-stack socket', '::ffff:10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ])('is %s', (_, remote, forwarded, client) => expect(read(request(remote, forwarded))).toBe(client));

  it('is unknown without a connection, which never counts as this machine', () => {
    const none = request(undefined, undefined, undefined);
    expect(read(none)).toBe('');
    expect(isFromThisMachine(none, '')).toBe(false);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['::1', true],
    ['10.0.0.5', true],
    ['10.0.0.6', false],
    ['203.0.113.9', false],
  ])('%s counts as this machine: %s', (client, own) => expect(isFromThisMachine(request(client), client)).toBe(own));
});

describe('a network', () => {
  it.each([
    ['10.0.0.1', { address: '10.0.0.1', prefix: 32, family: 'ipv4' }],
    [' 10.0.0.0/8 ', { address: '10.0.0.0', prefix: 8, family: 'ipv4' }],
    ['fd00::/8', { address: 'fd00::', prefix: 8, family: 'ipv6' }],
    ['10.0.0.0/33', undefined],
    ['proxy.example', undefined],
    ['', undefined],
  ])('is parsed from %j', (text, network) => expect(parseNetwork(text)).toEqual(network));
});
