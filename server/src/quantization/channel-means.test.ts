import { expect, it } from 'vitest';
import { ChannelMeans } from './channel-means.ts';

it('averages each channel over everything that was added', () => {
  const means = new ChannelMeans(2);
  expect([...means.means()]).toEqual([0, 0]);
  means.add(Float32Array.of(1, 3, 10, 20));
  means.add(Float32Array.of(5, 7, -30, 0));
  expect([...means.means()]).toEqual([4, 0]);
});
