import { randomBytes } from 'node:crypto';
import { pairAnswerSchema, pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { describe, expect, it } from 'vitest';
import { testAccess } from '../../../../test/support/access.ts';
import { appDependencies, TOKEN } from '../../../../test/support/app-dependencies.ts';
import { errorCodeOf } from '../../../../test/support/error-code.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createApp } from '../../app.ts';
import { DeviceStore } from '../../home/device-store.ts';
import { Home } from '../../home/home.ts';
import type { Access } from './access.ts';
import { PairingDesk } from './pairing-desk.ts';

const EXTENSION = 'chrome-extension://abcdefghijklmnop';

/** The routes that only the server's owner may use. */
const OWNERS_ROUTES = Object.entries(ROUTES).filter(([, { token }]) => token === 'local');

interface Sent {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** The addresses of the connection's two ends. */
  readonly from?: string;
  readonly to?: string;
}

/** The whole app with a manual clock and a real device store. */
async function setUp(change: Partial<Access> = {}) {
  const clock = new ManualClock();
  const now = () => clock.now();
  const devices = DeviceStore.open(new Home(temporaryFolder()), () => {});
  const pairing = new PairingDesk({ now, randomBytes });
  const { dependencies, lines } = appDependencies({ access: testAccess({ devices, pairing, ...change }), now });
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
  const paired = async (sent: Sent = {}) =>
    pairAnswerSchema.parse(await (await pair(pairing.offer('owner'), sent)).json());
  return { ask, clock, devices, lines, pair, paired, pairing };
}

async function refusalOf(response: Response) {
  return [response.status, await errorCodeOf(response)];
}

const accepts = async (response: Promise<Response>) => expect((await response).status).toBe(200);
const rejects = async (response: Promise<Response>, status: number, code: string) =>
  expect(await refusalOf(await response)).toEqual([status, code]);

describe('the Host header', () => {
  const hosts = { allowedHosts: ['192.168.1.5', 'Swipenet.Example', 'fd00::1'] };

  it.each(['localhost', 'localhost:8787', '127.0.0.1:8787', '127.9.9.9', '[::1]:8787', 'LOCALHOST'])(
    'may always be %s',
    async (Host) => accepts((await setUp()).ask(ROUTES.model, { headers: { Host } })),
  );

  it.each(['192.168.1.5:8787', 'swipenet.example', '[fd00::1]:8787'])(
    'may be %s only if the settings allow it',
    async (Host) => {
      await accepts((await setUp(hosts)).ask(ROUTES.model, { headers: { Host } }));
      await rejects((await setUp()).ask(ROUTES.model, { headers: { Host } }), 403, 'host_refused');
    },
  );

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
  ])('may not be %s, whatever the route and the token', async (Host) => {
    const { ask } = await setUp(hosts);
    for (const route of [
      ...Object.values(ROUTES),
      { method: 'GET', path: '/demo' },
      { method: 'GET', path: '/none' },
    ]) {
      await rejects(ask(route, { headers: { Host } }), 403, 'host_refused');
    }
  });

  it('may be the address that the connection reached, because nobody can redirect an address', async () => {
    const { ask } = await setUp();
    const headers = { Host: '10.0.0.7:8787' };
    await accepts(ask(ROUTES.health, { headers, to: '::ffff:10.0.0.7' }));
    await rejects(ask(ROUTES.health, { headers, to: '10.0.0.8' }), 403, 'host_refused');
  });
});

