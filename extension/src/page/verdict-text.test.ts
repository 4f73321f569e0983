import { expect, it } from 'vitest';
import type { Verdict } from '../messages.ts';
import type { Translate } from '../texts.ts';
import { decisionLine, photoMark, scoringLine } from './verdict-text.ts';

const translate: Translate = (key, ...values) => [key, ...values].join(' ');
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
    percent: '84.49 %',
  });
  expect(photoMark({ like: 0.1, label: 'NOPE' }, translate).label).toBe('✕ label_nope');
  expect(photoMark({ missing: 'download' }, translate)).toMatchObject({ tone: 'failed', percent: 'missing_download' });
  expect(photoMark('pending', translate).tone).toBe('pending');
  expect(photoMark('unscored', translate)).toEqual({ tone: 'failed', label: 'overlay_failed', percent: '' });
});

it('says which photo decided, counted as people count', () => {
  const photos: Verdict['photos'] = [
    { like: 0.1, label: 'NOPE' },
    { like: 0.5, label: 'LIKE' },
  ];
  const line = decisionLine(
    verdict({ photos, decision: { swipe: 'right', reason: 'like_found', photo: 1 } }),
    translate,
  );
  expect(line).toBe('decision_like_found 2 50.00 % 40 %');
});

it('says which photos are missing', () => {
  const line = decisionLine(verdict({ decision: { swipe: 'hold', reason: 'photos_missing' } }), translate);
  expect(line).toBe('decision_photo_missing 2 2');
});

it('tells one from many', () => {
  const lost = { missing: 'download' } as const;
  const hold = verdict({
    photos: [lost, { like: 0.1, label: 'NOPE' }, lost],
    decision: { swipe: 'hold', reason: 'photos_missing' },
  });
  expect(decisionLine(hold, translate)).toBe('decision_photos_missing 1, 3 3');
  expect(decisionLine(verdict({ photos: [{ like: 0.1, label: 'NOPE' }] }), translate)).toBe('decision_only_nope 40 %');
  expect([1, 2].map((count) => scoringLine(count, translate))).toEqual(['overlay_scoring_one', 'overlay_scoring 2']);
});
