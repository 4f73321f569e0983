import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { describe, expect, it } from 'vitest';
import { appDependencies } from '../../../test/support/app-dependencies.ts';
import { createApp } from '../app.ts';
import { decodePhoto } from '../image/decoding/decode.ts';
import { encodedPhoto } from '../image/photo-bytes.ts';
import { RECORD_LIMITS } from './run-records.ts';

const freshApp = () => createApp(appDependencies().dependencies);
const app = freshApp();

/** A profile of the list, as far as these tests read it. */
interface Answered {
  readonly id: string;
  readonly wouldLike?: boolean;
}

const like = { kind: 'like', profile: 'p1-0', input: 'button', trusted: true } as const;

const reportTo = (target: typeof app, run: string, body: unknown) =>
  target.request(`/demo/record?run=${run}`, { method: 'POST', body: JSON.stringify(body) });

async function codeOf(response: Response): Promise<string> {
  return errorEnvelopeSchema.parse(await response.json()).error.code;
}

describe('the demo page', () => {
  it('is served with its styles and scripts, without a token', async () => {
    const page = await app.request('/demo');
    expect(page.status).toBe(200);
    expect(page.headers.get('Content-Type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain('data-demo="page"');
    const files = [...html.matchAll(/(?:href|src)="(\/demo\/[^"]+)"/g)].map(([, path]) => path!);
    expect(files).toContain('/demo/page.js');
    for (const path of [...files, '/demo/deck.js', '/demo/card.js', '/demo/match-dialog.js', '/demo/run-reporter.js']) {
      const file = await app.request(path);
      expect([path, file.status]).toEqual([path, 200]);
      expect(file.headers.get('Content-Type')).toMatch(/^text\/(css|javascript)/);
    }
  });

  it('loads nothing from other sites', async () => {
    for (const path of ['/demo', '/demo/page.css', '/demo/page.js', '/demo/card.js']) {
      const text = await (await app.request(path)).text();
      expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
    }
  });

  it('deals 20 profiles of seed 1 by default, and doesn’t reveal how their photos were made', async () => {
    const deck = (await (await app.request('/demo/profiles')).json()) as { distance?: string }[];
    expect(deck).toHaveLength(20);
    expect(deck).toEqual(await (await app.request('/demo/profiles?seed=1&profiles=20')).json());
    const shown = ['age', 'bio', 'distance', 'id', 'isVerified', 'likesBack', 'name', 'photoCount'];
    expect(Object.keys(deck.find(({ distance }) => distance)!).toSorted()).toEqual(shown);
    expect(await (await app.request('/demo/profiles?seed=9&profiles=2')).json()).toHaveLength(2);
  });

  it('says what a simulated person would like only if there is a taste, and then deals other photos', async () => {
    const deck = async (query: string) => (await (await app.request(`/demo/profiles?${query}`)).json()) as Answered[];
    const [plain, water, drifted] = [await deck(''), await deck('taste=water'), await deck('taste=water&drift=7')];
    expect(plain.every((profile) => !('wouldLike' in profile))).toBe(true);
    expect(Object.keys(water[0]!)).toEqual([...Object.keys(plain[0]!), 'wouldLike']);
    expect(drifted.map(({ id }) => id)).toEqual(water.map(({ id }) => id));
    expect(drifted.map(({ wouldLike }, place) => wouldLike !== water[place]!.wouldLike)).toEqual([
      ...Array(7).fill(false),
      ...Array(13).fill(true),
    ]);
    expect(water.some(({ id }) => plain.some((other) => other.id === id))).toBe(false);
    expect((await app.request(`/demo/photos/${water[0]!.id}/0.jpg`)).status).toBe(200);
  });

  it('draws photos as JPEGs with the same bytes every time', async () => {
    const first = await app.request('/demo/photos/p1-0/0.jpg');
    expect(first.headers.get('Content-Type')).toBe('image/jpeg');
    const bytes = await first.bytes();
    await decodePhoto(encodedPhoto(bytes), 'cover');
    expect(await (await freshApp().request('/demo/photos/p1-0/0.jpg')).bytes()).toEqual(bytes);
  });

  it.each([
    '/demo?profiles=many',
    '/demo?profiles=1001',
    '/demo?taste=cheese',
    '/demo?taste=water&drift=-1',
    '/demo?drift=5',
    '/demo?seed=-1',
    '/demo?run=a%20b',
    '/demo/profiles?seed=4294967296',
    '/demo/photos/p1-0/99.jpg',
    '/demo/photos/p1-0/0.png',
    '/demo/photos/p1-1000/0.jpg',
    '/demo/photos/px-0/0.jpg',
    '/demo/photos/p1-0',
    '/demo/words.ts',
    '/demo/__proto__',
    '/demo/..%2fdemo.ts',
    '/demo/record',
    '/demo/record?run=',
  ])('responds to %s with 404 and the error envelope', async (path) => {
    const response = await app.request(path);
    expect(response.status).toBe(404);
    expect(await codeOf(response)).toBe('route_unknown');
  });

  it('records the events of a run in order, for anyone to read', async () => {
    expect(await (await app.request('/demo/record?run=fresh')).json()).toEqual([]);
    const paid = { kind: 'super-like', profile: 'p1-1', input: 'key', trusted: false } as const;
    const back = { ...paid, kind: 'rewind' } as const;
    expect((await reportTo(app, 'one', [like])).status).toBe(204);
    await reportTo(app, 'one', [paid, back, like]);
    expect(await (await app.request('/demo/record?run=one')).json()).toEqual([like, paid, back, like]);
  });

  it.each([
    ['an event outside a list', like],
    ['an empty list', []],
    ['an unknown kind', [{ ...like, kind: 'boost' }]],
    ['an unknown field', [{ ...like, note: 'x' }]],
    ['no profile', [{ ...like, profile: undefined }]],
    ['too many events', Array(101).fill(like)],
  ])('rejects a report with %s and records nothing', async (_name, body) => {
    const response = await reportTo(app, 'bad', body);
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe('body_malformed');
    expect(await (await app.request('/demo/record?run=bad')).json()).toEqual([]);
  });

  it('limits the bytes of a report and the events of a run', async () => {
    const long = await app.request('/demo/record?run=long', { method: 'POST', body: ' '.repeat(70_000) });
    expect([long.status, await codeOf(long)]).toEqual([413, 'body_too_large']);
    const target = freshApp();
    for (let sent = 0; sent < RECORD_LIMITS.eventsPerRun; sent += 100)
      await reportTo(target, 'full', Array(100).fill(like));
    const over = await reportTo(target, 'full', [like]);
    expect([over.status, await codeOf(over)]).toEqual([413, 'body_too_large']);
  });
});
