import { readFile } from 'node:fs/promises';
import { writeNewFile } from '../interchange/export-file.ts';
import type { Faithfulness } from '../registry/quantization.ts';
import { digits, escapeHtml, percent, reportPage, table } from '../training/report/html.ts';
import { type LayerNoise, layerNoise } from './layer-noise.ts';
import type { QuantizationPhoto } from './quantization-photos.ts';
import type { Int8Model } from './quantize-model.ts';

/** What a report of a quantization tells. */
export interface LayerReport {
  readonly id: string;
  /** How it was made, in the order in which it is told. */
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
  made: Int8Model,
  photos: readonly QuantizationPhoto[],
  threads: number,
): Promise<void> {
  const layers = await layerNoise(made, photos, threads);
  const html = await layerReportHtml({ ...about, faithfulness: made.faithfulness, layers });
  await writeNewFile(path, html);
}

/** A quantization's report: one HTML file that needs nothing else. */
async function layerReportHtml({ id, settings, faithfulness, layers }: LayerReport): Promise<string> {
  const style = await readFile(new URL('../training/report/page/report.css', import.meta.url), 'utf8');
  const { photos, changedVerdicts, largestDifference, meanDifference, accuracy, auc, ece } = faithfulness;
  const compared = Object.entries({ accuracy, AUC: auc, ECE: ece }).flatMap(([name, figures]) =>
    figures ? [[name, digits(figures.parent), digits(figures.model)]] : [],
  );
  const rows = layers.map(({ layer, signalToNoiseDb, high, largest }) => {
    return [layer, digits(signalToNoiseDb, 1), digits(high, 2), digits(largest, 2)];
  });
  const differences = [
    ['photos', photos],
    ['verdicts that change', percent(changedVerdicts)],
    ['largest difference in confidence', digits(largestDifference)],
    ['mean difference in confidence', digits(meanDifference)],
  ];
  return reportPage({
    title: `${id}: int8 report`,
    style,
    main: `<header><h1>${escapeHtml(id)}</h1><p>An int8 model beside the float model that it was made of.</p></header>
<section><h2>Answers</h2>
${table('Differences from the parent, on photos that set no range', ['figure', 'value'], differences)}
${compared.length > 0 ? table('Figures on the same photos', ['figure', 'parent', 'int8'], compared) : ''}
</section>
<section><h2>Layers</h2>
<p>Signal to noise is the power of a layer's float output over the power of its difference from int8, with everything before it in int8 too. Values above the largest int8 value become that value.</p>
${table('Layer by layer', ['layer', 'signal to noise, dB', 'largest int8 value', 'largest float value'], rows)}
</section>
<section><h2>Settings</h2>${table('Settings', ['setting', 'value'], Object.entries(settings))}</section>`,
  });
}
