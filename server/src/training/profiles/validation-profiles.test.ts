import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import type { Prediction } from '../run/folder/run-files.ts';
import { checkValidationProfiles, profileFigures, scoredProfiles } from './validation-profiles.ts';

/** Predictions of profiles with one to four photos, one of which carries the like. */
function predictions(profiles: number, gap: number, { likeRate = 0.3, scale = 1 } = {}): Prediction[] {
  const random = seededRandom(7);
  return Array.from({ length: profiles }, (_, profile) => {
    const label = profile < likeRate * profiles ? ('LIKE' as const) : ('NOPE' as const);
    return Array.from({ length: 1 + Math.floor(4 * random()) }, (_photo, index) => {
      const margin = scale * (2 * random() - 1 + (label === 'LIKE' && index === 0 ? gap : 0));
      return { id: `${profile}-${index}`, profile, label, margin };
    });
  }).flat();
}

describe('figures of validation profiles', () => {
  it('are better, the better photos tell profiles apart', () => {
    const [none, some, all] = [0, 1, 3].map((gap) => profileFigures(predictions(200, gap), 0));
    expect(some!.loss).toBeLessThan(none!.loss - 0.1);
    expect(all!.loss).toBeLessThan(some!.loss - 0.1);
    expect(all!.accuracy).toBeGreaterThan(0.97);
  });

  it('are those of always passing, at best, if photos say nothing', () => {
    const { loss, accuracy } = profileFigures(predictions(400, 0), 0);
    const entropy = -(0.3 * Math.log(0.3) + 0.7 * Math.log(0.7));
    expect(loss).toBeGreaterThan(entropy - 0.01);
    expect(loss).toBeLessThan(entropy + 0.05);
    expect(accuracy).toBeCloseTo(0.7, 1);
  });

  it('hardly depend on the scale of margins', () => {
    const [one, ten] = [1, 10].map((scale) => profileFigures(predictions(200, 1, { scale }), 0));
    expect(ten!.loss).toBeCloseTo(one!.loss, 3);
    expect(ten!.accuracy).toBe(one!.accuracy);
  });

  it('are not a number if margins aren’t, so that the run stops', () => {
    const broken = predictions(100, 1).map((prediction) => ({ ...prediction, margin: Number.NaN }));
    expect(profileFigures(broken, 0).loss).toBeNaN();
  });
});

describe('validation profiles', () => {
  it('are grouped with their photos’ margins, in order', () => {
    const photo = (profile: number, label: Prediction['label'], margin: number) => ({ id: '', profile, label, margin });
    const grouped = scoredProfiles([photo(4, 'LIKE', 1), photo(2, 'NOPE', 2), photo(4, 'LIKE', 3)]);
    expect(grouped).toEqual([
      { label: 'LIKE', margins: [1, 3] },
      { label: 'NOPE', margins: [2] },
    ]);
  });

  it('must be at least ten of each label; otherwise, the counts are named and a way out', () => {
    const profiles = (likes: number, nopes: number) =>
      Array.from({ length: likes + nopes }, (_, profile) => ({
        label: profile < likes ? ('LIKE' as const) : ('NOPE' as const),
        profile,
      }));
    expect(() => checkValidationProfiles(profiles(10, 10))).not.toThrow();
    expect(() => checkValidationProfiles(profiles(9, 30))).toThrow(
      /at least 10 validation profiles of each label, but there are only 30 NOPE and 9 LIKE\. Use --mode head/,
    );
  });
});
