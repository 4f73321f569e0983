import { randomBytes } from 'node:crypto';
import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { pairAnswerSchema, pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { describe, expect, it } from 'vitest';
import { openTo } from '../../../../test/support/access.ts';
import { appDependencies, TOKEN } from '../../../../test/support/app-dependencies.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createApp } from '../../app.ts';
import { DeviceStore } from '../../home/device-store.ts';
import { Home } from '../../home/home.ts';
import type { Access } from './access.ts';
import { PairingDesk } from './pairing-desk.ts';

const EXTENSION = 'chrome-extension://abcdefghijklmnop';

/** The routes that only who owns the server may ask. */
const OWNERS_ROUTES = Object.entries(ROUTES).filter(([, { token }]) => token === 'local');

interface Sent {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** The connection's two ends. */
  readonly from?: string;
  readonly to?: string;
}

/** The whole app, a clock that stands still, and a real store of devices. */
async function setUp(change: Partial<Access> = {}) {
  const clock = new ManualClock();
  const now = () => clock.now();
  const devices = await DeviceStore.open(new Home(temporaryFolder()));
  const pairing = new PairingDesk({ now, randomBytes });
  const { dependencies, lines } = appDependencies({ access: openTo({ devices, pairing, ...change }), now });
  const app = createApp(dependencies);
  const ask = async (
    { method, path }: { method: string; path: string },
    { token = TOKEN, headers, body, from = '127.0.0.1', to = '127.0.0.1' }: Sent = {},
  ) => {
    const init = {
      method,
      headers: { ...(token && { Authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { body }),
    };
    return await app.request(path, init, {
      incoming: { socket: { remoteAddress: from, localAddress: to, setTimeout: () => {} } },
    });
  };
  const pair = (code: string, sent: Sent = {}) =>
    ask(ROUTES.pair, { token: '', body: JSON.stringify({ code, name: 'Chrome on Linux' }), ...sent });
  const paired = async (sent: Sent = {}) => pairAnswerSchema.parse(await (await pair(pairing.offer(), sent)).json());
  return { ask, clock, devices, lines, pair, paired, pairing };
}

async function refusalOf(response: Response) {
  const { error } = errorEnvelopeSchema.parse(await response.json());
  return [response.status, error.code];
}

const passes = async (response: Promise<Response>) => expect((await response).status).toBe(200);
const refuses = async (response: Promise<Response>, status: number, code: string) =>
  expect(await refusalOf(await response)).toEqual([status, code]);

describe('the host that a request is for', () => {
  const hosts = { allowedHosts: ['192.168.1.5', 'Swipenet.Example', 'fd00::1'] };

  it.each(['localhost', 'localhost:8787', '127.0.0.1:8787', '127.9.9.9', '[::1]:8787', 'LOCALHOST'])(
    '%s is always the server’s',
    async (Host) => passes((await setUp()).ask(ROUTES.model, { headers: { Host } })),
  );

  it.each(['192.168.1.5:8787', 'swipenet.example', '[fd00::1]:8787'])('%s is where it was set', async (Host) => {
    await passes((await setUp(hosts)).ask(ROUTES.model, { headers: { Host } }));
    await refuses((await setUp()).ask(ROUTES.model, { headers: { Host } }), 403, 'host_refused');
  });

  it.each([
    'attacker.example',
    'attacker.example:8787',
    'localhost.attacker.example',
    '127.0.0.1.attacker.example',
    'swipenet.example.attacker.example',
    '192.168.1.6',
    '0.0.0.0:8787',
    'localhost@attacker.example',
    'a b',
  ])('%s is not, whatever the route and the token', async (Host) => {
    const { ask } = await setUp(hosts);
    for (const route of [
      ...Object.values(ROUTES),
      { method: 'GET', path: '/demo' },
      { method: 'GET', path: '/none' },
    ]) {
      await refuses(ask(route, { headers: { Host } }), 403, 'host_refused');
    }
  });

  it('may be the very address that the connection reached: nobody can make an address point elsewhere', async () => {
    const { ask } = await setUp();
    const headers = { Host: '10.0.0.7:8787' };
    await passes(ask(ROUTES.health, { headers, to: '::ffff:10.0.0.7' }));
    await refuses(ask(ROUTES.health, { headers, to: '10.0.0.8' }), 403, 'host_refused');
  });
});

describe('the origin of a request', () => {
  const OTHERS = [
    'https://attacker.example',
    'null',
    '',
    'http://localhost',
    'http://127.0.0.1:8787',
    'chrome-extension://',
    'chrome-extension://abc.attacker.example',
    'https://chrome-extension',
  ];

  it.each(OTHERS)('%j is refused, said back nowhere, and meets no CORS header', async (Origin) => {
    const { ask } = await setUp();
    for (const route of [...Object.values(ROUTES), { method: 'OPTIONS', path: '/v1/score' }]) {
      const response = await ask(route, { headers: { Origin } });
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      const text = await response.text();
      expect([response.status, text]).toEqual([403, expect.stringContaining('"origin_refused"')]);
      if (Origin.length > 4) expect(text + JSON.stringify([...response.headers])).not.toContain(Origin);
    }
  });

  it.each(['chrome-extension://abcdefghijklmnop', 'moz-extension://0b8a1c2d-1111-4222-8333-444455556666'])(
    '%s may ask, and meets no CORS header',
    async (Origin) => {
      const { ask } = await setUp();
      const response = await ask(ROUTES.model, { headers: { Origin } });
      expect(response.status).toBe(200);
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  it('is the server’s own for what its demo page keeps, and no other’s', async () => {
    const { ask } = await setUp();
    const record = { method: 'POST', path: '/demo/record?run=r' };
    const body = JSON.stringify([{ kind: 'like', profile: 'p1', input: 'key', trusted: true }]);
    const headers = { Host: '127.0.0.1:8787', 'Content-Type': 'application/json' };
    // Hono reads the host from the address of the request, which in a server is made of the Host header.
    const own = { ...headers, Host: 'localhost', Origin: 'http://localhost' };
    expect((await ask(record, { headers: own, body })).status).toBe(204);
    await refuses(
      ask(record, { headers: { ...headers, Origin: 'https://attacker.example' }, body }),
      403,
      'origin_refused',
    );
  });
});

describe('a paired device', () => {
  it('gets a token of its own for a code, and may ask with it', async () => {
    const { ask, paired } = await setUp();
    const { token, device } = await paired({ headers: { Origin: EXTENSION } });
    expect(device).toMatchObject({ name: 'Chrome on Linux' });
    await passes(ask(ROUTES.model, { token, headers: { Origin: EXTENSION } }));
    await passes(ask(ROUTES.model, { token })); // a browser names no origin where none is needed
  });

  it('has no access from the moment it is revoked', async () => {
    const { ask, devices, paired } = await setUp();
    const { token, device } = await paired();
    await passes(ask(ROUTES.model, { token }));
    await devices.revoke(device.id);
    await refuses(ask(ROUTES.model, { token }), 401, 'token_invalid');
  });

  it('that is an extension lends its token to no other one', async () => {
    const { ask, paired } = await setUp();
    const { token } = await paired({ headers: { Origin: EXTENSION } });
    const headers = { Origin: 'chrome-extension://another' };
    await refuses(ask(ROUTES.model, { token, headers }), 403, 'origin_refused');
  });

  it('that was paired by a program may be used by any extension', async () => {
    const { ask, paired } = await setUp();
    const { token } = await paired();
    await passes(ask(ROUTES.model, { token, headers: { Origin: EXTENSION } }));
  });

  it.each(OWNERS_ROUTES)('can neither pair others nor change the server: %s', async (_, route) => {
    const { ask, paired } = await setUp();
    const { token } = await paired();
    await refuses(ask(route, { token, body: '{"id": "m"}' }), 403, 'loopback_only');
  });
});

describe.each(OWNERS_ROUTES)('the owner’s route %s', (_, route) => {
  it('is for the local token alone, asked from the server’s own machine', async () => {
    const { ask } = await setUp({ trustedProxies: ['127.0.0.1'] });
    const body = '{"id": "m"}';
    for (const [from, to] of [
      ['127.0.0.1', '127.0.0.1'],
      ['::1', '::1'],
      ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
      ['192.168.1.5', '192.168.1.5'],
    ] as const) {
      await passes(ask(route, { body, from, to }));
    }
    await refuses(ask(route, { body, token: '' }), 401, 'token_missing');
    await refuses(ask(route, { body, from: '192.168.1.9', to: '192.168.1.5' }), 403, 'loopback_only');
    // What came through a proxy on this machine came from elsewhere.
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    await refuses(ask(route, { body, headers }), 403, 'loopback_only');
  });
});

describe('a pairing code', () => {
  it('is shown once to the owner, and pairs', async () => {
    const { ask, pair } = await setUp();
    const { code, expiresInS } = pairingCodeAnswerSchema.parse(await (await ask(ROUTES.pairingCode)).json());
    expect(expiresInS).toBe(300);
    await passes(pair(code));
  });

  it('is refused with one answer, whether wrong, used, too old or never made, and is never said back', async () => {
    const { clock, pair, pairing } = await setUp();
    const answers = [await pair('WRONG-ONE')];
    const used = pairing.offer();
    await pair(used);
    answers.push(await pair(used));
    const old = pairing.offer();
    clock.advance(300_000);
    answers.push(await pair(old));
    const texts = await Promise.all(answers.map((response) => response.text()));
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(new Set(texts.map((text) => JSON.parse(text).error.message)).size).toBe(1);
    expect(texts.join()).not.toMatch(/WRONG|ONE/);
  });

  it('is used by one of many requests that come at once', async () => {
    const { pair, pairing, devices } = await setUp();
    const code = pairing.offer();
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await pair(code)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(devices.list()).toHaveLength(1);
  });

  it('can be tried ten times from one address, then once in twelve seconds; others are not kept from it', async () => {
    const { clock, pair } = await setUp({ trustedProxies: ['10.0.0.0/8'] });
    const guesser = { from: '10.0.0.1', headers: { 'X-Forwarded-For': '1.1.1.1, 203.0.113.9' } };
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await pair('x', guesser)).status).toBe(403);
    const refused = await pair('x', { ...guesser, headers: { 'X-Forwarded-For': '2.2.2.2, 203.0.113.9' } });
    expect(refused.headers.get('Retry-After')).toBe('12');
    expect(await refusalOf(refused)).toEqual([429, 'rate_limited']);
    await refuses(
      pair('x', { from: '10.0.0.1', headers: { 'X-Forwarded-For': '203.0.113.8' } }),
      403,
      'pairing_code_invalid',
    );
    clock.advance(12_000);
    await refuses(pair('x', guesser), 403, 'pairing_code_invalid');
    await refuses(pair('x', guesser), 429, 'rate_limited');
  });

  it('does not believe X-Forwarded-For of somebody who is no trusted proxy', async () => {
    const { pair } = await setUp();
    const codes = [];
    for (let attempt = 0; attempt < 11; attempt += 1) {
      codes.push((await pair('x', { from: '203.0.113.9', headers: { 'X-Forwarded-For': `1.1.1.${attempt}` } })).status);
    }
    expect(codes.at(-1)).toBe(429);
  });

  it.each([
    ['no JSON', 'code=x'],
    ['a list', '[]'],
    ['no name', '{"code":"x"}'],
    ['an empty name', '{"code":"x","name":"  "}'],
    ['a name with a terminal’s commands', JSON.stringify({ code: 'x', name: '\u001b[2Jx' })],
    ['a name that turns the writing around', JSON.stringify({ code: 'x', name: 'a\u202eb' })],
    ['a long name', JSON.stringify({ code: 'x', name: 'x'.repeat(61) })],
    ['a code that is a number', '{"code":12345678,"name":"n"}'],
    ['a long code', JSON.stringify({ code: 'x'.repeat(41), name: 'n' })],
  ])('with %s for a body is body_malformed, and costs no attempt', async (_, body) => {
    const { pair, pairing } = await setUp();
    const code = pairing.offer();
    for (let attempt = 0; attempt < 6; attempt += 1) await refuses(pair('', { body }), 400, 'body_malformed');
    expect((await pair(code)).status).toBe(200);
  });

  it('with a body of a megabyte is refused before it is read', async () => {
    const { pair } = await setUp();
    const body = JSON.stringify({ code: 'x'.repeat(1_000_000), name: 'n' });
    await refuses(pair('', { body }), 413, 'body_too_large');
  });
});

describe('the rate of one token', () => {
  it('is a burst, then so many a second, with a Retry-After; another token has its own', async () => {
    const { ask, clock, paired } = await setUp({ rate: { perSecond: 20, burst: 100 } });
    const { token } = await paired();
    for (let request = 0; request < 100; request += 1) await passes(ask(ROUTES.model));
    const refused = await ask(ROUTES.model);
    expect(refused.headers.get('Retry-After')).toBe('1');
    expect(await refusalOf(refused)).toEqual([429, 'rate_limited']);
    await passes(ask(ROUTES.model, { token }));
    clock.advance(50);
    await passes(ask(ROUTES.model));
    await refuses(ask(ROUTES.model), 429, 'rate_limited');
  });

  it('is used up by nobody who has only guessed at a token, and is not asked where none is needed', async () => {
    const { ask } = await setUp({ rate: { perSecond: 1, burst: 1 } });
    for (let request = 0; request < 5; request += 1) {
      await refuses(ask(ROUTES.model, { token: 'wrong' }), 401, 'token_invalid');
      await passes(ask(ROUTES.health));
    }
    await passes(ask(ROUTES.model));
  });
});

describe('who asks', () => {
  it('is logged as local or by the device’s id, and not where no token was right', async () => {
    const { ask, lines, paired } = await setUp();
    const { device, token } = await paired();
    await ask(ROUTES.model);
    await ask(ROUTES.model, { token });
    await ask(ROUTES.model, { token: 'wrong' });
    expect(lines.slice(1).map(({ caller }) => caller)).toEqual(['local', device.id, undefined]);
  });

  it('is counted and logged also when refused, without the foreign name', async () => {
    const { ask, lines } = await setUp();
    await ask(ROUTES.model, { headers: { Host: 'attacker.example' } });
    await ask(ROUTES.model, { headers: { Origin: 'https://attacker.example' } });
    const refused = { level: 'info', route: '/v1/model', status: 403 };
    expect(lines).toMatchObject([
      { ...refused, code: 'host_refused' },
      { ...refused, code: 'origin_refused' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('attacker');
    const text = await (await ask(ROUTES.metrics)).text();
    expect(text).toMatch(/^http_server_request_duration_seconds_count\{.*"\/v1\/model".*"403"\} 2$/m);
  });
});
