import { systemClock } from '@swipenet/server/clock.ts';
import { cores } from '@swipenet/server/config/machine.ts';
import { type PhotoCrop, photoCrop } from '@swipenet/server/image/photo-bytes.ts';
import { ChildEngine } from '@swipenet/server/inference/child-engine.ts';
import { modelOnDevice } from '@swipenet/server/inference/device-model.ts';
import type { InstalledModel } from '@swipenet/server/registry/model-registry.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import type { Figure } from '../bench/report.ts';
import { type Finding, pass } from './section.ts';
import type { VerifySizes } from './sizes.ts';

/** Engines to measure. */
export interface MeasuredEngines {
  readonly model: InstalledModel;
  readonly device: Device;
  readonly sizes: VerifySizes;
  readonly variant?: 'tf32' | 'fp16';
}

const PHOTO = photoCrop(new Uint8Array(224 * 224).fill(128));

/** Measures each batch size with each number of engines, all computing at the same time. */
export async function measureThroughput(measured: MeasuredEngines): Promise<Finding> {
  const { batches, engines: counts, seconds } = measured.sizes;
  const figures: Figure[] = [];
  for (const count of counts) {
    const engines = await open(measured, count, batches);
    for (const batch of batches) {
      figures.push({
        key: `engines${count}Batch${batch}`,
        name: `${count} engine${count > 1 ? 's' : ''}, batch ${batch}`,
        value: await photosPerSecond(engines, [batch], seconds),
        unit: 'photos/s',
      });
    }
    await Promise.all(engines.map((engine) => engine.close()));
  }
  const best = figures.toSorted((one, other) => other.value - one.value)[0]!;
  return pass(`at best ${best.value.toFixed(0)} photos/s: ${best.name}`, { figures });
}

/** Compares batches of alternating sizes in one session with the same in a session for each size. */
export async function measureAlternating(measured: MeasuredEngines): Promise<Finding> {
  const { batches, seconds } = measured.sizes;
  const sizes = batches.slice(0, 2);
  const names = { together: 'in one session', apart: 'in a session each' };
  const figures: Figure[] = [];
  for (const [key, sessions] of [
    ['together', []],
    ['apart', sizes],
  ] as const) {
    const engines = await open(measured, 1, sessions);
    const value = await photosPerSecond(engines, sizes, seconds);
    figures.push({ key, name: `batches of ${sizes.join(' and ')} ${names[key]}`, value, unit: 'photos/s' });
    await Promise.all(engines.map((engine) => engine.close()));
  }
  const [together, apart] = figures as [Figure, Figure];
  const factor = (apart.value / together.value).toFixed(2);
  return pass(`a session for each size is ${factor} times as fast as one for both`, { figures });
}

async function open({ model, device, variant }: MeasuredEngines, count: number, batchSizes: readonly number[]) {
  const threads = device === 'cpu' ? cores : 1;
  const settings = {
    ...(await modelOnDevice(model, device, variant === 'fp16' ? variant : 'fp32')),
    ...{ device, threads, tf32: variant === 'tf32', batchSizes, warmSizes: batchSizes },
  };
  return Promise.all(Array.from({ length: count }, () => ChildEngine.open({ settings, clock: systemClock })));
}

/** Lets all engines run batches of these sizes in turns, after one of each that doesn't count. */
async function photosPerSecond(
  engines: readonly ChildEngine[],
  sizes: readonly number[],
  seconds: number,
): Promise<number> {
  const batches = sizes.map((size) => new Array<PhotoCrop>(size).fill(PHOTO));
  for (const batch of batches) await Promise.all(engines.map((engine) => engine.run(batch)));
  const begin = performance.now();
  let photos = 0;
  const keepBusy = async (engine: ChildEngine) => {
    while (performance.now() - begin < 1000 * seconds) {
      for (const batch of batches) photos += (await engine.run(batch)).length;
    }
  };
  await Promise.all(engines.map(keepBusy));
  return (1000 * photos) / (performance.now() - begin);
}
