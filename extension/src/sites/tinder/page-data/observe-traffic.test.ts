import { expect, it, vi } from 'vitest';
import { DEFAULT_RATES, twinProfile } from '../../../../../test/twins/tinder/profiles.ts';
import { recsAnswer } from '../../../../../test/twins/tinder/recs.ts';
import { observeTraffic, type PageWindow } from './observe-traffic.ts';
import type { News } from './page-events.ts';

const RECS = 'https://api.gotinder.com/v2/recs/core?locale=en';
const body = recsAnswer([twinProfile(1, 0, { today: new Date('2026-11-24'), rates: DEFAULT_RATES })]);

/** The watched part of XMLHttpRequest. It answers with a given body when the test says so. */
class FakeRequest extends EventTarget {
  status = 0;
  responseType = '';
  responseText = '';
  response: unknown;
  readonly given: unknown[] = [];
  open(...parameters: unknown[]): void {
    this.given.push(parameters);
  }
  send(...parameters: unknown[]): void {
    this.given.push(parameters);
  }
  answer(status: number, json: unknown): void {
    this.status = status;
    this.response = json;
    this.responseText = JSON.stringify(json);
    this.dispatchEvent(new Event('loadend'));
  }
}

function pageOf(answer: () => Promise<Response>) {
  const asked = vi.fn<(...parameters: unknown[]) => Promise<Response>>(answer);
  class Requests extends FakeRequest {}
  const window = {
    fetch: asked,
    Request,
    XMLHttpRequest: Requests as unknown,
    Proxy,
    location: { href: 'https://tinder.com/app/recs' },
  } as PageWindow;
  const news: News[] = [];
  let reading = true;
  observeTraffic(window, { profiles: () => reading, swipes: () => reading }, (sent) => news.push(sent));
  const fetch = window.fetch as (...parameters: unknown[]) => Promise<Response>;
  return { window, fetch, asked, news, Requests, stopReading: () => (reading = false) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

it.each([
  ['text', RECS],
  ['a URL', new URL(RECS)],
  ['a Request', new Request(RECS)],
])('reports profiles that the page fetches by %s, and leaves the response to the page', async (_, input) => {
  const { fetch, news } = pageOf(async () => Response.json(body));
  expect(await (await fetch(input)).json()).toEqual(body);
  await settled();
  expect(news).toMatchObject([{ kind: 'profiles', profiles: [{ name: expect.any(String) }] }]);
});

it.each(['', 'text', 'json'])('reports profiles that arrive by XMLHttpRequest as %j', (responseType) => {
  const { Requests, news } = pageOf(async () => Response.json(body));
  const request = new Requests();
  request.responseType = responseType;
  request.open('GET', RECS);
  request.send();
  request.answer(200, body);
  expect(news).toMatchObject([{ kind: 'profiles' }]);
  expect(request.given).toEqual([['GET', RECS], []]);
});

it('reports when a like or pass is sent, and how it ends', async () => {
  const { fetch, news, Requests } = pageOf(async () => Response.json({ match: false }));
  await fetch('https://api.gotinder.com/like/abc?locale=en', { method: 'POST' });
  await settled();
  const request = new Requests();
  request.open('GET', 'https://api.gotinder.com/pass/def?s_number=1');
  request.send();
  request.answer(500, {});
  expect(news).toEqual([
    { kind: 'swipe', verb: 'like', profile: 'abc', state: 'sent' },
    { kind: 'swipe', verb: 'like', profile: 'abc', state: 'answered' },
    { kind: 'swipe', verb: 'pass', profile: 'def', state: 'sent' },
    { kind: 'swipe', verb: 'pass', profile: 'def', state: 'failed' },
  ]);
});

it('reports a request without an answer, and still lets the page see the error', async () => {
  const { fetch, news } = pageOf(async () => {
    throw new TypeError('Failed to fetch');
  });
  await expect(fetch('https://api.gotinder.com/like/abc')).rejects.toThrow('Failed to fetch');
  expect(news.at(-1)).toMatchObject({ state: 'failed' });
});

it.each([
  'https://api.gotinder.com/like/abc/super',
  'https://api.gotinder.com/v2/profile',
  'https://example.com/v2/recs/core',
  '/v2/recs/core',
  'not an address:::',
])('ignores %s', async (address) => {
  const { fetch, news } = pageOf(async () => Response.json(body));
  await fetch(address);
  await settled();
  expect(news).toEqual([]);
});

it('reads nothing while reading is off', async () => {
  const { fetch, news, stopReading } = pageOf(async () => Response.json(body));
  stopReading();
  const answer = await fetch(RECS);
  await settled();
  await fetch('https://api.gotinder.com/like/abc');
  await settled();
  expect(news).toEqual([]);
  expect(answer.bodyUsed).toBe(false);
});

it('reports the end of a swipe whose start it reported, even if reading is off by then', async () => {
  const { fetch, news, stopReading } = pageOf(async () => Response.json({}));
  const swiping = fetch('https://api.gotinder.com/like/abc');
  stopReading();
  await swiping;
  await settled();
  expect(news.map((sent) => sent.kind === 'swipe' && sent.state)).toEqual(['sent', 'answered']);
});

it('leaves fetch alone if it can’t be wrapped, and watches the rest', () => {
  class Requests extends FakeRequest {}
  const window = { Request, Proxy, XMLHttpRequest: Requests as unknown, location: { href: 'https://tinder.com/' } };
  Object.defineProperty(window, 'fetch', { value: fetch, writable: false });
  const news: News[] = [];
  observeTraffic(window as PageWindow, { profiles: () => true, swipes: () => true }, (sent) => news.push(sent));
  const request = new Requests();
  request.open('GET', 'https://api.gotinder.com/pass/def');
  request.send();
  expect(news).toMatchObject([{ state: 'sent' }]);
});

it.each([
  ['a response that isn’t JSON', async () => new Response('<html>')],
  [
    'a response that was already read',
    async () => {
      const answer = Response.json(body);
      await answer.text();
      return answer;
    },
  ],
  ['something that isn’t a response', async () => undefined as unknown as Response],
])('throws nothing into the page for %s', async (_, answer) => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  const { fetch, asked } = pageOf(answer);
  const options = { headers: { 'X-Auth-Token': 'secret' } };
  await fetch(RECS, options);
  await settled();
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
  expect(asked.mock.calls).toEqual([[RECS, options]]); // one request: the page's own, unchanged
});

it('throws nothing into the page for invalid arguments', async () => {
  const { fetch, Requests } = pageOf(async () => Response.json(body));
  const written = vi.fn(() => 'https://api.gotinder.com/like/abc');
  const hostile = { toString: written };
  await fetch(hostile);
  expect(written).not.toHaveBeenCalled(); // converting it is up to the browser
  await fetch();
  const request = new Requests();
  request.send();
  request.open('GET', hostile);
});
