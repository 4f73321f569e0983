import type { Label } from '@swipenet/shared/confidence.ts';
import {
  type EvaluationAnswer,
  type EvaluationScores,
  evaluationAnswerSchema,
  readScores,
  type StudioEvaluation,
} from '@swipenet/shared/contract/studio/evaluations.ts';
import type { StudioModel } from '@swipenet/shared/contract/studio/models.ts';
import { AskError, ask, askBytes } from '../../live/ask.ts';

/** What figures are about: photos one by one, or profiles as the model's rule decides them. */
export const UNITS = ['photos', 'profiles'] as const;

export type Unit = (typeof UNITS)[number];

/** A cell of the matrix: what the label is, and what the model says. */
export interface Cell {
  readonly label: Label;
  readonly verdict: Label;
}

/** What a page about an evaluation knows of the server. */
export interface EvaluationPageProps {
  readonly evaluation: StudioEvaluation;
  readonly evaluations: readonly StudioEvaluation[];
  readonly models: readonly StudioModel[];
  /** The ID of the evaluation to compare with, or ''. */
  readonly other: string;
}

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
