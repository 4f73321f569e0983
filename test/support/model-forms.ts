import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { int8IdOf } from '@swipenet/server/quantization/publish-int8.ts';
import type { ModelOn } from '@swipenet/server/registry/choose-precision.ts';
import type { ModelDescription, ServedModel } from '@swipenet/server/registry/model-registry.ts';
import type { Faithfulness, Quantization } from '@swipenet/server/registry/quantization.ts';

/** The id of the embedded model's int8 form, which a CPU computes unless it is told otherwise. */
export const EMBEDDED_INT8 = int8IdOf(EMBEDDED_MODEL.id);

/** A model that has one form, whatever the device. */
export const onlyForm =
  (model: ServedModel): ModelOn =>
  async () => ({ model, precision: 'fp32', reason: 'the only one' });

/** What the maker of a model says of it, to publish a few bytes with. */
export const modelDescription = (id: string): ModelDescription => ({
  id,
  preprocessing: { resize: 'cover', mean: 114.7 },
  temperature: 1,
  metrics: {},
  provenance: { description: 'made by a test', command: 'npm test' },
});

/** The same of an int8 model; its faithfulness passes the gate unless told otherwise. */
export const int8Description = (
  id: string,
  parent: Pick<Quantization, 'parent' | 'parentSha256'>,
  faithfulness: Partial<Faithfulness> = {},
): ModelDescription => ({
  ...modelDescription(id),
  quantization: {
    ...parent,
    calibration: { method: 'minmax', photos: 512, indexSha256: '0'.repeat(64) },
    faithfulness: { photos: 400, largestDifference: 0.1, meanDifference: 0.01, changedVerdicts: 0, ...faithfulness },
  },
});
