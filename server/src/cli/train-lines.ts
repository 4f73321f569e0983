import { join } from 'node:path';
import type { Manifest } from '../registry/manifest.ts';
import type { Progress } from '../training/run/checkpoint.ts';
import type { RunConfiguration } from '../training/run/run-folder.ts';

/** What `train` prints before the first step: what learns from what, where, and how. */
export function beginLines(
  folder: string,
  configuration: RunConfiguration,
  steps: number,
  deviceReason: string,
  fresh: readonly string[] | undefined,
): string {
  const { name, data, init, epochs, batch, side, rate, policy, warmup, device, threads } = configuration;
  const anew =
    fresh && init !== 'none'
      ? `; anew ${fresh
          .filter((tensor) => tensor.endsWith('.weight'))
          .map((tensor) => tensor.replace('.weight', ''))
          .join(', ')}`
      : '';
  return [
    `Training ${name} on ${data.folder}${fresh ? '' : ', gone on with'}`,
    `  begins   from ${init === 'none' ? 'nothing' : init}${anew}`,
    `  steps    ${steps} of ${batch} photos ${side} × ${side}, ${epochs} epochs`,
    `  rate     ${rate}, ${policy}${warmup > 0 ? `, ${warmup} steps of warm-up` : ''}`,
    `  device   ${device}, ${threads} thread${threads === 1 ? '' : 's'}; ${deviceReason}`,
    `  run      ${folder}`,
  ].join('\n');
}

/** What it prints when it was stopped. */
export function stoppedLine(folder: string, { step }: Progress): string {
  return `Stopped after step ${step}; swipenet train --resume ${folder} goes on`;
}

/** What it prints at the end. */
export function endLines({ id, metrics, model }: Manifest, models: string, folder: string): string {
  const figures = Object.entries(metrics).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
  return [
    `${id}: ${(model.bytes / 1e6).toFixed(1)} MB in ${join(models, id)}`,
    `  ${figures.join(', ')}`,
    `  run ${folder}`,
    `  models activate ${id} makes it the one that is used, by a running server at once`,
  ].join('\n');
}
