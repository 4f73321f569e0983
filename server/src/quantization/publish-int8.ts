import type { Manifest } from '../registry/manifest.ts';
import { publishModel } from '../registry/model-registry.ts';
import type { Quantization } from '../registry/quantization.ts';
import type { Int8Model } from './quantize-model.ts';

/** An int8 form to publish, and how it was made. */
export interface Int8Publication {
  readonly id: string;
  readonly parent: Manifest;
  /** How its ranges were set. */
  readonly calibration: Quantization['calibration'];
  /** The command that made it. */
  readonly command: string;
}

/** The default id of an int8 form. */
export const int8IdOf = (parentId: string) => `${parentId}-int8`;

/**
 * Publishes an int8 model. Its classes, preprocessing, decision rule, temperature, and place for heads are those of its
 * parent.
 *
 * @throws CommandError `model_exists`, `home_unusable`.
 */
export async function publishInt8(
  folder: string,
  { id, parent, calibration, command }: Int8Publication,
  { bytes, faithfulness }: Pick<Int8Model, 'bytes' | 'faithfulness'>,
): Promise<Manifest> {
  const { classes, preprocessing, threshold, decision, temperature, spareFilters, headOf } = parent;
  const about = {
    id,
    classes,
    preprocessing,
    ...(threshold !== undefined && { threshold }),
    ...(decision && { decision }),
    ...(spareFilters && { spareFilters }),
    ...(headOf && { headOf }),
    temperature,
    metrics: {},
    provenance: {
      description: `the int8 form of ${parent.id}: ${parent.provenance.description}`,
      command,
    },
    quantization: {
      parent: parent.id,
      parentSha256: parent.model.sha256,
      calibration,
      faithfulness,
    },
  };
  return publishModel(folder, about, { bytes, storage: 'int8' });
}
