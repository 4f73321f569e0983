import { ARTICLE_RULE, type DecisionRule, decide } from '@swipenet/shared/decision.ts';
import { expect, it } from 'vitest';
import { reasonOf } from './score.ts';

const TOGETHER: DecisionRule = { rule: 'profile', threshold: 0.45, largestShare: 0, perLogCount: 0 };

it.each<[DecisionRule, (number | null)[], string]>([
  [ARTICLE_RULE, [0.1, 0.5], '2.jpg is a LIKE: 50.00% is at or above 40.00%'],
  [ARTICLE_RULE, [0.1, 0.2], 'every photo is below 40.00%'],
  [ARTICLE_RULE, [0.1, null], 'a photo couldn’t be read, and no other photo is a LIKE'],
  [TOGETHER, [0.2, 0.8], 'together 50.00%, at or above 45.00%; the surest photo is 2.jpg with 80.00%'],
  [TOGETHER, [0.7, 0.1, 0.1], 'together 23.46%, below 45.00%; the surest photo is 1.jpg with 70.00%'],
  [TOGETHER, [0.2], 'the only photo is 20.00%, below 45.00%'],
  [TOGETHER, [0.9, null], 'a photo couldn’t be read'],
  [TOGETHER, [], 'the profile has no photos'],
])('explains a decision truly: %j, %j', (rule, likes, expected) => {
  const photos = likes.map((like, index) => {
    const path = `anna/${index + 1}.jpg`;
    if (like === null) return { path, error: { code: 'photo_undecodable', message: 'damaged' } };
    return { path, like, label: 'NOPE' as const };
  });
  expect(reasonOf(decide({ likes, photoCount: likes.length, rule }), photos, rule)).toBe(expected);
});
