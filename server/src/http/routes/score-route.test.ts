import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { ARTICLE_RULE, type DecisionRule } from '@swipenet/shared/decision.ts';
import { describe, expect, it } from 'vitest';
import { appDependencies, describeNothing, inferNothing, TOKEN } from '../../../../test/support/app-dependencies.ts';
import { createApp } from '../../app.ts';
import type { ScoredPhoto } from '../../inference/scorer.ts';
import { modelExample } from '../openapi/examples.ts';

const TOGETHER: DecisionRule = { rule: 'profile', threshold: 0.45, largestShare: 0.5, perLogCount: 0 };

/** Posts photos, whose confidences are given, to a server whose model has a rule. */
async function scored(likes: readonly number[], rule: DecisionRule, fields: Readonly<Record<string, string>> = {}) {
  const score = async () =>
    likes.map((like) => ({
      like,
      evidence: new Float32Array(49),
      features: new Float16Array(),
      decodeMs: 0,
      queueMs: 0,
      inferenceMs: 0,
    }));
  const served = () => ({
    scorer: { score, infer: inferNothing },
    outputs: ['confidence', 'evidence'] as const,
    withEvidence: (_: unknown, scoring: Promise<readonly ScoredPhoto[]>) => scoring,
    describe: describeNothing,
    rule,
    answer: { ...modelExample, threshold: rule.threshold, rule },
  });
  const { dependencies } = appDependencies({ served });
  const body = new FormData();
  for (const _ of likes) body.append('photo', new Blob([new Uint8Array(10)]), 'photo.jpg');
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const headers = { Authorization: `Bearer ${TOKEN}` };
  const response = await createApp(dependencies).request(ROUTES.score.path, { method: 'POST', body, headers });
  return scoreAnswerSchema.parse(await response.json());
}

describe('a score', () => {
  it('has the decision of the model’s rule, with the profile’s probability', async () => {
    const { decision, threshold } = await scored([0.2, 0.8, 0.5], TOGETHER);
    // Logits −1.386, 1.386 and 0: half of the largest and half of their mean, 0.693.
    const like = expect.closeTo(2 / 3, 12);
    expect(decision).toEqual({ swipe: 'right', reason: 'profile_liked', like, photo: 1 });
    expect(threshold).toBe(0.45);
  });

  it('applies the threshold of the request to the model’s rule', async () => {
    const { decision, threshold, photos } = await scored([0.2, 0.8, 0.5], TOGETHER, { threshold: '0.7' });
    expect(decision).toMatchObject({ swipe: 'left', reason: 'profile_not_liked', photo: 1 });
    expect([threshold, ...photos.map((photo) => 'label' in photo && photo.label)]).toEqual([
      0.7,
      'NOPE',
      'LIKE',
      'NOPE',
    ]);
  });

  it('is a hold under the rule profile if photos are missing, even if one is certain', async () => {
    const missing = { swipe: 'hold', reason: 'photos_missing', like: null };
    expect((await scored([1], TOGETHER, { photoCount: '2' })).decision).toEqual(missing);
    const { decision } = await scored([1], ARTICLE_RULE, { photoCount: '2' });
    expect(decision).toEqual({ swipe: 'right', reason: 'like_found', like: 1, photo: 0 });
  });
});
