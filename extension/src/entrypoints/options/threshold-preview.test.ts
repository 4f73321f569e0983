import { type DecisionRule, decide, withThreshold } from '@swipenet/shared/decision.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PhotoVerdict } from '../../messages.ts';
import type { HistoryEntry } from '../../storage/history.ts';
import { joinedProbability } from '../../words/blend.ts';
import { judgeableProfiles, previewThreshold } from './threshold-preview.ts';

type Verdict = NonNullable<HistoryEntry['verdict']>;

const ANY: DecisionRule = { rule: 'any', threshold: 0.4 };
const TOGETHER: DecisionRule = { rule: 'profile', threshold: 0.4, largestShare: 0.5, perLogCount: 0.1 };

const marked = (...likes: (number | 'video' | 'download')[]): PhotoVerdict[] =>
  likes.map((like) => (typeof like === 'number' ? { like, label: like >= 0.4 ? 'LIKE' : 'NOPE' } : { missing: like }));

let count = 0;
const entry = (verdict?: Partial<Verdict>, more: Partial<HistoryEntry> = {}): HistoryEntry => {
  count += 1;
  const decision = { swipe: 'left', reason: 'all_nope', like: 0.1 } as const;
  return {
    ...{ id: `${count}`, atMs: count, site: 'demo', by: 'you', swipe: 'right', seen: 'hidden' },
    ...(verdict && { verdict: { photos: marked(0.1), decision, threshold: 0.4, model: 'mine-int8', ...verdict } }),
    ...more,
  };
};
const judged = (...entries: HistoryEntry[]) => judgeableProfiles(entries, ['mine-int8', 'mine'], 200);
const ruling: NonNullable<HistoryEntry['ruling']> = { rule: 'maxAge', action: 'left', value: 52, limit: 30 } as never;

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const photo = fc.oneof(
  fraction.map((like): PhotoVerdict => ({ like, label: 'NOPE' })),
  fc.constantFrom('video', 'download', 'server', 'page', 'unsent').map((missing): PhotoVerdict => ({ missing })),
);
const rule = fc.oneof(
  fc.record({ rule: fc.constant('any' as const), threshold: fraction }),
  fc.record({
    rule: fc.constant('profile' as const),
    threshold: fraction,
    largestShare: fraction,
    perLogCount: fc.double({ min: -3, max: 3, noNaN: true }),
  }),
);

describe('the profiles that a preview is about', () => {
  it('are those that the model scored, under any of its forms', () => {
    expect(judged(entry({}), entry({ model: 'mine' }), entry({ model: 'other' }), entry())).toHaveLength(2);
  });

  it('are not those that a rule decided, whatever the threshold, or without any confidence', () => {
    expect(judged(entry(undefined, { ruling, by: 'rule' }), entry({}, { ruling }))).toEqual([]);
    expect(judged(entry({ photos: [] }), entry({ photos: marked('video', 'download') }))).toEqual([]);
  });

  it('count once if a person was shown again, but not if the page doesn’t say who it is', () => {
    const again = [entry({}, { profile: 'a' }), entry({ photos: marked(0.9) }, { profile: 'a' })];
    expect(judged(...again)).toEqual([{ likes: [0.1], words: undefined }]);
    expect(judged(entry({}), entry({}), entry({}, { profile: 'a', site: 'tinder' }), ...again)).toHaveLength(4);
  });

  it('are the newest, up to a number', () => {
    const entries = Array.from({ length: 9 }, (_, at) => entry({ photos: marked(at / 10) }));
    expect(judgeableProfiles(entries, ['mine-int8'], 3).map(({ likes }) => likes)).toEqual([[0], [0.1], [0.2]]);
  });

  it('leave out those with words whose weight an earlier version didn’t store', () => {
    const words = { photos: 0.3, reasons: [] };
    const decision = { swipe: 'right', reason: 'profile_liked', like: 0.6, photo: 0 } as const;
    expect(judged(entry({ decision, words }))).toEqual([]);
    expect(judged(entry({ decision, words: { ...words, photosWeight: 1 } }))).toEqual([
      { likes: [0.1], words: { joined: 0.6, from: 0.4, photosWeight: 1 } },
    ]);
  });
});

describe('a preview', () => {
  it('counts what would go right, and what would be left to the person', () => {
    const profiles = judged(
      entry({ photos: marked(0.1, 0.8) }),
      entry({ photos: marked(0.5, 'video') }),
      entry({ photos: marked(0.3, 'download') }),
      entry({ photos: marked(0.2) }),
    );
    expect(previewThreshold(profiles, ANY, 0.4)).toEqual({ profiles: 4, right: 2, held: 1 });
    expect(previewThreshold(profiles, ANY, 0.3)).toEqual({ profiles: 4, right: 3, held: 0 });
    expect(previewThreshold(profiles, ANY, 0.9)).toEqual({ profiles: 4, right: 0, held: 1 });
    expect(previewThreshold(profiles, TOGETHER, 0.01)).toEqual({ profiles: 4, right: 3, held: 1 });
    expect(previewThreshold([], ANY, 0.4)).toEqual({ profiles: 0, right: 0, held: 0 });
  });

  it('agrees with the shared rule on every profile, and never gets more right swipes from a higher threshold', () => {
    fc.assert(
      fc.property(fc.array(fc.array(photo, { maxLength: 6 })), rule, fraction, fraction, (sets, of, one, other) => {
        const entries = sets.map((photos) => entry({ photos }));
        const profiles = judged(...entries);
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const found = [low, high].map((threshold) => previewThreshold(profiles, of, threshold));
        const decided = entries
          .map(({ verdict }) => verdict!.photos.filter((mark) => !('missing' in mark && mark.missing === 'video')))
          .map((photos) => photos.map((mark) => ('like' in mark ? mark.like : null)))
          .filter((likes) => likes.some((like) => like !== null))
          .map((likes) => decide({ likes, photoCount: likes.length, rule: withThreshold(of, low) }).swipe);
        expect(found[0]).toEqual({
          profiles: decided.length,
          right: decided.filter((swipe) => swipe === 'right').length,
          held: decided.filter((swipe) => swipe === 'hold').length,
        });
        expect(found[1]!.right).toBeLessThanOrEqual(found[0]!.right);
      }),
    );
  });

  it('moves words to another threshold as they would have joined there', () => {
    const logit = fc.double({ min: -8, max: 8, noNaN: true });
    const weight = fc.double({ min: 0, max: 2, noNaN: true });
    const threshold = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    const blend = fc.record({ photos: weight, words: weight, intercept: fc.double({ min: -2, max: 2, noNaN: true }) });
    fc.assert(
      fc.property(blend, blend, logit, logit, threshold, threshold, (joined, alone, photos, words, from, to) => {
        const at = (limit: number) => joinedProbability({ joined, alone }, { photos, words }, limit);
        const like = at(from);
        fc.pre(like > 1e-7 && like < 1 - 1e-7 && Math.abs(at(to) - to) > 1e-6); // beyond, a probability says too little
        const decision = { swipe: 'left', reason: 'profile_not_liked', like, photo: 0 } as const;
        const stored = { photos: 0.5, reasons: [], photosWeight: alone.photos };
        const profiles = judged(entry({ decision, threshold: from, words: stored }));
        expect(previewThreshold(profiles, ANY, to).right).toBe(at(to) >= to ? 1 : 0);
      }),
    );
  });
});
