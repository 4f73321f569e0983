import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { expect, it, onTestFinished, vi } from 'vitest';
import { PhotoFetcher } from './photo-fetcher.ts';

const never = () => new AbortController().signal;
const fetcherOf = (fetch: typeof globalThis.fetch) => new PhotoFetcher({ fetch, deadline: never });
const PAGE = { pageOrigin: 'https://dating.example', priority: 'now' } as const;
const bytes = (...values: number[]) => new Response(new Uint8Array(values));

it('returns the bytes in order, and undefined for photos that are missing or can’t be downloaded', async () => {
  const fetcher = fetcherOf(async (url) => (String(url).endsWith('2') ? new Response('', { status: 404 }) : bytes(7)));
  const photos = await fetcher.fetchAll(
    ['https://p.example/1', null, 'https://p.example/2', 'blob:https://p.example/3'],
    PAGE,
  );
  expect(photos).toEqual([new Uint8Array([7]), undefined, undefined, undefined]);
});

it('fetches without cookies and without a referrer', async () => {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => bytes(1));
  await fetcherOf(fetch).fetchAll(['https://p.example/1'], PAGE);
  expect(fetch.mock.calls[0]![1]).toMatchObject({ credentials: 'omit', referrerPolicy: 'no-referrer' });
});

it('returns the other photos if one download fails', async () => {
  const fetcher = fetcherOf((url) =>
    String(url).endsWith('1') ? Promise.reject(new Error('no')) : Promise.resolve(bytes(1)),
  );
  expect(await fetcher.fetchAll(['https://p.example/1', 'https://p.example/2'], PAGE)).toEqual([
    undefined,
    new Uint8Array([1]),
  ]);
});

it('stops reading a photo that is larger than the server accepts', async () => {
  const chunk = new Uint8Array(1_000_000);
  let pulled = 0;
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    pulled += 1;
    controller.enqueue(chunk);
  };
  const endless = () => new ReadableStream<Uint8Array>({ pull });
  const photos = await fetcherOf(async () => new Response(endless())).fetchAll(['https://p.example/1'], PAGE);
  expect(photos).toEqual([undefined]);
  expect(pulled).toBeLessThan(SCORE_LIMITS.maxPhotoBytes / chunk.length + 5);
});

it.each([
  ['six photos that are needed now', 'now', 6],
  ['two that are needed later', 'ahead', 2],
] as const)('downloads at most %s at the same time', async (_, priority, limit) => {
  let now = 0;
  let most = 0;
  const fetcher = fetcherOf(async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((settled) => setImmediate(settled));
    now -= 1;
    return bytes(1);
  });
  const urls = Array.from({ length: 20 }, (_photo, index) => `https://p.example/${index}`);
  await fetcher.fetchAll(urls, { ...PAGE, priority });
  expect(most).toBe(limit);
});

it('never makes a photo that is needed now wait for photos that are needed later', async () => {
  const fetcher = fetcherOf((url) =>
    String(url).endsWith('later') ? new Promise(() => {}) : Promise.resolve(bytes(1)),
  );
  void fetcher.fetchAll(Array(20).fill('https://p.example/later'), { ...PAGE, priority: 'ahead' });
  expect(await fetcher.fetchAll(['https://p.example/now'], PAGE)).toEqual([new Uint8Array([1])]);
});

it('starts no further downloads after the signal aborts', async () => {
  const off = new AbortController();
  const fetch = vi.fn<typeof globalThis.fetch>(async () => {
    off.abort();
    return bytes(1);
  });
  await fetcherOf(fetch).fetchAll(Array(20).fill('https://p.example/1'), PAGE, off.signal);
  expect(fetch.mock.calls.length).toBeLessThanOrEqual(6);
});

it('fetches nothing from the local network', async () => {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => bytes(1));
  expect(await fetcherOf(fetch).fetchAll(['http://127.0.0.1:631/'], PAGE)).toEqual([undefined]);
  expect(fetch).not.toHaveBeenCalled();
});

it.each([301, 302, 303, 307, 308])('refuses every redirect: %i, even to an allowed address', async (status) => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (url === '/photo') response.end('photo');
    else response.writeHead(status, { Location: '/photo' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  // The real fetch, with another address: the fetcher refuses local ones.
  const fetcher = fetcherOf((url, init) => fetch(`http://127.0.0.1:${port}${new URL(String(url)).pathname}`, init));
  expect(await fetcher.fetchAll(['https://p.example/photo', 'https://p.example/moved'], PAGE)).toEqual([
    new TextEncoder().encode('photo'),
    undefined,
  ]);
  expect(asked.toSorted()).toEqual(['/moved', '/photo']);
});
