import { pairAskAnswerSchema, pairClaimAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { ROUTES, type RouteName, takesSession } from '@swipenet/shared/contract/routes.ts';
import {
  SESSION_HEADER,
  SESSION_LIMITS,
  sessionAnswerSchema,
  sessionPairingsAnswerSchema,
} from '@swipenet/shared/contract/session.ts';
import { describe, expect, it } from 'vitest';
import { testAccess } from '../../../../test/support/access.ts';
import { appDependencies } from '../../../../test/support/app-dependencies.ts';
import { errorCodeOf } from '../../../../test/support/error-code.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createApp } from '../../app.ts';
import { DeviceStore } from '../../home/device-store.ts';
import { Home } from '../../home/home.ts';
import type { Access } from './access.ts';
import { PairingRequests } from './pairing-requests.ts';
import { Sessions } from './sessions.ts';

const SERVER = 'http://127.0.0.1:8787';
const EXTENSION = 'chrome-extension://bdhkodhfnedebnnnnkeedjnombpngpam';

/** What a browser sends with the start page's own requests. */
const OWN_PAGE = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' };

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly from?: string;
}

/** The whole app with a manual clock and a real device store. */
async function setUp(change: Partial<Access> = {}) {
  const clock = new ManualClock();
  const now = () => clock.now();
  const date = () => new Date(Date.parse('2026-11-24T12:00:00Z') + clock.now());
  const devices = DeviceStore.open(new Home(temporaryFolder()), () => {});
  const troubles: Error[] = [];
  const newSessions = () => new Sessions({ now, date, devices, onTrouble: (error) => troubles.push(error) });
  const sessions = newSessions();
  const pairingRequests = new PairingRequests({ now });
  const access = testAccess({ devices, sessions, pairingRequests, date, ...change });
  const { dependencies, lines } = appDependencies({ access, now });
  const app = createApp(dependencies);
  const ask = async (
    { method, path }: { method: string; path: string },
    { headers = OWN_PAGE, body, from = '127.0.0.1' }: Sent = {},
  ) =>
    await app.request(
      `${SERVER}${path}`,
      { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) },
      { incoming: { socket: { remoteAddress: from, localAddress: '127.0.0.1', setTimeout: () => {} } } },
    );
  const open = (code: string, sent: Sent = {}) => ask(ROUTES.session, { ...sent, body: { code } });
  /** Opens the link, and returns the headers that the page sends from then on. */
  const opened = async () => {
    const response = await open(sessions.offerLink());
    const cookie = response.headers.get('Set-Cookie')!;
    const { key } = sessionAnswerSchema.parse(await response.json());
    return { cookie, key, headers: { ...OWN_PAGE, Cookie: cookie.split(';')[0]!, [SESSION_HEADER]: key } };
  };
  const askToPair = async (Origin = EXTENSION) =>
    pairAskAnswerSchema.parse(
      await (await ask(ROUTES.pairAsk, { headers: { Origin }, body: { name: 'Chrome on Linux' } })).json(),
    );
  const claim = (id: string, secret: string) =>
    ask(ROUTES.pairClaim, { headers: { Origin: EXTENSION }, body: { id, secret } });
  return { ask, askToPair, claim, clock, devices, lines, newSessions, open, opened, sessions, troubles };
}

const accepts = async (response: Promise<Response>) => expect((await response).status).toBe(200);

async function rejects(response: Promise<Response>, status: number, code: string) {
  const answer = await response;
  expect([answer.status, await errorCodeOf(answer)]).toEqual([status, code]);
}

/** The routes of the start page, and those that a session may use instead of a token. */
const OF_SESSION = [ROUTES.sessionPairings, ROUTES.sessionDecide];
const ALSO_BY_SESSION = (Object.keys(ROUTES) as RouteName[]).filter(takesSession).map((name) => ROUTES[name]);
const READ_BY_SESSION = [ROUTES.status, ROUTES.model, ROUTES.taste, ROUTES.swipeList];

