import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { describe, expect, it } from 'vitest';
import { appDependencies } from '../../../../test/support/app-dependencies.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { createApp } from '../../app.ts';

/** The app, whose GET routes are asked from an address. */
function setUp() {
  const clock = new ManualClock();
  const app = createApp(appDependencies({ now: () => clock.now() }).dependencies);
  const ask = async (path: string, from = '203.0.113.9') =>
    app.request(path, {}, { incoming: { socket: { remoteAddress: from, localAddress: '203.0.113.1' } } });
  const statuses = async (path: string, count: number, from?: string) => {
    const found = new Set<number>();
    for (let request = 0; request < count; request += 1) found.add((await ask(path, from)).status);
    return [...found];
  };
  return { app, ask, clock, statuses };
}

describe('a route without a token', () => {
  it('has a rate for each address, and sends Retry-After', async () => {
    const { ask, clock, statuses } = setUp();
    expect(await statuses(ROUTES.health.path, 500)).toEqual([200]);
    const refused = await ask(ROUTES.health.path);
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '1']);
    expect(await statuses(ROUTES.health.path, 1, '203.0.113.10')).toEqual([200]);
    clock.advance(1_000);
    expect(await statuses(ROUTES.health.path, 50)).toEqual([200]);
    expect(await statuses(ROUTES.health.path, 1)).toEqual([429]);
  });

  it('counts the addresses of one IPv6 network together', async () => {
    const { statuses } = setUp();
    expect(await statuses(ROUTES.live.path, 500, '2001:db8:0:7::1')).toEqual([200]);
    expect(await statuses(ROUTES.live.path, 1, '2001:db8:0:7:ffff::2')).toEqual([429]);
    expect(await statuses(ROUTES.live.path, 1, '2001:db8:0:8::1')).toEqual([200]);
  });

  it('is counted alone, so that a flood of one leaves the others open', async () => {
    const { statuses } = setUp();
    expect(await statuses('/demo/page.css', 500)).toEqual([200]);
    expect(await statuses('/demo/photos/p1-0/99.jpg', 1)).toEqual([429]);
    expect(await statuses(ROUTES.ready.path, 1)).toEqual([200]);
    expect(await statuses(ROUTES.proof.path, 501)).toEqual([403]); // another machine's requests aren't counted
    expect(await statuses('/demo/profiles?seed=3&profiles=1', 1, '203.0.113.11')).toEqual([200]);
  });

  it('deals fewer decks than it serves files', async () => {
    const { statuses } = setUp();
    expect(await statuses('/demo/profiles?seed=3&profiles=1', 40)).toEqual([200]);
    expect(await statuses('/demo/profiles?seed=3&profiles=1', 1)).toEqual([429]);
    expect(await statuses('/demo/page.css', 1)).toEqual([200]);
  });
});

describe('a body', () => {
  it.each(['gzip', 'br', 'identity, br', 'zstd'])('that is encoded as %s is rejected unread', async (encoding) => {
    const { app } = setUp();
    for (const { path } of [ROUTES.pair, ROUTES.score, { path: '/demo/record?run=one' }]) {
      const response = await app.request(path, {
        method: 'POST',
        body: 'x',
        headers: { 'Content-Encoding': encoding },
      });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ error: { code: 'body_encoded' } });
    }
  });

  it('may say that it isn’t encoded', async () => {
    const headers = { 'Content-Encoding': 'identity' };
    const response = await setUp().app.request(ROUTES.pair.path, { method: 'POST', body: 'x', headers });
    expect(response.status).toBe(400);
  });
});
