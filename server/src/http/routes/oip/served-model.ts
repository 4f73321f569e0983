import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { OIP_MODEL } from '@swipenet/shared/contract/oip.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv, OfferedModel } from '../../dependencies.ts';

/** What finding a model needs. */
export type Offering = Pick<AppDependencies, 'served' | 'state' | 'offeredBase'>;

/**
 * Returns the model that the path names: the current one as `swipenet`, by its ID, or by that of the model whose int8
 * form runs; or the network for heads that is offered beside it.
 *
 * @throws SwipenetError `model_unknown`.
 */
export function servedAs(context: Context<AppEnv>, { served, state, offeredBase }: Offering): OfferedModel {
  const name = context.req.param('model') ?? '';
  const model = served();
  const { id, parent } = model.answer;
  if (name === OIP_MODEL || name === id || name === parent) return { ...model, state };
  if (name === offeredBase?.answer.id) return offeredBase;
  throw new SwipenetError('model_unknown', `this server has no model ${name.slice(0, 60)}, but ${OIP_MODEL}`);
}

/** The version of a model: the start of its file's SHA-256, as in the metrics. */
export const versionOf = (sha256: string): string => sha256.slice(0, 12);
