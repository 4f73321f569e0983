import type { Context } from 'hono';
import { describe, expect, it } from 'vitest';
import { sentBytes } from '../../image/photo-bytes.ts';
import type { AppEnv } from '../dependencies.ts';
import { readScoreForm } from './score-form.ts';
import { readSwipe } from './swipe-form.ts';

const part = (parameters: string, content: string) =>
  `--b\r\nContent-Disposition: form-data; ${parameters}\r\n\r\n${content}\r\n`;
const photo = (content = 'x') => part('name="photo"; filename="a"', content);
const field = (name: string, value: string) => part(`name="${name}"`, value);
const END = '--b--\r\n';

/** A request whose body arrives in these pieces, and how many of them were read. */
function request(pieces: Iterable<string>) {
  let read = 0;
  async function* body() {
    for (const piece of pieces) {
      read += 1;
      yield Buffer.from(piece);
    }
  }
  const context = {
    req: { header: () => 'multipart/form-data; boundary=b' },
    get: () => body(),
  } as unknown as Context<AppEnv>;
  return { context, read: () => read };
}

/** A piece again and again. */
function* endless(first: string, more: string): Generator<string> {
  yield first;
  while (true) yield more;
}

describe('a form with photos', () => {
  it('has its photos in order and its fields, whatever their order', async () => {
    const { context } = request([photo('one'), field('threshold', '0.5'), photo('two'), field('photoCount', '3'), END]);
    const { photos, threshold, photoCount } = await readScoreForm(context);
    expect([photos.map((photo) => Buffer.from(sentBytes(photo)).toString()), threshold, photoCount]).toEqual([
      ['one', 'two'],
      0.5,
      3,
    ]);
  });

  it.each([
    ['photos_too_many', 21, '', photo()],
    ['photo_too_large', 11, part('name="photo"; filename="a"', ''), 'x'.repeat(1_000_000)],
    ['field_unknown', 2, photo(), field('other', 'x')],
    ['field_repeated', 3, photo(), field('learn', '1')],
    ['body_malformed', 2, photo(), field('photo', 'x')],
    ['threshold_invalid', 2, '--b\r\nContent-Disposition: form-data; name="threshold"\r\n\r\n', '0'.repeat(100)],
  ])('ends with %s as soon as it is wrong, in piece %i', async (code, pieces, first, more) => {
    const { context, read } = request(endless(first, more));
    await expect(readScoreForm(context)).rejects.toMatchObject({ code });
    expect(read()).toBeLessThanOrEqual(pieces + 1);
  });

  it.each([
    ['swipe_invalid', '--b\r\nContent-Disposition: form-data; name="profile"\r\n\r\n', 'p'.repeat(1000)],
    ['field_unknown', '', field('swipes', 'x')],
  ])('of a swipe ends with %s as soon as it is wrong', async (code, first, more) => {
    const { context, read } = request(endless(first, more));
    await expect(readSwipe(context)).rejects.toMatchObject({ code });
    expect(read()).toBeLessThanOrEqual(3);
  });

  it('can have prepared photos among the others, each with the limit of its gray levels', async () => {
    const gray = (content: string) =>
      photo(content).replace('\r\n\r\n', '\r\nContent-Type: application/x-swipenet-gray; v=1; resize=squash\r\n\r\n');
    const { photos } = await readScoreForm(request([photo('one'), gray('x'.repeat(65_536)), END]).context);
    expect(photos).toEqual([
      new Uint8Array(Buffer.from('one')),
      { resize: 'squash', gzip: false, bytes: new Uint8Array(65_536).fill(120) },
    ]);
    await expect(readScoreForm(request([gray('x'.repeat(65_537)), END]).context)).rejects.toMatchObject({
      code: 'photo_too_large',
      message: 'photo 0 is too large; the limit is 65536 bytes',
    });
  });

  it('needs a photo, and all of it', async () => {
    await expect(readScoreForm(request([END]).context)).rejects.toMatchObject({ code: 'photos_missing' });
    await expect(readScoreForm(request([photo()]).context)).rejects.toMatchObject({ code: 'body_malformed' });
  });
});
