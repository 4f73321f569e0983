import { join } from 'node:path';
import type { Manifest } from '../registry/manifest.ts';
import { isServed } from '../registry/model-registry.ts';
import { faithfulnessWords, gateFailures, type Quantization } from '../registry/quantization.ts';

/** A file's size for people. */
export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** A model's classes for people. */
export const classesOf = (classes: Manifest['classes']) =>
  typeof classes === 'number' ? `${classes} classes, an initialisation` : classes.join(', ');

/** Whether an int8 model stands for its parent where it is not asked for, and why not. */
export function gateWords({ faithfulness }: Quantization): string {
  const failures = gateFailures(faithfulness);
  return failures.length === 0 ? 'passes the gate' : `does not pass the gate: ${failures.join('; ')}`;
}

/** A manifest for people. */
export function showLines(manifest: Manifest, modelPath: string, active: boolean): string {
  const { id, classes, preprocessing, threshold, temperature, metrics, provenance, model, quantization } = manifest;
  const { resize, mean } = preprocessing;
  const rows: [string, string][] = [
    ['classes', classesOf(classes)],
    ['photos', `${resize} to 256 × 256, gray, centre 224 × 224, minus ${mean === 'image' ? 'a mean image' : mean}`],
    ...(isServed(manifest)
      ? [['LIKE', `from ${threshold ?? 'the default'}, temperature ${temperature}`] as [string, string]]
      : []),
    ...(quantization ? quantizationRows(quantization) : []),
    ...Object.entries(metrics).map(([name, value]): [string, string] => [name, String(value)]),
    ['learnt', provenance.description],
    ['made by', provenance.command],
    ...(provenance.sourceSha256 ? [['made of', `SHA-256 ${provenance.sourceSha256}`] as [string, string]] : []),
    ['file', `${modelPath}, ${megabytes(model.bytes)}, ${model.storage}, SHA-256 ${model.sha256}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return [`${id}${active ? ' (active)' : ''}`, ...lines].join('\n');
}

function quantizationRows(quantization: Quantization): [string, string][] {
  const { parent, parentSha256, calibration, faithfulness } = quantization;
  const { largestDifference, meanDifference, accuracy, ece } = faithfulness;
  const compared = (name: string, figures: typeof ece) =>
    figures ? [`${name} ${figures.model.toFixed(4)} (parent ${figures.parent.toFixed(4)})`] : [];
  return [
    ['int8 of', `${parent}, SHA-256 ${parentSha256}; ranges by ${calibration.method} of ${calibration.photos} photos`],
    [
      'faithful',
      [faithfulnessWords(faithfulness), ...compared('accuracy', accuracy), ...compared('ECE', ece)].join(', '),
    ],
    [
      'differs',
      `by ${meanDifference.toFixed(4)} on average, ${largestDifference.toFixed(4)} at most; ${gateWords(quantization)}`,
    ],
  ];
}

/** What an import says: what it became, where it is, and what can be done with it. */
export function importedLines(manifest: Manifest, folder: string): string {
  const path = join(folder, manifest.id);
  const what = `${manifest.id}: ${megabytes(manifest.model.bytes)} in ${path}`;
  if (isServed(manifest)) return what;
  return `${what}\n${classesOf(manifest.classes)}: train --init ${path} begins from it, nothing is scored with it`;
}
