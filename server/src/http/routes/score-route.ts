import { labelOf } from '@swipenet/shared/confidence.ts';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { PhotoScore, ScoreAnswer } from '@swipenet/shared/contract/score.ts';
import { decide, withThreshold } from '@swipenet/shared/decision.ts';
import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import type { Context } from 'hono';
import type { ScoredPhoto } from '../../inference/scorer.ts';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { readScoreForm } from '../form/score-form.ts';
import { assertReady } from './health-routes.ts';
import { keepScore } from './keep-score.ts';

/** A browser kills the extension's worker if a response takes 30 s, so the server gives up earlier and says so. */
export const DEADLINE_MS = 20_000;

/** `POST /v1/score`: scores photos and returns their confidences and the decision. */
export function scoreRoute(dependencies: AppDependencies) {
  const { served, state, deadline, now, metrics } = dependencies;
  return async (context: Context<AppEnv>): Promise<Response> => {
    const start = now();
    assertReady(state);
    const wantsEvidence = readEvidence(context.req.query('evidence'));
    const signal = AbortSignal.any([context.req.raw.signal, deadline(DEADLINE_MS)]);
    const { photos, photoCount, priority, threshold, learn } = await readScoreForm(context);
    const { scorer, describe, withEvidence, answer: model, rule: ownRule } = served(); // once, because the server may switch models while it scores the photos
    context.set('model', model);
    const rule = withThreshold(ownRule, threshold);
    const started = metrics.forModel(model).pending();
    const options = { priority, signal, caller: context.get('caller'), until: start + DEADLINE_MS };
    const scoring = scorer.score(photos, { ...options, onStart: started }).finally(started);
    const described = learn ? describe(photos, scoring, options) : undefined;
    described?.catch(() => {}); // keepScore reports it
    const scored = await (wantsEvidence ? withEvidence(photos, scoring, options) : scoring);
    context.set('scored', scored);
    metrics.forModel(model).prepared(photos.filter((photo) => 'gzip' in photo).length);
    const likes = scored.map((photo) => ('error' in photo ? null : photo.like));
    const decision = decide({ likes, photoCount, rule });
    const score = {
      ...{ taste: context.get('taste'), photoCount, model: model.parent ?? model.id },
      ...{ threshold: rule.threshold, probability: decision.like },
    };
    const requestId = context.get('requestId');
    const kept = described && (await keepScore(dependencies, score, described, requestId));
    const answer: ScoreAnswer = {
      requestId,
      model: model.id,
      threshold: rule.threshold,
      photos: scored.map((photo, index) => photoScore(photo, index, rule.threshold, wantsEvidence)),
      decision,
      ...kept,
      timings: {
        decodeMs: slowest(scored, 'decodeMs'),
        inferenceMs: slowest(scored, 'inferenceMs'),
        totalMs: roundMs(now() - start),
      },
    };
    return context.json(answer);
  };
}

function readEvidence(text: string | undefined): boolean {
  if (text === undefined || text === '0') return false;
  if (text === '1') return true;
  throw new SwipenetError('evidence_invalid', `evidence must be 0 or 1, got ${JSON.stringify(text.slice(0, 40))}`);
}

function photoScore(photo: ScoredPhoto, index: number, threshold: number, withEvidence: boolean): PhotoScore {
  if ('error' in photo) {
    const { code, message } = photo.error;
    return { index, error: { code, message } } as PhotoScore;
  }
  const { like, evidence } = photo;
  const rows = Array.from({ length: EVIDENCE_SIDE }, (_, row) => [
    ...evidence.subarray(EVIDENCE_SIDE * row, EVIDENCE_SIDE * (row + 1)),
  ]);
  return { index, like, label: labelOf(like, threshold), ...(withEvidence && { evidence: rows }) };
}

const roundMs = (ms: number) => Math.round(ms * 10) / 10;

const slowest = (scored: readonly ScoredPhoto[], part: 'decodeMs' | 'inferenceMs') =>
  roundMs(Math.max(0, ...scored.map((photo) => ('error' in photo ? 0 : photo[part]))));
