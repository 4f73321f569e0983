import { readFile } from 'node:fs/promises';
import { writeNewFile } from '../interchange/export-file.ts';
import { comparesFeatures, type Faithfulness } from '../registry/quantization.ts';
import { digits, escapeHtml, percent, reportPage, table } from '../training/report/html.ts';
import { type LayerNoise, layerNoise } from './layer-noise.ts';
import type { QuantizationPhoto } from './quantization-photos.ts';
import type { Int8Model } from './quantize-model.ts';

/** The contents of a report on a quantization. */
export interface LayerReport {
  readonly id: string;
  /** How the model was made, in the order of the report. */
  readonly settings: Readonly<Record<string, string | number>>;
  readonly faithfulness: Faithfulness;
  readonly layers: readonly LayerNoise[];
}

/**
 * Compares an int8 model with its parent layer by layer and writes the report.
 *
 * @throws CommandError `output_unusable`.
 */
export async function writeLayerReport(
  path: string,
  about: Pick<LayerReport, 'id' | 'settings'>,
  model: Int8Model,
  photos: readonly QuantizationPhoto[],
  threads: number,
): Promise<void> {
  const layers = await layerNoise(model, photos, threads);
  const html = await layerReportHtml({ ...about, faithfulness: model.faithfulness, layers });
  await writeNewFile(path, html);
}

/** Renders the report as one self-contained HTML file. */
async function layerReportHtml({ id, settings, faithfulness, layers }: LayerReport): Promise<string> {
  const style = await readFile(new URL('../training/report/page/report.css', import.meta.url), 'utf8');
  const rows = layers.map(({ layer, signalToNoiseDb, high, largest }) => {
    return [layer, digits(signalToNoiseDb, 1), digits(high, 2), digits(largest, 2)];
  });
  return reportPage({
    title: `${id}: int8 report`,
    style,
    main: `<header><h1>${escapeHtml(id)}</h1><p>This int8 model compared with its parent, the float model it was made from.</p></header>
${differencesSection(faithfulness)}
<section><h2>Layers</h2>
<p>The signal-to-noise ratio is the power of a layer’s float output divided by the power of its difference from int8. All layers before it are in int8 too. Values above the largest int8 value are clamped.</p>
${table('Layer by layer', ['layer', 'signal-to-noise ratio, dB', 'largest int8 value', 'largest float value'], rows)}
</section>
<section><h2>Settings</h2>${table('Settings', ['setting', 'value'], Object.entries(settings))}</section>`,
  });
}

/** Renders how the results differ. */
function differencesSection(faithfulness: Faithfulness): string {
  const differences = (rows: readonly (readonly [string, string | number])[]) =>
    table('Differences from the parent on photos that weren’t used for calibration', ['measure', 'value'], rows);
  if (comparesFeatures(faithfulness)) {
    const errors = Object.entries(faithfulness.featureError).map(([module, error]) => {
      return [`error of the features of ${module}, as a share of their variance`, percent(error)] as const;
    });
    return `<section><h2>Features</h2>${differences([['photos', faithfulness.photos], ...errors])}</section>`;
  }
  const { photos, changedVerdicts, largestDifference, meanDifference, accuracy, auc, ece } = faithfulness;
  const compared = Object.entries({ accuracy, AUC: auc, ECE: ece }).flatMap(([name, figures]) =>
    figures ? [[name, digits(figures.parent), digits(figures.model)]] : [],
  );
  const rows = [
    ['photos', photos],
    ['changed verdicts', percent(changedVerdicts)],
    ['largest difference in confidence', digits(largestDifference)],
    ['mean difference in confidence', digits(meanDifference)],
  ] as const;
  return `<section><h2>Confidences</h2>
${differences(rows)}
${compared.length > 0 ? table('Metrics on the same photos', ['metric', 'parent', 'int8'], compared) : ''}
</section>`;
}
