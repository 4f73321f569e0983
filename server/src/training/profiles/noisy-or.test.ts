import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { learnNoisyOr, type PhotoGroup } from './noisy-or.ts';

/** Profiles of one to four photos in three dimensions. A liked profile has one photo on the far side of the first. */
function bags(count: number, seed: number): { rows: Float64Array; groups: PhotoGroup[] } {
  const random = seededRandom(seed);
  const rows: number[] = [];
  const groups = Array.from({ length: count }, (_, profile): PhotoGroup => {
    const isLike = profile % 3 === 0;
    const photos = Array.from({ length: 1 + Math.floor(4 * random()) }, (_, index) => {
      rows.push((isLike && index === 0 ? 2 : -1) + 2 * random() - 1, 2 * random() - 1, 2 * random() - 1);
      return rows.length / 3 - 1;
    });
    return { photos, isLike };
  });
  return { rows: Float64Array.from(rows), groups };
}

/** The oracle: the same EM as documented, each fit by plain gradient descent. */
function descended(rows: Float64Array, groups: readonly PhotoGroup[], strength: number, rounds: number) {
  const photos = groups.flatMap(({ photos: own, isLike }) => own.map((photo) => ({ photo, own, isLike })));
  const x = (photo: number) => [rows[3 * photo]!, rows[3 * photo + 1]!, rows[3 * photo + 2]!, 1];
  const chance = (head: number[], photo: number) =>
    1 / (1 + Math.exp(-x(photo).reduce((sum, value, at) => sum + value * head[at]!, 0)));
  let share = new Map(photos.map(({ photo, isLike }) => [photo, isLike ? 1 : 0]));
  let head = [0, 0, 0, 0];
  for (let round = 0; round <= rounds; round += 1) {
    if (round > 0) {
      const last = head;
      share = new Map(
        photos.map(({ photo, own, isLike }) => {
          const none = own.reduce((product, other) => product * (1 - chance(last, other)), 1);
          return [photo, isLike ? (0.9 * chance(last, photo)) / (1 - none) : 0];
        }),
      );
    }
    let [likes, nopes] = [0, 0];
    for (const { photo, own } of photos) {
      likes += share.get(photo)! / own.length;
      nopes += (1 - share.get(photo)!) / own.length;
    }
    const half = groups.length / 2;
    head = [0, 0, 0, 0];
    for (let step = 0; step < 20_000; step += 1) {
      const gradient = head.map((part, at) => (at < 3 ? strength * part : 0));
      for (const { photo, own } of photos) {
        const like = (share.get(photo)! / own.length) * (half / likes);
        const nope = ((1 - share.get(photo)!) / own.length) * (half / nopes);
        const miss = nope * chance(head, photo) - like * (1 - chance(head, photo));
        for (const [at, value] of x(photo).entries()) gradient[at]! += miss * value;
      }
      head = head.map((part, at) => part - 0.02 * gradient[at]!);
    }
  }
  return head;
}

describe('learning from profiles by a noisy or', () => {
  it.each([0, 1, 3])('agrees with an independent EM after %i rounds', (rounds) => {
    const { rows, groups } = bags(30, 3);
    const found = learnNoisyOr({ rows, dimensions: 3, groups, strength: 1, rounds });
    expect(found).toHaveLength(rounds + 1);
    const { weights, bias } = found.at(-1)!;
    const expected = descended(rows, groups, 1, rounds);
    for (const [index, part] of [...weights, bias].entries()) expect(part).toBeCloseTo(expected[index]!, 5);
  });

  it('rates the photo that carries the like higher with every question which one it was', () => {
    const { rows, groups } = bags(90, 8);
    const heads = learnNoisyOr({ rows, dimensions: 3, groups, strength: 1, rounds: 3 });
    const gaps = heads.map(({ weights }) => weights[0]!);
    expect(gaps[3]!).toBeGreaterThan(gaps[0]!);
  });

  it('weighs a profile with many photos like one with a single photo', () => {
    const { rows, groups } = bags(24, 5);
    // The photos of the first profile twice: a twin of each photo halves both shares, so nothing changes.
    const [first, ...rest] = groups as [PhotoGroup, ...PhotoGroup[]];
    const twins = first.photos.map((_, index) => rows.length / 3 + index);
    const more = Float64Array.of(
      ...rows,
      ...first.photos.flatMap((photo) => [...rows.subarray(3 * photo, 3 * photo + 3)]),
    );
    const doubled = [{ ...first, photos: [...first.photos, ...twins] }, ...rest];
    const [one] = learnNoisyOr({ rows, dimensions: 3, groups, strength: 1, rounds: 0 });
    const [two] = learnNoisyOr({ rows: more, dimensions: 3, groups: doubled, strength: 1, rounds: 0 });
    for (const [index, weight] of one!.weights.entries()) expect(two!.weights[index]!).toBeCloseTo(weight, 7);
  });
});
