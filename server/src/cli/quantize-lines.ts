import { basename } from 'node:path';
import type { QuantizationPhotos } from '../quantization/quantization-photos.ts';
import { type Faithfulness, gateFailures } from '../registry/quantization.ts';
import type { QuantizeFlags } from './quantize-flags.ts';

/** The command as somebody else would write it: without this machine's folders. */
export function quantizeCommandLine(id: string, { calibrate, photos, method, name, force }: QuantizeFlags): string {
  const given = [
    `--calibrate …/${basename(calibrate)} --photos ${photos} --method ${method}`,
    ...(name === undefined ? [] : [`--name ${name}`]),
    ...(force ? ['--force'] : []),
  ];
  return `swipenet models quantize ${id} ${given.join(' ')}`;
}

/** What an int8 model is worth beside its parent, for people. */
export function faithfulnessLines(faithfulness: Faithfulness): string {
  const { photos, largestDifference, meanDifference, changedVerdicts, accuracy, auc, ece } = faithfulness;
  const figures = { accuracy, AUC: auc, ECE: ece };
  const compared = Object.entries(figures).flatMap(([name, both]) => {
    return both ? [`  ${name.padEnd(9)} ${both.model.toFixed(4)}, the parent’s ${both.parent.toFixed(4)}`] : [];
  });
  const failures = gateFailures(faithfulness);
  return [
    `on ${photos} photos that set no range:`,
    `  verdicts  ${(100 * changedVerdicts).toFixed(2)} % change`,
    `  confidence differs by ${meanDifference.toFixed(4)} on the mean, ${largestDifference.toFixed(4)} at most`,
    ...(compared.length > 0 ? compared : ['  no labels, or learnt ones: accuracy, AUC and ECE are unknown']),
    failures.length === 0
      ? 'passes the gate: auto takes it on the CPU'
      : `does not pass the gate: ${failures.join('; ')}`,
  ].join('\n');
}

/** Files that are named one by one. */
const NAMED = 5;

/** What could not be read, for people; empty where everything could. */
export function failedLines({ failed }: Pick<QuantizationPhotos, 'failed'>): string[] {
  if (failed.length === 0) return [];
  const named = failed.slice(0, NAMED).map(({ path, message }) => `  ${path}: ${message}`);
  return [`left out, because they could not be read: ${failed.length}`, ...named];
}
