import { expect, it } from 'vitest';
import type { Verdict } from '../messages.ts';
import { joinedVerdict, photosLike } from './joined-verdict.ts';

const VERDICT: Verdict = {
  photos: [{ missing: 'video' }, { like: 0.2, label: 'NOPE' }, { like: 0.62, label: 'LIKE' }],
  decision: { swipe: 'right', reason: 'like_found', like: 0.62, photo: 2 },
  ...{ threshold: 0.4, model: 'm', scoreId: 's' },
};
const reasons = [{ word: 'tea', weight: -0.8 }];

it('decides by the joined probability, and remembers what the photos alone said', () => {
  const words = { photos: 0.62, reasons };
  expect(joinedVerdict(VERDICT, { like: 0.3, reasons })).toEqual({
    ...VERDICT,
    decision: { swipe: 'left', reason: 'profile_not_liked', like: 0.3, photo: 2 },
    words,
  });
  const liked = joinedVerdict(VERDICT, { like: 0.4, reasons });
  expect(liked.decision).toEqual({ swipe: 'right', reason: 'profile_liked', like: 0.4, photo: 2 });
  expect(photosLike(liked)).toBe(0.62);
});

it.each<[string, Partial<Verdict>]>([
  ['a photo is missing', { photos: [...VERDICT.photos, { missing: 'download' }] }],
  ['it is left to the person', { decision: { swipe: 'hold', reason: 'no_photo', like: null } }],
  ['an older server doesn’t say its probability', { decision: { swipe: 'left', reason: 'all_nope' } }],
])('leaves a profile alone if %s', (_, change) => {
  expect(photosLike(VERDICT)).toBe(0.62);
  expect(photosLike({ ...VERDICT, ...change })).toBeUndefined();
});
