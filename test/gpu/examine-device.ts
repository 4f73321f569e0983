import { systemClock } from '@swipenet/server/clock.ts';
import { childEnvironment, cores } from '@swipenet/server/config/machine.ts';
import type { Check } from '@swipenet/server/doctor/check.ts';
import { CHECKS } from '@swipenet/server/doctor/checks.ts';
import { type DoctorReport, examine } from '@swipenet/server/doctor/examine.ts';
import { probeOpener } from '@swipenet/server/doctor/probe.ts';
import { reportLines } from '@swipenet/server/doctor/report-lines.ts';
import { thisMachine } from '@swipenet/server/doctor/this-machine.ts';
import { type BatchChange, type Speed, Trial } from '@swipenet/server/doctor/trial.ts';
import { modelOnDevice } from '@swipenet/server/inference/device-model.ts';
import type { InstalledModel } from '@swipenet/server/registry/model-registry.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import { trainingDevice } from '@swipenet/server/training/run/start/training-device.ts';
import type { Figure } from '../bench/report.ts';
import type { Finding } from './section.ts';

/** The checks that a variant of a device has to pass: the others say nothing about it that the device's own don't. */
const VARIANT_CHECKS: ReadonlySet<string> = new Set(['session', 'forward', 'profile', 'parity', 'throughput']);

/** What to examine. */
export interface Examined {
  readonly model: InstalledModel;
  readonly device: Device;
  readonly batchSizes: readonly number[];
  /** Computes in a coarser way, and leaves out what that doesn't change. */
  readonly variant?: 'tf32' | 'fp16';
}

/** Runs the doctor with training on a device. */
export async function examineDevice({ model, device, batchSizes, variant }: Examined): Promise<Finding> {
  const machine = thisMachine(childEnvironment());
  const precision = variant === 'fp16' ? variant : 'fp32';
  const openProbe = probeOpener(machine.environment, systemClock);
  const checks: readonly Check[] = variant ? CHECKS.filter(({ name }) => VARIANT_CHECKS.has(name)).map(alone) : CHECKS;
  const report = await examine(device, checks, (on) => ({
    device: on,
    machine,
    coarse: variant !== undefined,
    trial: new Trial({
      ...{ device: on, modelOn: (runs: Device) => modelOnDevice(model, runs, precision) },
      ...{ cores, batchSizes, tf32: variant === 'tf32', openProbe, now: systemClock.now },
    }),
    tryTraining: (one) => trainingDevice(one),
  }));
  return {
    status: report.works ? 'pass' : 'fail',
    summary: report.verdict,
    figures: figuresOf(report),
    text: reportLines(report),
    details: report,
  };
}

/** A check that doesn't wait for others, which aren't run. */
const alone = ({ after = [], ...check }: Check): Check => ({
  ...check,
  after: after.filter((name) => VARIANT_CHECKS.has(name)),
});

function figuresOf({ checks }: DoctorReport): Figure[] {
  const details = (name: string) => checks.find((check) => check.name === name)?.details;
  const speeds = (details('throughput') as readonly Speed[] | undefined) ?? [];
  const change = details('batch-changes') as BatchChange | undefined;
  return [
    ...speeds.map(({ batch, photosPerSecond }) => ({
      key: `oneProcessBatch${batch}`,
      name: `one process, batch ${batch}`,
      value: photosPerSecond,
      unit: 'photos/s',
    })),
    ...(change ? [{ key: 'msPerChange', name: 'a change of batch size', value: change.msPerChange, unit: 'ms' }] : []),
  ];
}
