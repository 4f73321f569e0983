import type { Manifest } from '../registry/manifest.ts';
import { publishModel } from '../registry/model-registry.ts';
import type { CalibrationMethod } from '../registry/quantization.ts';
import type { QuantizationPhotos } from './quantization-photos.ts';
import type { Int8Model } from './quantize-model.ts';

/** An int8 form to publish, and how it was made. */
export interface Int8Publication {
  readonly id: string;
  readonly parent: Manifest;
  readonly method: CalibrationMethod;
  readonly photos: Pick<QuantizationPhotos, 'calibration' | 'indexSha256'>;
  /** The command that made it. */
  readonly command: string;
}

/** The default id of an int8 form. */
export const int8IdOf = (parentId: string) => `${parentId}-int8`;

/**
 * Publishes an int8 model. Its preprocessing, decision rule and temperature are those of its parent.
 *
 * @throws CommandError `model_exists`, `home_unusable`.
 */
export async function publishInt8(
  folder: string,
  { id, parent, method, photos, command }: Int8Publication,
  { bytes, faithfulness }: Pick<Int8Model, 'bytes' | 'faithfulness'>,
): Promise<Manifest> {
  const { preprocessing, threshold, decision, temperature } = parent;
  const about = {
    id,
    preprocessing,
    ...(threshold !== undefined && { threshold }),
    ...(decision && { decision }),
    temperature,
    metrics: {},
    provenance: {
      description: `the int8 form of ${parent.id}: ${parent.provenance.description}`,
      command,
    },
    quantization: {
      parent: parent.id,
      parentSha256: parent.model.sha256,
      calibration: { method, photos: photos.calibration.length, indexSha256: photos.indexSha256 },
      faithfulness,
    },
  };
  return publishModel(folder, about, { bytes, storage: 'int8' });
}
