import { describe, expect, it } from 'vitest';
import { HeldPhotos } from './held-photos.ts';

const photo = (level: number) => new Uint8Array(10).fill(level);

describe('held photos', () => {
  it('are given out once', () => {
    const held = new HeldPhotos();
    held.hold('a', [photo(1), photo(2)]);
    expect(held.take('a')).toEqual([photo(1), photo(2)]);
    expect(held.take('a')).toEqual([]);
  });

  it('make room for newer ones, the oldest first', () => {
    const held = new HeldPhotos(40);
    for (const [level, name] of ['a', 'b', 'c'].entries()) held.hold(name, [photo(level), photo(level)]);
    expect(['a', 'b', 'c'].map((name) => held.take(name).length)).toEqual([0, 2, 2]);
  });

  it('are counted once if a profile is scored again', () => {
    const held = new HeldPhotos(40);
    for (let times = 0; times < 9; times += 1) held.hold('a', [photo(times)]);
    held.hold('b', [photo(1), photo(2), photo(3)]);
    expect([held.take('a').length, held.take('b').length]).toEqual([1, 3]);
  });

  it('are gone once they are cleared', () => {
    const held = new HeldPhotos();
    held.hold('a', [photo(1)]);
    held.clear();
    expect(held.take('a')).toEqual([]);
  });
});
