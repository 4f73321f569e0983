import { describe, expect, it } from 'vitest';
import { sha256 } from '../files/sha256.ts';
import { download } from './download.ts';
import type { OpenUrl } from './plain-request.ts';

const content = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
const file = { url: 'https://example.org/model.onnx', bytes: content.length, sha256: sha256(content) };

/** A server that responds with these chunks. `state.canceled` is true once the client stops reading early. */
function answering(chunks: readonly Uint8Array[], status = 200, end: 'close' | 'break' = 'close') {
  const remaining = [...chunks];
  const state = { canceled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = remaining.shift();
        if (chunk) controller.enqueue(chunk);
        else if (end === 'close') controller.close();
        else controller.error(new Error('terminated'));
      },
      cancel() {
        state.canceled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const open: OpenUrl = async () => ({ status, encoding: undefined, body, cancel: () => void body.cancel() });
  return { open, state };
}
const halves = [content.subarray(0, 400), content.subarray(400)];

describe('a download', () => {
  it('returns the file and reports progress', async () => {
    const seen: number[] = [];
    const { open } = answering(halves);
    expect(await download(file, { open, onProgress: (bytes) => seen.push(bytes) })).toEqual(content);
    expect(seen).toEqual([400, 1000]);
  });

  it('says which URL can’t be reached, and why', async () => {
    const refused = new AggregateError([new Error('getaddrinfo ENOTFOUND example.org')], '');
    const open = async () => Promise.reject(refused);
    await expect(download(file, { open })).rejects.toMatchObject({
      code: 'fetch_failed',
      message: `can’t reach ${file.url} (getaddrinfo ENOTFOUND example.org)`,
    });
  });

  it.each<[string, ReturnType<typeof answering>, string]>([
    ['an error page', answering([new Uint8Array(10)], 404), 'responded with status 404'],
    ['a truncated file', answering([content.subarray(0, 400)]), 'ended after 400 of 1000 bytes'],
    [
      'a connection that breaks',
      answering([content.subarray(0, 400)], 200, 'break'),
      'broke off after 400 bytes (terminated)',
    ],
    ['a different file of the same size', answering([content.toReversed()]), 'expected'],
  ])('rejects %s', async (_what, { open }, message) => {
    await expect(download(file, { open })).rejects.toMatchObject({
      code: 'fetch_failed',
      message: expect.stringContaining(message),
    });
  });

  it('cancels the transfer when the server sends more bytes than the file has', async () => {
    const { open, state } = answering([content, new Uint8Array(1), new Uint8Array(1_000_000)]);
    await expect(download(file, { open })).rejects.toThrow('is larger than 1000 bytes');
    expect(state.canceled).toBe(true);
  });
});
