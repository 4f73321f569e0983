import { describe, expect, it } from 'vitest';
import { sha256 } from '../files/sha256.ts';
import { download } from './download.ts';

const content = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
const file = { url: 'https://example.org/model.onnx', bytes: content.length, sha256: sha256(content) };

/** A server that answers with these chunks; it notes whether it was told to stop. */
function answering(chunks: readonly Uint8Array[], init: ResponseInit = {}, end: 'close' | 'break' = 'close') {
  const left = [...chunks];
  const state = { cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = left.shift();
        if (chunk) controller.enqueue(chunk);
        else if (end === 'close') controller.close();
        else controller.error(new Error('terminated'));
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { fetch: async () => new Response(body, init), state };
}
const halves = [content.subarray(0, 400), content.subarray(400)];

describe('a download', () => {
  it('gives the file and tells how far it is', async () => {
    const seen: number[] = [];
    const { fetch } = answering(halves);
    expect(await download(file, { fetch, onProgress: (bytes) => seen.push(bytes) })).toEqual(content);
    expect(seen).toEqual([400, 1000]);
  });

  it('says what was not reachable, and why', async () => {
    const refused = new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND example.org') });
    const fetch = async () => Promise.reject(refused);
    await expect(download(file, { fetch })).rejects.toMatchObject({
      code: 'fetch_failed',
      message: `${file.url} could not be reached (getaddrinfo ENOTFOUND example.org)`,
    });
  });

  it.each<[string, ReturnType<typeof answering>, string]>([
    ['an error’s page', answering([new Uint8Array(10)], { status: 404 }), 'answered 404'],
    ['a file that is cut off', answering([content.subarray(0, 400)]), 'ended after 400 of 1000 bytes'],
    [
      'a line that breaks',
      answering([content.subarray(0, 400)], {}, 'break'),
      'broke off after 400 bytes (terminated)',
    ],
    ['another file of the size', answering([content.toReversed()]), 'expected'],
  ])('refuses %s', async (_what, { fetch }, message) => {
    await expect(download(file, { fetch })).rejects.toMatchObject({
      code: 'fetch_failed',
      message: expect.stringContaining(message),
    });
  });

  it('takes no byte more than the file has, and stops whoever sends more', async () => {
    const { fetch, state } = answering([content, new Uint8Array(1), new Uint8Array(1_000_000)]);
    await expect(download(file, { fetch })).rejects.toThrow('is larger than 1000 bytes');
    expect(state.cancelled).toBe(true);
  });
});
