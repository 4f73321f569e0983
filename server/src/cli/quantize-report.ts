import { cores } from '../config/machine.ts';
import { writeNewFile } from '../interchange/export-file.ts';
import { layerNoise } from '../quantization/layer-noise.ts';
import { type LayerReport, layerReportHtml } from '../quantization/layer-report.ts';
import type { QuantizationPhoto } from '../quantization/quantization-photos.ts';
import type { Int8Model } from '../quantization/quantize-model.ts';

/** Compares an int8 model with its parent layer by layer and writes that down. Throws CommandError `output_unusable`. */
export async function writeLayerReport(
  path: string,
  about: Pick<LayerReport, 'id' | 'settings'>,
  made: Int8Model,
  photos: readonly QuantizationPhoto[],
): Promise<void> {
  const layers = await layerNoise(made, photos, cores);
  const html = await layerReportHtml({ ...about, faithfulness: made.faithfulness, layers });
  await writeNewFile(path, [new TextEncoder().encode(html)]);
}
