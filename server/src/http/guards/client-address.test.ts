import { describe, expect, it } from 'vitest';
import { clientReader, parseNetwork } from './client-address.ts';

type Headers = Readonly<Record<string, string>>;

/** A request by its connection and its headers, whose names are in lower case. */
function request(remoteAddress: string | undefined, headers: Headers = {}, localAddress = '10.0.0.5') {
  const header = (name?: string) => (name === undefined ? headers : headers[name.toLowerCase()]);
  const made = { env: { incoming: { socket: { remoteAddress, localAddress } } }, req: { header } };
  return made as unknown as Parameters<ReturnType<typeof clientReader>['addressOf']>[0];
}

const forwardedFor = (list: string | undefined): Headers => (list === undefined ? {} : { 'x-forwarded-for': list });

describe('the client address', () => {
  const { addressOf } = clientReader(['10.0.0.1', '192.168.0.0/16', 'fd00::/8']);

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
  ])('is %s', (_, remote, forwarded, client) =>
    expect(addressOf(request(remote, forwardedFor(forwarded)))).toBe(client),
  );

  it('is unknown without a connection', () => {
    expect(addressOf(request(undefined))).toBe('');
  });
});

describe('a request', () => {
  const isOwn = (trusted: readonly string[], ...parts: Parameters<typeof request>) =>
    clientReader(trusted).isFromThisMachine(request(...parts));

  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.5', true],
    ['10.0.0.6', false],
    ['203.0.113.9', false],
    [undefined, false],
  ])('from %s counts as from this machine: %s', (client, own) => expect(isOwn([], client)).toBe(own));

  it.each([
    'Forwarded',
    'Via',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-Forwarded-Port',
    'X-Forwarded',
    'X-Real-IP',
    'X-Client-IP',
    'X-Cluster-Client-IP',
    'True-Client-IP',
    'CF-Connecting-IP',
    'Fly-Client-IP',
    'CDN-Loop',
    'X-Original-Forwarded-For',
    'Tailscale-User-Login',
  ])('over loopback that has the header %s counts as forwarded, even if a trusted proxy sent it', (name) => {
    for (const value of ['', '127.0.0.1', 'for=127.0.0.1', '203.0.113.9, 127.0.0.1']) {
      const headers = { [name.toLowerCase()]: value };
      expect(isOwn([], '127.0.0.1', headers)).toBe(false);
      // X-Forwarded-For is what a trusted proxy vouches with.
      if (name !== 'X-Forwarded-For') expect(isOwn(['127.0.0.1'], '127.0.0.1', headers)).toBe(false);
    }
  });

  it.each<[string, string, string, boolean]>([
    ['for a client on this machine', '127.0.0.1', '127.0.0.1', true],
    ['for a client at this machine’s own address', '127.0.0.1', '10.0.0.5', true],
    ['for a client elsewhere', '127.0.0.1', '203.0.113.9', false],
    ['for a client elsewhere that says it is here', '127.0.0.1', '127.0.0.1, 203.0.113.9', false],
    ['for nobody', '127.0.0.1', '', false],
    ['for something that isn’t an address', '127.0.0.1', 'localhost', false],
    ['on another machine, for a client there', '10.0.0.1', '127.0.0.1', false],
    ['on another machine, for a client here', '10.0.0.1', '10.0.0.5', false],
    ['behind another one on another machine', '127.0.0.1', '127.0.0.1, 10.0.0.1', false],
  ])('that a trusted proxy forwards %s: %s for %s: %s', (_, proxy, list, own) => {
    expect(isOwn(['127.0.0.1', '10.0.0.1'], proxy, { ...forwardedFor(list), via: '1.1 proxy' })).toBe(own);
  });
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
