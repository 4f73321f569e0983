import { join } from 'node:path';
import { HEAD_BRANCH } from '../googlenet/linear-head.ts';
import type { Activations } from '../onnx/quantize-graph.ts';
import { readQuantized } from '../onnx/read-quantized.ts';
import type { Manifest } from '../registry/manifest.ts';
import { openModelFolder } from '../registry/model-folder.ts';
import { listModels } from '../registry/model-registry.ts';
import type { Quantization } from '../registry/quantization.ts';

/** The quantized layers that the int8 forms of all heads on a network share. */
export interface QuantizedBody {
  /** The ID of the int8 model that has them. */
  readonly id: string;
  readonly activations: Pick<Activations, 'ranges' | 'filters'>;
  /** How its ranges were set. */
  readonly calibration: Quantization['calibration'];
  readonly faithfulness: Quantization['faithfulness'];
}

/**
 * Finds the quantized layers for a head on a network with spare filters: those of the network's own int8 form. All
 * filters are copied but the two that the head changes, so that an int8 form differs from the others in these and the
 * classifier only. Returns undefined for any other model, or if no int8 form of the network is installed.
 *
 * @param folders where to look.
 * @throws CommandError what opening the int8 form throws.
 */
export async function quantizedBodyOf(
  { headOf }: Manifest,
  folders: readonly string[],
): Promise<QuantizedBody | undefined> {
  if (!headOf) return undefined;
  for (const { id, place, manifest } of await listModels(folders)) {
    if (manifest instanceof Error || manifest.quantization?.parentSha256 !== headOf.sha256) continue;
    const { spareFilters, quantization } = manifest;
    if (!spareFilters) continue;
    const { bytes } = await openModelFolder(join(folders[place]!, id));
    const isAnew = (weight: string, filter: number) =>
      weight === `${HEAD_BRANCH}.weight` && spareFilters.filters.includes(filter);
    const { calibration, faithfulness } = quantization;
    return { id, activations: readQuantized(bytes, isAnew), calibration, faithfulness };
  }
  return undefined;
}
