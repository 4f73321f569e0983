import { type Manifest, ruleOf, ruleWords } from './manifest.ts';
import { isServed } from './model-registry.ts';
import { comparesFeatures, faithfulnessWords, gateFailures, type Quantization } from './quantization.ts';

/** Formats a model's classes: `NOPE, LIKE`. */
export const classesOf = (classes: Manifest['classes']) =>
  typeof classes === 'number'
    ? `${classes} ${classes === 1 ? 'class' : 'classes'} (starting point for training)`
    : classes.join(', ');

/** Describes a model for people: names and values, in the order to read them. */
export function modelFacts(manifest: Manifest): [name: string, value: string][] {
  const { classes, preprocessing, temperature, metrics, provenance, quantization, spareFilters, headOf } = manifest;
  const { resize, mean } = preprocessing;
  return [
    ['classes', classesOf(classes)],
    ['photos', `${resize} to 256 × 256, gray, center 224 × 224, minus ${mean === 'image' ? 'a mean image' : mean}`],
    ...(isServed(manifest) ? [row('decision', `${ruleWords(ruleOf(manifest))}; temperature ${temperature}`)] : []),
    ...(spareFilters
      ? [row('heads', `go into filters ${spareFilters.filters.join(' and ')} of inception_5b/1x1`)]
      : []),
    ...(headOf ? [row('head on', `${headOf.id}, SHA-256 ${headOf.sha256}`)] : []),
    ...(quantization ? quantizationRows(quantization) : []),
    ...Object.entries(metrics).map(([name, value]) => row(name, String(value))),
    ['training', provenance.description],
    ['command', provenance.command],
    ...(provenance.sourceSha256 ? [row('source', `SHA-256 ${provenance.sourceSha256}`)] : []),
  ];
}

/** Says whether `auto` uses an int8 model in place of its parent, and if not, why. */
export function gateWords({ faithfulness }: Quantization): string {
  const failures = gateFailures(faithfulness);
  return failures.length === 0 ? 'passes the gate' : `fails the gate: ${failures.join('; ')}`;
}

/** A name and a value of a manifest. */
const row = (name: string, value: string): [string, string] => [name, value];

function quantizationRows(quantization: Quantization): [string, string][] {
  const { parent, parentSha256, calibration, faithfulness } = quantization;
  const origin = `${parent}, SHA-256 ${parentSha256}; calibrated by ${calibration.method} on ${calibration.photos} photos`;
  if (comparesFeatures(faithfulness)) {
    return [
      ['int8 of', origin],
      ['faithfulness', `${faithfulnessWords(faithfulness)}; ${gateWords(quantization)}`],
    ];
  }
  const { largestDifference, meanDifference, accuracy, ece } = faithfulness;
  const compared = (name: string, figures: typeof ece) =>
    figures ? [`${name} ${figures.model.toFixed(4)} (parent ${figures.parent.toFixed(4)})`] : [];
  return [
    ['int8 of', origin],
    [
      'faithfulness',
      [faithfulnessWords(faithfulness), ...compared('accuracy', accuracy), ...compared('ECE', ece)].join(', '),
    ],
    [
      'difference',
      `${meanDifference.toFixed(4)} on average, ${largestDifference.toFixed(4)} at most; ${gateWords(quantization)}`,
    ],
  ];
}
