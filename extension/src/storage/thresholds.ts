import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { array, fraction, nullable, object, type Parsed, string } from '../parse.ts';

/** Thresholds are kept for this many models. The one that was chosen first goes first. */
const MAX_MODELS = 200;

/**
 * Names a model. Its ID alone doesn't: once a taste is deleted, its versions are numbered from 1 again, and another server
 * may use the same ID. An int8 form has the name of its parent, because both make the same decisions.
 */
const modelName = { model: string(), sha256: string() };

export const parseThresholds = object({
  chosen: array(object({ ...modelName, threshold: fraction }), MAX_MODELS),
  /**
   * Chosen before thresholds were kept per model, for whichever model was in use. It becomes that of the first model that
   * the server has from then on. Null if there is none.
   */
  unassigned: nullable(fraction),
});

/** The minimum confidence for a LIKE, from 0 to 1, that the person has chosen for each model. Others use their own. */
export type Thresholds = Parsed<typeof parseThresholds>;

export type ModelName = Omit<Thresholds['chosen'][number], 'threshold'>;

export const NO_THRESHOLDS: Thresholds = { chosen: [], unassigned: null };

/** Returns the name of a server's model. */
export function modelNameOf({
  id,
  parent = id,
  sha256,
  parentSha256 = sha256,
}: Pick<ModelAnswer, 'id' | 'parent' | 'sha256' | 'parentSha256'>): ModelName {
  return { model: parent, sha256: parentSha256 };
}

/** Returns what the person has chosen for a model, or null if the model uses its own threshold. */
export function thresholdOf({ chosen }: Thresholds, name: ModelName): number | null {
  return chosen.find(isOf(name))?.threshold ?? null;
}

/** Chooses a threshold for a model, or null for the model's own. */
export function withThresholdOf(thresholds: Thresholds, name: ModelName, threshold: number | null): Thresholds {
  const { model, sha256 } = name;
  const isOfModel = isOf(name);
  const { chosen } = thresholds;
  if (threshold === null) return { ...thresholds, chosen: chosen.filter((one) => !isOfModel(one)) };
  const changed = { model, sha256, threshold };
  return {
    ...thresholds,
    chosen: chosen.some(isOfModel)
      ? chosen.map((one) => (isOfModel(one) ? changed : one))
      : [...chosen.slice(1 - MAX_MODELS), changed],
  };
}

/** Gives a model the threshold that isn't any model's yet, if there is one and the model has none. */
export function withUnassigned(thresholds: Thresholds, name: ModelName): Thresholds {
  const { unassigned } = thresholds;
  const rest = { ...thresholds, unassigned: null };
  return unassigned === null || thresholdOf(thresholds, name) !== null ? rest : withThresholdOf(rest, name, unassigned);
}

const isOf =
  ({ model, sha256 }: ModelName) =>
  (one: ModelName) =>
    one.model === model && one.sha256 === sha256;
