import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { int8IdOf } from '@swipenet/server/quantization/publish-int8.ts';
import type { ModelOn } from '@swipenet/server/registry/choose-precision.ts';
import type { ModelDescription, ServedModel } from '@swipenet/server/registry/model-registry.ts';
import type { ConfidenceFaithfulness, Quantization } from '@swipenet/server/registry/quantization.ts';

/** The ID of the embedded model's int8 form, which a CPU uses by default. */
export const EMBEDDED_INT8 = int8IdOf(EMBEDDED_MODEL.id);

/** Returns a model that has one form for every device. */
export const onlyForm =
  (model: ServedModel): ModelOn =>
  async () => ({ model, precision: 'fp32', reason: 'the only form' });

/** Describes a model, to publish a few bytes with. */
export const modelDescription = (id: string): ModelDescription => ({
  id,
  preprocessing: { resize: 'cover', mean: 114.7 },
  temperature: 1,
  metrics: {},
  provenance: { description: 'made by a test', command: 'npm test' },
});

/** Describes an int8 model. Its faithfulness passes the gate by default. */
export const int8Description = (
  id: string,
  parent: Pick<Quantization, 'parent' | 'parentSha256'>,
  faithfulness: Partial<ConfidenceFaithfulness> = {},
): ModelDescription => ({
  ...modelDescription(id),
  quantization: {
    ...parent,
    calibration: { method: 'minmax', photos: 512, indexSha256: '0'.repeat(64) },
    faithfulness: { photos: 400, largestDifference: 0.1, meanDifference: 0.01, changedVerdicts: 0, ...faithfulness },
  },
});
