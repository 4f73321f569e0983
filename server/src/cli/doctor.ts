import { systemClock } from '../clock.ts';
import { childEnvironment, cores } from '../config/machine.ts';
import { CHECKS } from '../doctor/checks.ts';
import { examine } from '../doctor/examine.ts';
import { probeOpener } from '../doctor/probe.ts';
import { reportLines } from '../doctor/report-lines.ts';
import { thisMachine } from '../doctor/this-machine.ts';
import { Trial } from '../doctor/trial.ts';
import { planEngines } from '../inference/engine-plan.ts';
import { chosenModel } from '../registry/active-model.ts';
import type { Device } from '../runtime/session.ts';
import { trainingDevice } from '../training/run/training-device.ts';
import { defineCommand } from './command.ts';
import { switchOption } from './option-schemas.ts';

/** `swipenet doctor`: whether this machine can score, and on a GPU; exit code 1 where it cannot. */
export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'examine this machine: does the CPU or a GPU work, and why not',
  settings: ['device', 'model', 'precision', 'home'],
  options: {
    training: { flag: '--training', help: 'on a GPU also take two small training steps', schema: switchOption },
  },
  notes: 'Exit codes: 0 the device works (for auto: the one that is taken), 1 it does not, 2 the command was wrong.',
  run: async ({ settings, options: { training }, progress }) => {
    const modelOn = await chosenModel(settings, settings.model);
    const { now } = systemClock;
    const machine = thisMachine(childEnvironment());
    const openProbe = probeOpener(machine.environment, systemClock);
    // The CPU takes photos one by one; here it is given a GPU's batches, so that the same questions are asked of both.
    const { batchSizes } = planEngines('cuda:0', cores);
    const examinationOf = (device: Device) => ({
      device,
      machine,
      trial: new Trial({
        device,
        modelPath: async () => (await modelOn(device === 'cpu' ? 'cpu' : 'cuda')).model.modelPath,
        cores,
        batchSizes,
        openProbe,
        now,
      }),
      ...(training && { tryTraining: (device: Device) => trainingDevice(device) }),
    });
    return examine(settings.device, CHECKS, examinationOf, (device, done, total) =>
      progress.update(`checks on ${device}`, done, total),
    );
  },
  print: reportLines,
  exitCode: ({ works }) => (works ? 0 : 1),
});