describe('the link', () => {
  it('opens a session once, with a cookie that no script reads and no other site sends', async () => {
    const { ask, opened } = await setUp();
    const { cookie, headers } = await opened();
    expect(cookie).toMatch(/^swipenet-8787=[\w-]{43}; Max-Age=86400; Path=\/v1; HttpOnly; SameSite=Strict$/);
    for (const route of [ROUTES.sessionPairings, ...READ_BY_SESSION]) await accepts(ask(route, { headers }));
  });

  it('doesn’t work a second time, whoever opens it', async () => {
    const { open, sessions } = await setUp();
    const code = sessions.offerLink();
    const both = await Promise.all([open(code), open(code)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    await rejects(open(code), 403, 'link_code_invalid');
  });

  it('doesn’t work after 15 minutes, or once there is a newer one', async () => {
    const { clock, open, sessions } = await setUp();
    const [older, newer] = [sessions.offerLink(), sessions.offerLink()];
    await rejects(open(older), 403, 'link_code_invalid');
    clock.advance(SESSION_LIMITS.linkLifeS * 1_000);
    await rejects(open(newer), 403, 'link_code_invalid');
  });

  it.each([
    ['a page of another port', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://127.0.0.1:9000' }],
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://attacker.example' }],
    ['a frame without an origin', { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' }],
    ['an extension', { 'Sec-Fetch-Site': 'none', Origin: EXTENSION }],
    ['an extension that counts as the page', { 'Sec-Fetch-Site': 'same-origin', Origin: EXTENSION }],
    ['an address that was typed', { 'Sec-Fetch-Site': 'none' }],
    ['a browser that sends neither an origin nor Fetch Metadata', {}],
    ['two values of Fetch Metadata', { 'Sec-Fetch-Site': 'same-origin, same-origin' }],
  ])('opens nothing for %s, even with the right code, which stays good', async (_, headers) => {
    const { open, sessions } = await setUp();
    const code = sessions.offerLink();
    await rejects(open(code, { headers: headers as Record<string, string> }), 403, 'origin_refused');
    await accepts(open(code, { headers: { Origin: SERVER } })); // a browser without Fetch Metadata
  });

  it.each([
    ['another machine', { from: '192.168.1.9' }],
    ['a proxy on this machine', { headers: { ...OWN_PAGE, 'X-Forwarded-For': '127.0.0.1' } }],
    ['a proxy that only says that it is one', { headers: { ...OWN_PAGE, Via: '1.1 proxy' } }],
  ])('opens nothing for %s', async (_, sent) => {
    const { open, sessions } = await setUp();
    await rejects(open(sessions.offerLink(), sent), 403, 'loopback_only');
  });

  it('can’t be guessed: attempts have a rate', async () => {
    const { open } = await setUp();
    for (let attempt = 0; attempt < 10; attempt += 1) await rejects(open('guess'), 403, 'link_code_invalid');
    await rejects(open('guess'), 429, 'rate_limited');
  });
});

describe('a session', () => {
  it('needs its cookie and its key', async () => {
    const { ask, opened } = await setUp();
    const { headers, key } = await opened();
    const { headers: other } = { headers: { ...headers, [SESSION_HEADER]: 'x'.repeat(43) } };
    const { [SESSION_HEADER]: _, ...stolenCookie } = headers;
    for (const route of OF_SESSION) {
      await rejects(ask(route, { headers: stolenCookie }), 401, 'session_missing');
      await rejects(ask(route, { headers: { ...OWN_PAGE, [SESSION_HEADER]: key } }), 401, 'session_missing');
      await rejects(ask(route, { headers: other }), 401, 'session_invalid');
    }
    for (const route of ALSO_BY_SESSION) {
      await rejects(ask(route, { headers: stolenCookie }), 401, 'token_missing');
      await rejects(ask(route, { headers: other }), 401, 'session_invalid');
    }
  });

  it('needs both halves of the same session', async () => {
    const { ask, opened } = await setUp();
    const [one, two] = [await opened(), await opened()];
    const mixed = { ...one.headers, [SESSION_HEADER]: two.key };
    await rejects(ask(ROUTES.sessionPairings, { headers: mixed }), 401, 'session_invalid');
  });

  it.each([
    ['a page of another port', { 'Sec-Fetch-Site': 'same-site' }],
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another page, by its origin', { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://127.0.0.1:9000' }],
    ['an extension, by its origin', { 'Sec-Fetch-Site': 'same-origin', Origin: EXTENSION }],
    ['an extension', { 'Sec-Fetch-Site': 'none' }],
  ])('is of no use to %s', async (_, fetchMetadata) => {
    const { ask, opened } = await setUp();
    const { headers } = await opened();
    for (const route of [...OF_SESSION, ...ALSO_BY_SESSION]) {
      await rejects(ask(route, { headers: { ...headers, ...fetchMetadata } }), 403, 'origin_refused');
    }
  });

  it('without Fetch Metadata, reads with its key, and decides only with the page’s own origin', async () => {
    const { ask, askToPair, opened } = await setUp();
    const { headers: all } = await opened();
    const { id } = await askToPair();
    const headers = { Cookie: all.Cookie, [SESSION_HEADER]: all[SESSION_HEADER]! };
    await accepts(ask(ROUTES.sessionPairings, { headers }));
    await rejects(ask(ROUTES.sessionDecide, { headers, body: { id, allow: true } }), 403, 'origin_refused');
    await accepts(ask(ROUTES.sessionDecide, { headers: { ...headers, Origin: SERVER }, body: { id, allow: true } }));
  });

  it('is of no use from another machine or through a proxy', async () => {
    const { ask, opened } = await setUp();
    const { headers } = await opened();
    for (const route of [...OF_SESSION, ...ALSO_BY_SESSION]) {
      await rejects(ask(route, { headers, from: '192.168.1.9' }), 403, 'loopback_only');
      await rejects(ask(route, { headers: { ...headers, 'X-Real-IP': '127.0.0.1' } }), 403, 'loopback_only');
    }
  });

  it('scores photos from the studio’s page, with the server’s own origin and within the limits of a device', async () => {
    const { ask, opened } = await setUp({ rate: { perSecond: 1, burst: 3 } });
    const { headers } = await opened();
    const page = { ...headers, Origin: SERVER };
    await rejects(ask(ROUTES.score, { headers: page, body: {} }), 415, 'body_not_multipart');
    const tooLarge = { ...page, 'Content-Length': '300000000' };
    await rejects(ask(ROUTES.score, { headers: tooLarge, body: {} }), 413, 'body_too_large');
    await accepts(ask(ROUTES.taste, { headers }));
    await rejects(ask(ROUTES.score, { headers: page, body: {} }), 429, 'rate_limited');
  });

  it('can use nothing else, and neither half is a token', async () => {
    const { ask, opened } = await setUp();
    const { headers, key } = await opened();
    const cookie = headers.Cookie.split('=')[1]!;
    const others = Object.values(ROUTES).filter(({ token }) => token === true || token === 'local');
    for (const route of others) {
      if (!ALSO_BY_SESSION.includes(route as never)) await rejects(ask(route, { headers }), 401, 'token_missing');
      for (const token of [key, cookie]) {
        const bearer = { Authorization: `Bearer ${token}` };
        await rejects(ask(route, { headers: bearer }), 401, 'token_invalid');
      }
    }
  });

  it('ends after 24 hours, and the next one removes its file', async () => {
    const { ask, clock, devices, opened, troubles } = await setUp();
    const { headers } = await opened();
    clock.advance(SESSION_LIMITS.sessionLifeS * 1_000 - 1);
    await accepts(ask(ROUTES.sessionPairings, { headers }));
    clock.advance(1);
    await rejects(ask(ROUTES.sessionPairings, { headers }), 401, 'session_invalid');
    await opened();
    expect([devices.list().length, troubles]).toEqual([1, []]);
  });

  it('is listed among the devices, and ends as soon as it is revoked there', async () => {
    const { ask, devices, opened } = await setUp();
    const { headers } = await opened();
    const [listed] = devices.list();
    expect(listed).toMatchObject({ name: 'start page', endsAt: '2026-11-25T12:00:00.000Z' });
    await devices.revoke(listed!.id);
    await rejects(ask(ROUTES.sessionPairings, { headers }), 401, 'session_invalid');
  });

  it('ends with its server, so that a program that takes the port over can’t use it later', async () => {
    const { devices, newSessions, opened, sessions } = await setUp();
    const { headers, key } = await opened();
    const cookie = headers.Cookie.split('=')[1]!;
    expect(sessions.find(cookie, key)).toBeDefined();
    expect(newSessions().find(cookie, key)).toBeUndefined(); // after a crash, its file is still there
    await sessions.close();
    expect([devices.list(), sessions.find(cookie, key)]).toEqual([[], undefined]);
  });

  it('leaves no secret in the log or in the devices’ folder', async () => {
    const { ask, devices, lines, opened } = await setUp();
    const { headers, key } = await opened();
    await accepts(ask(ROUTES.sessionPairings, { headers }));
    const kept = JSON.stringify([lines, devices.list()]);
    for (const secret of [key, headers.Cookie.split('=')[1]!]) expect(kept).not.toContain(secret);
  });
});

describe('a browser that asks to connect', () => {
  const decide = (allow: boolean, id: string) => ({ body: { id, allow } });

  it('gets a token once the session allows it, and only once', async () => {
    const { ask, askToPair, claim, devices, opened } = await setUp();
    const { headers } = await opened();
    const { id, secret, check } = await askToPair();
    expect(await (await claim(id, secret)).json()).toEqual({ state: 'waiting' });
    const list = async () =>
      sessionPairingsAnswerSchema.parse(await (await ask(ROUTES.sessionPairings, { headers })).json()).pairings;
    const shown = { id, name: 'Chrome on Linux', origin: EXTENSION, check };
    expect(await list()).toEqual([{ ...shown, state: 'waiting' }]);
    await accepts(ask(ROUTES.sessionDecide, { headers, ...decide(true, id) }));
    expect(await list()).toEqual([{ ...shown, state: 'allowed' }]);
    const answer = pairClaimAnswerSchema.parse(await (await claim(id, secret)).json());
    if (answer.state !== 'allowed') throw new Error('it was not allowed');
    await accepts(ask(ROUTES.model, { headers: { Authorization: `Bearer ${answer.token}`, Origin: EXTENSION } }));
    expect(devices.find(answer.token)).toMatchObject({ origin: EXTENSION, taste: 'owner' });
    await rejects(claim(id, secret), 404, 'pairing_request_unknown');
    expect(await list()).toEqual([{ ...shown, state: 'connected' }]);
  });

  it('gets none if it is denied, whatever is decided later', async () => {
    const { ask, askToPair, claim, devices, opened } = await setUp();
    const { headers } = await opened();
    const { id, secret } = await askToPair();
    await accepts(ask(ROUTES.sessionDecide, { headers, ...decide(false, id) }));
    await rejects(ask(ROUTES.sessionDecide, { headers, ...decide(true, id) }), 404, 'pairing_request_unknown');
    expect(await (await claim(id, secret)).json()).toEqual({ state: 'denied' });
    expect(devices.list()).toHaveLength(1); // the session
  });

  it('can’t be allowed by a program without a session, not even one with a device’s token or the secret', async () => {
    const { ask, askToPair, claim, devices } = await setUp();
    const { id, secret } = await askToPair();
    const about = { name: 'p', origin: null, pairedAt: '2026-11-24T12:00:00.000Z', taste: 'owner' } as const;
    const { token } = await devices.add(about);
    for (const headers of [{}, OWN_PAGE, { Origin: SERVER }, { ...OWN_PAGE, Authorization: `Bearer ${token}` }]) {
      const response = await ask(ROUTES.sessionDecide, {
        headers: headers as Record<string, string>,
        ...decide(true, id),
      });
      expect(response.status).not.toBe(200);
    }
    expect(await (await claim(id, secret)).json()).toEqual({ state: 'waiting' });
  });

  it('keeps its token from programs that know its ID or guess the secret', async () => {
    const { ask, askToPair, claim, opened } = await setUp();
    const { headers } = await opened();
    const { id, secret } = await askToPair();
    await accepts(ask(ROUTES.sessionDecide, { headers, ...decide(true, id) }));
    await rejects(claim(id, 'x'.repeat(43)), 404, 'pairing_request_unknown');
    await rejects(claim('0'.repeat(16), secret), 404, 'pairing_request_unknown');
    await accepts(claim(id, secret));
  });

  it('stops waiting after 3 minutes, also if it was allowed', async () => {
    const { ask, askToPair, claim, clock, opened } = await setUp();
    const { headers } = await opened();
    const { id, secret } = await askToPair();
    await accepts(ask(ROUTES.sessionDecide, { headers, ...decide(true, id) }));
    clock.advance(180_000);
    await rejects(claim(id, secret), 404, 'pairing_request_unknown');
    await rejects(ask(ROUTES.sessionDecide, { headers, ...decide(true, id) }), 404, 'pairing_request_unknown');
  });

  it.each([
    ['another machine', { from: '192.168.1.9' }],
    ['a proxy', { headers: { Origin: EXTENSION, Forwarded: 'for=127.0.0.1' } }],
  ])('must be on the server’s own machine: not on %s', async (_, sent) => {
    const { ask } = await setUp();
    await rejects(ask(ROUTES.pairAsk, { body: { name: 'x' }, ...sent }), 403, 'loopback_only');
    await rejects(ask(ROUTES.pairClaim, { body: { id: 'x', secret: 'x' }, ...sent }), 403, 'loopback_only');
  });

  it('can’t be a web page', async () => {
    const { ask } = await setUp();
    for (const Origin of ['https://attacker.example', 'http://127.0.0.1:9000', SERVER]) {
      const headers = { Origin, 'Sec-Fetch-Site': Origin === SERVER ? 'same-origin' : 'cross-site' };
      await rejects(ask(ROUTES.pairAsk, { headers, body: { name: 'x' } }), 403, 'origin_refused');
    }
  });

  it('is always shown, even after a flood of others', async () => {
    const { ask, askToPair, opened } = await setUp();
    const { headers } = await opened();
    for (let flood = 0; flood < 8; flood += 1) await askToPair();
    const { id } = await askToPair();
    const { pairings } = sessionPairingsAnswerSchema.parse(
      await (await ask(ROUTES.sessionPairings, { headers })).json(),
    );
    expect([pairings.length, pairings.at(-1)!.id]).toEqual([5, id]);
  });
});
