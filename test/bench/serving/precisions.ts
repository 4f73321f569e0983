import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { cores } from '@swipenet/server/config/machine.ts';
import { planEngines } from '@swipenet/server/inference/engine-plan.ts';
import { formsOf } from '@swipenet/server/registry/choose-precision.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import { openLayout } from '../limits.ts';
import { race } from '../measure.ts';
import type { Figure } from '../report.ts';

const TURNS = 8;

/**
 * Compares the embedded model in float and in int8, with the engines that a server uses on this CPU, without decoding.
 */
export async function precisions(): Promise<Figure[]> {
  const folders = [EMBEDDED_MODEL.folder];
  const chosen = await loadServedModel(folders, EMBEDDED_MODEL.id);
  const { engines, threadsPerEngine: threads } = planEngines('cpu', cores);
  const opened = [];
  for (const precision of ['fp32', 'int8'] as const) {
    const { model } = await formsOf(chosen, folders, precision)('cpu');
    for (const batch of [1, 8]) {
      opened.push(
        await openLayout(model, { key: `${precision}Batch${batch}`, engines, threads, batch, device: 'cpu' }),
      );
    }
  }
  const speeds = await race(
    opened.map(({ contender }) => contender),
    TURNS,
  );
  await Promise.all(opened.map(({ close }) => close()));
  const figures = speeds.map(({ key, name, perSecond }) => {
    return { key: `${key}PhotosPerSecond`, name: `${key.slice(0, 4)}, ${name}`, value: perSecond, unit: 'photos/s' };
  });
  const ratios = [1, 8].map((batch, index) => {
    const value = speeds[index + 2]!.perSecond / speeds[index]!.perSecond;
    return { key: `int8RatioBatch${batch}`, name: `  int8 relative to fp32, batch ${batch}`, value, unit: '×' };
  });
  return [...ratios, ...figures];
}
