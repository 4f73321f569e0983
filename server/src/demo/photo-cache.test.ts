import { describe, expect, it } from 'vitest';
import { PhotoCache } from './photo-cache.ts';

const photo = (size: number) => async () => new Uint8Array(size);

describe('the photo cache', () => {
  it('draws a photo once, even for simultaneous requests', async () => {
    const cache = new PhotoCache(100);
    let drawn = 0;
    const draw = async () => {
      drawn += 1;
      return new Uint8Array(10);
    };
    await Promise.all([cache.get('a', draw), cache.get('a', draw)]);
    await cache.get('a', draw);
    expect(drawn).toBe(1);
    expect(cache.bytes).toBe(10);
  });

  it('stays within its size and evicts the least recently used photo', async () => {
    const cache = new PhotoCache(25);
    await cache.get('a', photo(10));
    await cache.get('b', photo(10));
    await cache.get('a', photo(10));
    await cache.get('c', photo(10));
    expect(cache.bytes).toBe(20);
    const redrawn: string[] = [];
    for (const key of ['a', 'c', 'b']) {
      await cache.get(key, async () => {
        redrawn.push(key);
        return new Uint8Array(10);
      });
    }
    expect(redrawn).toEqual(['b']);
  });

  it('keeps nothing if drawing fails', async () => {
    const cache = new PhotoCache(100);
    const failing = async () => Promise.reject(new Error('no paint'));
    await expect(cache.get('a', failing)).rejects.toThrow('no paint');
    expect(cache.bytes).toBe(0);
    await expect(cache.get('a', photo(3))).resolves.toHaveLength(3);
  });
});
