import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { OIP_MODEL } from '@swipenet/shared/contract/oip.ts';
import type { Context } from 'hono';
import { OUTPUTS, type OutputName } from '../../../oip/tensors.ts';
import type { AnsweringModel, AppEnv } from '../../dependencies.ts';

/**
 * Returns the current model if the path names it: as `swipenet`, by its ID, or by that of the model whose int8 form runs.
 *
 * @throws SwipenetError `model_unknown`.
 */
export function servedAs(context: Context<AppEnv>, model: AnsweringModel): AnsweringModel {
  const name = context.req.param('model') ?? '';
  const { id, parent } = model.answer;
  if (name === OIP_MODEL || name === id || name === parent) return model;
  throw new SwipenetError('model_unknown', `this server has no model ${name.slice(0, 60)}, but ${OIP_MODEL}`);
}

/** The outputs that a model has. */
export const offeredOutputs = ({ hasFeatures }: Pick<AnsweringModel, 'hasFeatures'>): readonly OutputName[] =>
  (Object.keys(OUTPUTS) as OutputName[]).filter((name) => name !== 'features' || hasFeatures);

/** The version of a model: the start of its file's SHA-256, as in the metrics. */
export const versionOf = (sha256: string): string => sha256.slice(0, 12);
