import { availableParallelism } from 'node:os';
import { systemClock } from '@swipenet/server/clock.ts';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { profilesOf } from '@swipenet/server/demo/profiles.ts';
import type { EncodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { type OpenScorer, openScorer } from '@swipenet/server/inference/open-scorer.ts';
import { drawPhoto } from '@swipenet/server/pictures/draw-photo.ts';
import { formsOf } from '@swipenet/server/registry/choose-precision.ts';
import { ruleOf } from '@swipenet/server/registry/manifest.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import { ARTICLE_RULE, type Decision, type DecisionRule, decide } from '@swipenet/shared/decision.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Judged {
  readonly id: string;
  readonly decision: Decision;
  /** `null` for a photo that failed. */
  readonly likes: readonly (number | null)[];
  readonly errors: readonly string[];
}

describe('the embedded model on the demo’s default deck', () => {
  let open: OpenScorer;
  let rule: DecisionRule = ARTICLE_RULE;
  let deck: Judged[];

  beforeAll(async () => {
    const model = await loadServedModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
    rule = ruleOf(model.manifest);
    open = await openScorer({
      modelOn: formsOf(model, [EMBEDDED_MODEL.folder], 'auto'),
      choice: 'cpu',
      cores: availableParallelism(),
      clock: systemClock,
    });
    const judging: Promise<Judged>[] = [];
    for (const { id, photos } of profilesOf(1, 20)) {
      const files: EncodedPhoto[] = [];
      for (const photo of photos) files.push(await drawPhoto(photo));
      judging.push(judge(id, files)); // scoring runs while the next photos are drawn
    }
    deck = await Promise.all(judging);
  }, 180_000); // drawing 91 photos takes 8 s, and on a busy machine 35 s
  afterAll(() => open?.close());

  async function judge(id: string, files: readonly EncodedPhoto[]): Promise<Judged> {
    const scored = await open.scorer.score(files, { priority: 'now', signal: new AbortController().signal });
    const likes = scored.map((photo) => ('error' in photo ? null : photo.like));
    const errors = scored.flatMap((photo) => ('error' in photo ? [photo.error.code] : []));
    return { id, likes, errors, decision: decide({ likes, photoCount: files.length, rule }) };
  }

  const swiped = (swipe: Decision['swipe']) => deck.filter(({ decision }) => decision.swipe === swipe);

  it('swipes right and left at least six times each', () => {
    expect(swiped('right').length).toBeGreaterThanOrEqual(6);
    expect(swiped('left').length).toBeGreaterThanOrEqual(6);
  });

  it('holds exactly once, for the profile with one undecodable photo and no LIKE', () => {
    const held = swiped('hold');
    expect(held).toHaveLength(1);
    expect(held[0]).toMatchObject({ decision: { reason: 'photos_failed' }, errors: ['photo_undecodable'] });
    expect(deck.flatMap(({ errors }) => errors)).toHaveLength(1);
  });

  it('gives high, low and intermediate confidences', () => {
    const likes = deck.flatMap((profile) => profile.likes).filter((like) => like !== null);
    expect(likes.filter((like) => like >= 0.9).length).toBeGreaterThanOrEqual(6);
    expect(likes.filter((like) => like < 0.2).length).toBeGreaterThanOrEqual(20);
    expect(likes.filter((like) => like >= 0.2 && like <= 0.8).length).toBeGreaterThanOrEqual(6);
  });

  it('makes no decision closer than 0.1 to the threshold, so that rounding on another machine can’t change one', () => {
    for (const { id, likes } of deck) {
      const surest = Math.max(...likes.map((like) => like ?? 0));
      expect([id, Math.abs(surest - rule.threshold) >= 0.1]).toEqual([id, true]);
    }
  });
});
