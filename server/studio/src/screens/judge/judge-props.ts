import type { Label } from '@swipenet/shared/confidence.ts';
import type { StudioEvaluation } from '@swipenet/shared/contract/studio/evaluations.ts';
import type { StudioModel } from '@swipenet/shared/contract/studio/models.ts';

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
