import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { allOfLiked, type PhotoGroup, sharesOfLikes } from './noisy-or.ts';
import { photoTargets, targetsByNumber } from './photo-targets.ts';

/** Profiles of these sizes, and whether each is liked. */
function groupsOf(...profiles: readonly (readonly [size: number, isLike: boolean])[]): PhotoGroup[] {
  let next = 0;
  return profiles.map(([size, isLike]) => ({ photos: Array.from({ length: size }, () => next++), isLike }));
}

const rows = (targets: Float32Array) =>
  Array.from({ length: targets.length / 2 }, (_, photo) => ({
    nope: targets[2 * photo]!,
    like: targets[2 * photo + 1]!,
  }));
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe('the targets of photos', () => {
  it('are the profile’s share of its label if each photo has its profile’s label', () => {
    const groups = groupsOf([1, true], [2, false], [1, false]);
    const targets = rows(photoTargets(groups, allOfLiked(groups, 4)));
    // Two in four photos' weight for the only liked profile, and one for each of the two passed ones.
    expect(targets).toEqual([
      { nope: 0, like: 2 },
      { nope: 0.5, like: 0 },
      { nope: 0.5, like: 0 },
      { nope: 1, like: 0 },
    ]);
  });

  it.each([0.02, 0.2, 0.4, 0.7])('weigh 1 per photo on average at a like rate of %d, and at most 10', (likeRate) => {
    const random = seededRandom(4);
    const profiles = Array.from(
      { length: 300 },
      (_, at) => [1 + Math.floor(6 * random()), at < likeRate * 300] as const,
    );
    const groups = groupsOf(...profiles);
    const count = groups.flatMap(({ photos }) => photos).length;
    const margins = Float64Array.from({ length: count }, () => 4 * random() - 2);
    const targets = rows(photoTargets(groups, sharesOfLikes(groups, margins)));
    const [likes, nopes] = [targets.map(({ like }) => like), targets.map(({ nope }) => nope)];
    expect((sum(likes) + sum(nopes)) / count).toBeCloseTo(1, 5);
    expect(Math.max(...likes, ...nopes)).toBeLessThanOrEqual(10);
    // No photo needs a lower weight at 40% and 70%, so both labels weigh the same.
    if (likeRate >= 0.4) expect(sum(likes)).toBeCloseTo(sum(nopes), 3);
  });

  it('give every profile of a label the same weight', () => {
    const groups = groupsOf([1, false], [4, false], [2, true], [3, true]);
    const targets = rows(photoTargets(groups, allOfLiked(groups, 10)));
    const weights = groups.map(({ photos }) => sum(photos.map((photo) => targets[photo]!.like + targets[photo]!.nope)));
    expect(weights.map((weight) => Number(weight.toFixed(5)))).toEqual([2.5, 2.5, 2.5, 2.5]);
  });

  it('keep the photos of rare likes apart even where their weight is limited', () => {
    const groups = groupsOf([2, true], ...Array.from({ length: 99 }, () => [2, false] as const));
    const margins = Array.from({ length: 200 }, (_, photo) => (photo === 0 ? 4 : -4));
    const [carrier, other] = rows(photoTargets(groups, sharesOfLikes(groups, margins)));
    expect(carrier!.like).toBe(10);
    expect(other!.like).toBeLessThan(5);
  });

  it('make the likely photo of a liked profile a LIKE and the others mostly NOPE', () => {
    const groups = groupsOf([3, true], [3, false]);
    const likeness = sharesOfLikes(groups, [3, -3, -3, 3, -3, -3]);
    const targets = rows(photoTargets(groups, likeness));
    expect(targets[0]!.like).toBeGreaterThan(targets[0]!.nope);
    expect(targets[1]!.nope).toBeGreaterThan(targets[1]!.like);
    expect(targets[3]!.like).toBe(0);
  });

  it('are picked by the photos’ numbers in the dataset', () => {
    const pick = targetsByNumber([2, 5, 9], Float32Array.of(0, 1, 2, 3, 4, 5));
    expect([...pick([9, 2, 9])]).toEqual([4, 5, 0, 1, 4, 5]);
  });
});
