import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

/** Returns what is written if one of 400 photos is done every 50 ms. */
function written(isTTY: boolean, columns = 80): string[] {
  const texts: string[] = [];
  let now = 0;
  const output = { isTTY, columns, write: (text: string) => texts.push(text) };
  const progress = new Progress(output, () => now);
  for (let done = 0; done <= 400; done += 1, now += 50) progress.update('photos', done, 400);
  return texts;
}

describe('progress', () => {
  it('updates one line in place on a terminal, with a bar, the rate and the time left', () => {
    const texts = written(true);
    expect(texts).toHaveLength(201);
    expect(texts.every((text) => text.startsWith('\r') && text.endsWith('\u001b[K') !== text.endsWith('\n'))).toBe(
      true,
    );
    expect(texts[100]).toContain('████████████············  200 of 400  50%  20/s  10 s left');
    expect(texts.at(-1)?.endsWith('400 of 400  100%  20/s\u001b[K\n')).toBe(true);
  });

  it('never wraps on a narrow terminal', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that clears the rest of the line
    expect(Math.max(...written(true, 40).map((text) => text.replace(/\r|\u001b\[K|\n/g, '').length))).toBe(39);
  });

  it('prints a plain line every 10 seconds elsewhere', () => {
    expect(written(false)).toEqual(['photos  200 of 400  50%  20/s  10 s left\n', 'photos  400 of 400  100%  20/s\n']);
  });

  it('computes the rate from where the work resumed', () => {
    const texts: string[] = [];
    let now = 0;
    const progress = new Progress({ write: (text) => texts.push(text) }, () => now);
    progress.update('photos', 900, 1000);
    now = 10_000;
    progress.update('photos', 950, 1000);
    expect(texts).toEqual(['photos  950 of 1,000  95%  5.0/s  10 s left\n']);
  });
});