describe('the Origin header', () => {
  const OTHERS = [
    'https://attacker.example',
    'null',
    '',
    'http://127.0.0.1:8787',
    'chrome-extension://',
    'chrome-extension://abc.attacker.example',
    'https://chrome-extension',
  ];

  it.each(OTHERS)('may not be %j, and the response has no CORS header and doesn’t repeat it', async (Origin) => {
    const { ask } = await setUp();
    for (const route of [...Object.values(ROUTES), { method: 'OPTIONS', path: '/v1/score' }]) {
      const response = await ask(route, { headers: { Origin } });
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(await refusalOf(response)).toEqual([403, 'origin_refused']);
      const text = await response.text();
      if (Origin.length > 4) expect(text + JSON.stringify([...response.headers])).not.toContain(Origin);
    }
  });

  it('may be the server’s own only for what its pages use', async () => {
    const { ask } = await setUp();
    const used = [
      ROUTES.startStyle,
      ROUTES.startScript,
      ROUTES.session,
      ROUTES.sessionLink,
      ROUTES.sessionPairings,
      ROUTES.sessionDecide,
      ...Object.values(ROUTES).filter(({ path }) => /^(?:\/v1)?\/studio\b/.test(path)),
    ].map(({ path }) => path);
    for (const route of Object.values(ROUTES)) {
      const response = await ask(route, { headers: { Origin: 'http://localhost' } });
      const isRefused = response.status === 403 && (await errorCodeOf(response)) === 'origin_refused';
      expect([route.path, isRefused]).toEqual([route.path, !used.includes(route.path as never)]);
    }
  });

  it.each(['chrome-extension://abcdefghijklmnop', 'moz-extension://0b8a1c2d-1111-4222-8333-444455556666'])(
    'may be %s, and the response has no CORS header',
    async (Origin) => {
      const { ask } = await setUp();
      const response = await ask(ROUTES.model, { headers: { Origin } });
      expect(response.status).toBe(200);
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  it('may be the server’s own only for the demo page’s records', async () => {
    const { ask } = await setUp();
    const record = { method: 'POST', path: '/demo/record?run=r' };
    const body = JSON.stringify([{ kind: 'like', profile: 'p1', input: 'key', trusted: true }]);
    const headers = { Host: '127.0.0.1:8787', 'Content-Type': 'application/json' };
    // Hono takes the host from the request's URL, which a real server builds from the Host header.
    const own = { ...headers, Host: 'localhost', Origin: 'http://localhost' };
    expect((await ask(record, { headers: own, body })).status).toBe(204);
    await rejects(
      ask(record, { headers: { ...headers, Origin: 'https://attacker.example' }, body }),
      403,
      'origin_refused',
    );
  });
});

describe('a page of another origin', () => {
  const IMAGE = { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' };
  const LINK = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
  const PAGES = ['/', '/demo', '/docs'];
  const PHOTO = { method: 'GET', path: '/demo/photos/1/p1/0.jpg' };
  const everything = [
    ...Object.values(ROUTES),
    { method: 'GET', path: '/demo' },
    { method: 'GET', path: '/demo/page.js' },
    { method: 'GET', path: '/none' },
    PHOTO,
  ];

  it.each(['cross-site', 'same-site'])('can neither load nor frame anything: %s', async (site) => {
    const { ask } = await setUp();
    for (const route of everything) {
      for (const kind of [
        IMAGE,
        { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' },
        { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' },
        { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'object' },
        {},
      ]) {
        await rejects(ask(route, { headers: { 'Sec-Fetch-Site': site, ...kind } }), 403, 'origin_refused');
      }
    }
  });

  it.each(['cross-site', 'same-site'])('can link to the pages, and to nothing else: %s', async (site) => {
    const { ask } = await setUp();
    const headers = { 'Sec-Fetch-Site': site, ...LINK };
    for (const path of PAGES) {
      await accepts(ask({ method: 'GET', path }, { token: '', headers: { ...headers, Accept: 'text/html' } }));
      await rejects(ask({ method: 'POST', path }, { token: '', headers }), 403, 'origin_refused');
    }
    const studio = await ask(ROUTES.studio, { token: '', headers });
    expect(studio.status).not.toBe(403); // 404 where it isn't built
    for (const route of everything.filter(({ path }) => ![...PAGES, ROUTES.studio.path].includes(path))) {
      await rejects(ask(route, { headers }), 403, 'origin_refused');
    }
  });

  it('can’t use what it loads in a browser that doesn’t say who asks: no response is for other origins', async () => {
    const { ask } = await setUp();
    for (const route of everything) {
      for (const headers of [{}, { Host: 'attacker.example' }, { Origin: 'https://attacker.example' }]) {
        const response = await ask(route, { token: '', headers });
        expect([route.path, response.headers.get('Cross-Origin-Resource-Policy')]).toEqual([route.path, 'same-origin']);
      }
    }
  });

  it.each([
    ['Chromium’s extension', { 'Sec-Fetch-Site': 'none', Origin: EXTENSION }],
    ['Chromium’s extension without an origin', { 'Sec-Fetch-Site': 'none' }],
    ['Firefox’s extension', { 'Sec-Fetch-Site': 'same-origin', Origin: 'moz-extension://0b8a1c2d-1111' }],
    ['Firefox’s extension without an origin', { 'Sec-Fetch-Site': 'same-origin' }],
    [
      'an extension without the permission',
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'moz-extension://0b8a1c2d-1111' },
    ],
    ['a program', {}],
  ])('isn’t mistaken for %s', async (_, headers) => {
    const { ask } = await setUp();
    await accepts(ask(ROUTES.model, { headers: { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty', ...headers } }));
  });

  it('isn’t mistaken for a page of the server, or an address that somebody typed', async () => {
    const { ask } = await setUp();
    await accepts(ask({ method: 'GET', path: '/demo' }, { headers: { 'Sec-Fetch-Site': 'none', ...LINK } }));
    await accepts(ask(ROUTES.docsStyle, { headers: { 'Sec-Fetch-Site': 'same-origin', ...IMAGE } }));
    await accepts(ask({ method: 'GET', path: '/demo/profiles' }, { headers: { 'Sec-Fetch-Site': 'same-origin' } }));
  });
});

describe('a paired device', () => {
  it('exchanges a code for a token that works', async () => {
    const { ask, paired } = await setUp();
    const { token, device } = await paired({ headers: { Origin: EXTENSION } });
    expect(device).toMatchObject({ name: 'Chrome on Linux' });
    await accepts(ask(ROUTES.model, { token, headers: { Origin: EXTENSION } }));
    await accepts(ask(ROUTES.model, { token })); // browsers don't always send an Origin header
  });

  it('loses access as soon as it is revoked', async () => {
    const { ask, devices, paired } = await setUp();
    const { token, device } = await paired();
    await accepts(ask(ROUTES.model, { token }));
    await devices.revoke(device.id);
    await rejects(ask(ROUTES.model, { token }), 401, 'token_invalid');
  });

  it('can’t use its token in another extension if it was paired by an extension', async () => {
    const { ask, paired } = await setUp();
    const { token } = await paired({ headers: { Origin: EXTENSION } });
    const headers = { Origin: 'chrome-extension://another' };
    await rejects(ask(ROUTES.model, { token, headers }), 403, 'origin_refused');
  });

  it('can use its token in any extension if it was paired by a program', async () => {
    const { ask, paired } = await setUp();
    const { token } = await paired();
    await accepts(ask(ROUTES.model, { token, headers: { Origin: EXTENSION } }));
  });

  it.each(OWNERS_ROUTES)('can neither pair others nor change the server: %s', async (_, route) => {
    const { ask, paired } = await setUp();
    const { token } = await paired();
    await rejects(ask(route, { token, body: '{"id": "m"}' }), 403, 'loopback_only');
  });
});

describe.each(OWNERS_ROUTES)('the local route %s', (_, route) => {
  it('accepts only the local token, from the server’s own machine', async () => {
    const { ask } = await setUp({ trustedProxies: ['127.0.0.1'] });
    const body = route === ROUTES.reload ? '{"id": "m"}' : '{}';
    for (const [from, to] of [
      ['127.0.0.1', '127.0.0.1'],
      ['::1', '::1'],
      ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
      ['192.168.1.5', '192.168.1.5'],
    ] as const) {
      await accepts(ask(route, { body, from, to }));
    }
    await rejects(ask(route, { body, token: '' }), 401, 'token_missing');
    await rejects(ask(route, { body, from: '192.168.1.9', to: '192.168.1.5' }), 403, 'loopback_only');
    // A request through a proxy on this machine comes from somewhere else.
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    await rejects(ask(route, { body, headers }), 403, 'loopback_only');
  });

  it.each(['X-Forwarded-For', 'X-Forwarded-Host', 'Forwarded', 'Via', 'X-Real-IP'])(
    'doesn’t accept a request over loopback that was forwarded: %s',
    async (name) => {
      const { ask } = await setUp();
      const body = route === ROUTES.reload ? '{"id": "m"}' : '{}';
      for (const value of ['127.0.0.1', '203.0.113.9', 'for="[::1]"']) {
        await rejects(ask(route, { body, headers: { [name]: value } }), 403, 'loopback_only');
      }
    },
  );
});

describe('the server’s proof', () => {
  const proof = (nonce: string) => ({ method: 'GET', path: `${ROUTES.proof.path}?nonce=${nonce}` });
  const NONCE = 'n'.repeat(43);

  it('needs no token, differs for each nonce and address, and is none of the secrets', async () => {
    const { ask } = await setUp();
    const texts = [];
    for (const [nonce, to] of [
      [NONCE, '127.0.0.1'],
      ['m'.repeat(43), '127.0.0.1'],
      [NONCE, '127.0.0.2'],
    ] as const) {
      const response = await ask(proof(nonce), { token: '', to });
      expect(response.status).toBe(200);
      texts.push(await response.text());
    }
    expect(new Set(texts).size).toBe(3);
    expect(texts.join()).not.toContain(TOKEN);
  });

  it('is only for programs on the server’s own machine', async () => {
    const { ask } = await setUp();
    await rejects(ask(proof(NONCE), { from: '192.168.1.9', to: '192.168.1.5' }), 403, 'loopback_only');
    await rejects(ask(proof(NONCE), { headers: { Via: '1.1 proxy' } }), 403, 'loopback_only');
  });

  it.each(['', 'short', 'n'.repeat(129), `${NONCE}%0A`, 'ü'.repeat(30)])(
    'needs a good nonce, not %j',
    async (nonce) => {
      const { ask } = await setUp();
      await rejects(ask(proof(nonce)), 400, 'nonce_invalid');
    },
  );
});

describe('a pairing code', () => {
  it('is shown once to the owner, and pairs a device', async () => {
    const { ask, pair } = await setUp();
    const { code, expiresInS } = pairingCodeAnswerSchema.parse(await (await ask(ROUTES.pairingCode)).json());
    expect(expiresInS).toBe(300);
    await accepts(pair(code));
  });

  it('is rejected with the same message whether it is wrong, used or too old, and is never repeated', async () => {
    const { clock, pair, pairing } = await setUp();
    const answers = [await pair('WRONG-ONE')];
    const used = pairing.offer('owner');
    await pair(used);
    answers.push(await pair(used));
    const old = pairing.offer('owner');
    clock.advance(300_000);
    answers.push(await pair(old));
    const texts = await Promise.all(answers.map((response) => response.text()));
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(new Set(texts.map((text) => JSON.parse(text).error.message)).size).toBe(1);
    expect(texts.join()).not.toMatch(/WRONG|ONE/);
  });

  it('works for only one of many concurrent requests', async () => {
    const { pair, pairing, devices } = await setUp();
    const code = pairing.offer('owner');
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await pair(code)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(devices.list()).toHaveLength(1);
  });

  it('can be tried ten times per address, then once every twelve seconds', async () => {
    const { clock, pair } = await setUp({ trustedProxies: ['10.0.0.0/8'] });
    const guesser = { from: '10.0.0.1', headers: { 'X-Forwarded-For': '1.1.1.1, 203.0.113.9' } };
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await pair('x', guesser)).status).toBe(403);
    const refused = await pair('x', { ...guesser, headers: { 'X-Forwarded-For': '2.2.2.2, 203.0.113.9' } });
    expect(refused.headers.get('Retry-After')).toBe('12');
    expect(await refusalOf(refused)).toEqual([429, 'rate_limited']);
    await rejects(
      pair('x', { from: '10.0.0.1', headers: { 'X-Forwarded-For': '203.0.113.8' } }),
      403,
      'pairing_code_invalid',
    );
    clock.advance(12_000);
    await rejects(pair('x', guesser), 403, 'pairing_code_invalid');
    await rejects(pair('x', guesser), 429, 'rate_limited');
  });

  it('can’t be tried more often with a forged X-Forwarded-For header', async () => {
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
    ['a name with terminal escape codes', JSON.stringify({ code: 'x', name: '\u001b[2Jx' })],
    ['a name that changes the text direction', JSON.stringify({ code: 'x', name: 'a\u202eb' })],
    ['a long name', JSON.stringify({ code: 'x', name: 'x'.repeat(61) })],
    ['a code that is a number', '{"code":12345678,"name":"n"}'],
    ['a long code', JSON.stringify({ code: 'x'.repeat(41), name: 'n' })],
  ])('isn’t used up by a malformed body: %s', async (_, body) => {
    const { pair, pairing } = await setUp();
    const code = pairing.offer('owner');
    for (let attempt = 0; attempt < 6; attempt += 1) await rejects(pair('', { body }), 400, 'body_malformed');
    expect((await pair(code)).status).toBe(200);
  });

  it('in a body of a megabyte is rejected before it is read', async () => {
    const { pair } = await setUp();
    const body = JSON.stringify({ code: 'x'.repeat(1_000_000), name: 'n' });
    await rejects(pair('', { body }), 413, 'body_too_large');
  });
});

describe('the rate limit of a token', () => {
  it('allows a burst, then a steady rate, sends Retry-After, and is separate for each token', async () => {
    const { ask, clock, paired } = await setUp({ rate: { perSecond: 20, burst: 100 } });
    const { token } = await paired();
    for (let request = 0; request < 100; request += 1) await accepts(ask(ROUTES.model));
    const refused = await ask(ROUTES.model);
    expect(refused.headers.get('Retry-After')).toBe('1');
    expect(await refusalOf(refused)).toEqual([429, 'rate_limited']);
    await accepts(ask(ROUTES.model, { token }));
    clock.advance(50);
    await accepts(ask(ROUTES.model));
    await rejects(ask(ROUTES.model), 429, 'rate_limited');
  });

  it('isn’t affected by wrong tokens or by routes that need none', async () => {
    const { ask } = await setUp({ rate: { perSecond: 1, burst: 1 } });
    for (let request = 0; request < 5; request += 1) {
      await rejects(ask(ROUTES.model, { token: 'wrong' }), 401, 'token_invalid');
      await accepts(ask(ROUTES.health));
    }
    await accepts(ask(ROUTES.model));
  });
});

describe('the caller', () => {
  it('is logged as local or as the device’s ID, but not for a wrong token', async () => {
    const { ask, lines, paired } = await setUp();
    const { device, token } = await paired();
    await ask(ROUTES.model);
    await ask(ROUTES.model, { token });
    await ask(ROUTES.model, { token: 'wrong' });
    expect(lines.slice(1).map(({ caller }) => caller)).toEqual(['local', device.id, undefined]);
  });

  it('is counted and logged even if it is rejected, without the foreign name', async () => {
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
