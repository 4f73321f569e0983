import { errorDefinition } from '@swipenet/shared/contract/errors.ts';
import type { ScoreAnswer } from '@swipenet/shared/contract/score.ts';
import type { DescribedPhotos } from '../../inference/photo-describer.ts';
import type { PendingScore } from '../../taste/store/pending-scores.ts';
import type { AppDependencies } from '../dependencies.ts';
import { asContractError } from '../errors.ts';

/**
 * Keeps a score until the person swipes. Returns what the response says about it. A failure is reported there and in the
 * log, because the scores themselves are right.
 */
export async function keepScore(
  { taste, report }: Pick<AppDependencies, 'taste' | 'report'>,
  score: PendingScore,
  described: Promise<DescribedPhotos>,
  requestId: string,
): Promise<Pick<ScoreAnswer, 'scoreId' | 'ask' | 'notKept'>> {
  try {
    return taste.keep(score, await described);
  } catch (thrown) {
    const error = asContractError(thrown);
    if (errorDefinition(error.code).kind !== 'server') throw error;
    report(error, requestId);
    return { notKept: { code: error.code, message: error.message } as ScoreAnswer['notKept'] };
  }
}
