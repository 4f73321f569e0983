import {
  type EvaluationAnswer,
  type EvaluationScores,
  evaluationAnswerSchema,
  readScores,
} from '@swipenet/shared/contract/studio/evaluations.ts';
import { AskError, ask, askBytes } from '../live/ask.ts';

/** An evaluation that is done, with its scores. */
export interface JudgedEvaluation extends EvaluationAnswer {
  readonly scores: EvaluationScores;
}

/** Loads an evaluation. Throws {@link AskError}. */
export async function loadEvaluation(id: string, signal: AbortSignal): Promise<JudgedEvaluation> {
  const path = { evaluation: id };
  const [answer, bytes] = await Promise.all([
    ask('studioEvaluation', evaluationAnswerSchema, { path, signal }),
    askBytes('studioEvaluationScores', { path, signal }),
  ]);
  try {
    return { ...answer, scores: readScores(bytes.buffer as ArrayBuffer, answer.result) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AskError('unreadable', 'The scores of this evaluation can’t be read. Delete it, and evaluate again.');
  }
}

/** Returns the rows of each profile's photos, by the number of the profile. */
export function rowsOfProfiles({ photos }: EvaluationScores): ReadonlyMap<number, readonly number[]> {
  const rows = new Map<number, number[]>();
  for (const [row, profile] of photos.profiles.entries()) {
    const known = rows.get(profile);
    if (known) known.push(row);
    else rows.set(profile, [row]);
  }
  return rows;
}
