import type { ImportFiles } from '@swipenet/shared/contract/studio/imports.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framedFiles } from './framed-files.ts';

/** Builds a body as the studio's page does. */
function framed(files: readonly (ImportFiles[number] & { content: Uint8Array })[], head?: unknown): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(head ?? files.map(({ content, ...file }) => file)));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return Buffer.concat([length, json, ...files.map(({ content }) => content)]);
}

/** Cuts bytes into chunks of these sizes, and the rest. */
async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const size of sizes) {
    yield bytes.subarray(from, from + size);
    from += size;
  }
  yield bytes.subarray(from);
}

const read = async (bytes: Uint8Array, sizes: readonly number[] = []) => {
  const found: [path: string, content: number[]][] = [];
  for await (const { file, bytes: content } of framedFiles(inChunks(bytes, sizes)))
    found.push([file.path, [...content]]);
  return found;
};

const file = (path: string, content: readonly number[]) => {
  const bytes = Uint8Array.from(content);
  return { label: 'LIKE' as const, path, bytes: bytes.length, content: bytes };
};

describe('a body of several files', () => {
  it('is read the same however its bytes arrive', async () => {
    const anyFile = fc.tuple(fc.string({ maxLength: 20 }), fc.array(fc.nat(255), { maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFile, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(30), { maxLength: 20 }),
        async (files, sizes) => {
          const body = framed(files.map(([path, content]) => file(path, content)));
          expect(await read(body, sizes)).toEqual(files);
        },
      ),
    );
  });

  const whole = framed([file('a.jpg', [1, 2, 3])]);
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a length only', whole.subarray(0, 4)],
    ['half a head', whole.subarray(0, 20)],
    ['a file that is cut off', whole.subarray(0, whole.length - 1)],
    ['a byte too many', Buffer.concat([whole, Uint8Array.of(0)])],
    ['a head that is too long', Uint8Array.of(255, 255, 255, 255, 1)],
    ['a head that isn’t JSON', Uint8Array.of(1, 0, 0, 0, 0x7b)],
    ['no file', framed([], [])],
    ['another label', framed([], [{ label: 'MAYBE', path: 'a', bytes: 0 }])],
    ['a negative size', framed([], [{ label: 'LIKE', path: 'a', bytes: -1 }])],
    ['a size beyond every photo', framed([], [{ label: 'LIKE', path: 'a', bytes: 1e12 }])],
  ])('is refused if it has %s', async (_, body) => {
    await expect(read(body)).rejects.toMatchObject({ code: 'body_malformed' });
  });
});
