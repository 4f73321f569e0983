import { expect, it } from 'vitest';
import { inEnglish, fakeTranslate as translate } from '../../../../test/support/fake-texts.ts';
import type { Verdict } from '../../messages.ts';
import { photoMark, verdictLine } from './verdict-text.ts';

const verdict = (change: Partial<Verdict>): Verdict => ({
  photos: [{ like: 0.123, label: 'NOPE' }, { missing: 'page' }],
  decision: { swipe: 'left', reason: 'all_nope' },
  threshold: 0.4,
  model: 'm',
  ...change,
});

it('marks a photo by word, sign and percent', () => {
  expect(photoMark({ like: 0.8449, label: 'LIKE' }, translate)).toEqual({
    tone: 'like',
    label: '✓ label_like',
    percent: '84.49%',
  });
  expect(photoMark({ like: 0.1, label: 'NOPE' }, translate).label).toBe('✕ label_nope');
  expect(photoMark({ missing: 'download' }, translate)).toMatchObject({ tone: 'failed', percent: 'missing_download' });
  expect(photoMark('pending', translate).tone).toBe('pending');
  expect(photoMark('unscored', translate)).toEqual({ tone: 'failed', label: 'overlay_failed', percent: '' });
});

it('says which photo decided, counting from 1', () => {
  const photos: Verdict['photos'] = [
    { like: 0.1, label: 'NOPE' },
    { like: 0.5, label: 'LIKE' },
  ];
  const line = verdictLine(
    verdict({ photos, decision: { swipe: 'right', reason: 'like_found', photo: 1 } }),
    translate,
  );
  expect(line).toBe('decision_like_found 2 50.00% 40%');
});

it('says what photos and bio decide together, what the photos alone said, and which words counted', () => {
  const photos: Verdict['photos'] = [{ like: 0.62, label: 'LIKE' }];
  const reasons = [
    { word: 'climbing', weight: 0.84 },
    { word: 'astrology', weight: -0.56 },
  ];
  const words = { photos: 0.62, reasons };
  const liked = verdict({ photos, words, decision: { swipe: 'right', reason: 'profile_liked', like: 0.71, photo: 0 } });
  expect(verdictLine(liked, translate)).toBe('decision_words_liked 71.00% 40% 62.00% · climbing +0.8, astrology −0.6');
  const passed = { ...liked, decision: { swipe: 'left', reason: 'profile_not_liked', like: 0.2, photo: 0 } } as const;
  expect(verdictLine({ ...passed, words: { photos: 0.62, reasons: [] } }, translate)).toBe(
    'decision_words_not_liked 20.00% 40% 62.00%',
  );
});

it('says which photos are missing', () => {
  const line = verdictLine(verdict({ decision: { swipe: 'hold', reason: 'photos_missing' } }), translate);
  expect(line).toBe('decision_photos_missing 2 2 1 · overlay_partial 1 2');
});

it('distinguishes one photo from several', () => {
  const lost = { missing: 'download' } as const;
  const hold = verdict({
    photos: [lost, { like: 0.1, label: 'NOPE' }, lost],
    decision: { swipe: 'hold', reason: 'photos_missing' },
  });
  expect(verdictLine(hold, translate)).toBe('decision_photos_missing 1, 3 3 2 · overlay_partial 1 3');
  expect(verdictLine(verdict({ photos: [{ like: 0.1, label: 'NOPE' }] }), translate)).toBe('decision_only_nope 40%');
});

it('doesn’t count videos as photos, and says so', () => {
  const video = { missing: 'video' } as const;
  const nope = { like: 0.1, label: 'NOPE' } as const;
  expect(photoMark(video, translate)).toEqual({ tone: 'skipped', label: 'overlay_video', percent: 'missing_video' });
  const line = (photos: Verdict['photos']) => verdictLine(verdict({ photos }), translate);
  expect(line([video, nope, nope])).toBe('decision_all_nope 2 40% · overlay_videos_left_out 1');
  expect(line([video, nope, video])).toBe('decision_only_nope 40% · overlay_videos_left_out 2');
  const hold = verdict({
    photos: [video, nope, { missing: 'page' }],
    decision: { swipe: 'hold', reason: 'photos_missing' },
  });
  expect(verdictLine(hold, translate)).toBe(
    'decision_photos_missing 3 3 1 · overlay_partial 1 2 · overlay_videos_left_out 1',
  );
});

it('shows the probability of a profile that is judged as a whole, and doesn’t claim more', () => {
  const line = (change: Partial<Verdict>) => verdictLine(verdict({ threshold: 0.45, ...change }), inEnglish);
  const photos: Verdict['photos'] = [{ like: 0.3, label: 'NOPE' }, { missing: 'video' }, { like: 0.68, label: 'LIKE' }];
  expect(line({ photos, decision: { swipe: 'right', reason: 'profile_liked', like: 0.71, photo: 2 } })).toBe(
    '→ Swipe right: together 71.00%, at or above your 45% (surest: photo 3, 68.00%) · Skipped 1 video',
  );
  expect(line({ photos, decision: { swipe: 'left', reason: 'profile_not_liked', like: 0.38, photo: 2 } })).toBe(
    '← Swipe left: together 38.00%, below your 45% (surest: photo 3, 68.00%) · Skipped 1 video',
  );
  const hold = { swipe: 'hold', reason: 'photos_missing' } as const;
  const partly = [...photos, { missing: 'page' }] as const;
  expect(line({ photos: [...partly], decision: { ...hold, like: null } })).toBe(
    'Left to you: photo 4 of 4 has no score, and all photos count together · Partial: scored 2 of 3 photos · Skipped 1 video',
  );
  const nope: Verdict['photos'] = [{ like: 0.3, label: 'NOPE' }, { missing: 'page' }];
  for (const decision of [hold, { ...hold, like: 0.3 }]) {
    expect(line({ photos: nope, decision })).toMatch(
      /^Left to you: photo 2 of 2 has no score, and no other photo is a LIKE/,
    );
  }
});

it('judges a profile of one photo by that photo', () => {
  const liked: Verdict['photos'] = [{ like: 0.5, label: 'LIKE' }];
  const right = { swipe: 'right', reason: 'profile_liked', like: 0.5, photo: 0 } as const;
  expect(verdictLine(verdict({ photos: liked, decision: right }), translate)).toBe('decision_like_found 1 50.00% 40%');
  const noped: Verdict['photos'] = [{ like: 0.1, label: 'NOPE' }];
  const left = { swipe: 'left', reason: 'profile_not_liked', like: 0.1, photo: 0 } as const;
  expect(verdictLine(verdict({ photos: noped, decision: left }), translate)).toBe('decision_only_nope 40%');
});
