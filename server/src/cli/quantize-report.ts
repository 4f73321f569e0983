import { cores } from '../config.ts';
import { writeNewFile } from '../registry/export-file.ts';
import { layerNoise } from '../training/quantization/layer-noise.ts';
import { type LayerReport, layerReportHtml } from '../training/quantization/layer-report.ts';
import type { QuantizationPhoto } from '../training/quantization/quantization-photos.ts';
import type { Int8Model } from '../training/quantization/quantize-model.ts';

/** Compares an int8 model with its parent layer by layer and writes that down. Throws SwipenetError `output_unusable`. */
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
