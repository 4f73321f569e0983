import { systemClock } from '../clock.ts';
import { childEnvironment, cores } from '../config/machine.ts';
import { CHECKS } from '../doctor/checks.ts';
import { examine } from '../doctor/examine.ts';
import { probeOpener } from '../doctor/probe.ts';
import { reportLines } from '../doctor/report-lines.ts';
import { thisMachine } from '../doctor/this-machine.ts';
import { BATCH_SIZES, Trial } from '../doctor/trial.ts';
import { modelOnDevice } from '../inference/device-model.ts';
import { chosenModel } from '../registry/active-model.ts';
import type { Device } from '../runtime/session.ts';
import { trainingDevice } from '../training/run/start/training-device.ts';
import { defineCommand } from './command.ts';
import { switchOption } from './option-schemas.ts';

/** `swipenet doctor`: checks whether this machine can score, and on which device. Exits with 1 if it can't. */
export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'check whether the CPU or a GPU works on this machine, and if not, why',
  settings: ['device', 'tf32', 'model', 'precision', 'home'],
  options: {
    training: {
      flag: '--training',
      help: 'also run two small training steps if the device is a GPU',
      schema: switchOption,
    },
  },
  notes:
    'Exit codes: 0 if the device works (with auto, the one it chose), 1 if it doesn’t, 2 if the command is invalid.',
  run: async ({ settings, options: { training }, progress }) => {
    const modelOn = await chosenModel(settings, settings.model);
    const { now } = systemClock;
    const machine = thisMachine(childEnvironment());
    const openProbe = probeOpener(machine.environment, systemClock);
    const examinationOf = (device: Device) => ({
      device,
      machine,
      coarse: settings.tf32 || settings.precision === 'fp16',
      trial: new Trial({
        device,
        modelOn: async (on) => {
          const { model, precision } = await modelOn(device === 'cpu' ? 'cpu' : 'cuda');
          return modelOnDevice(model, on, precision);
        },
        cores,
        batchSizes: BATCH_SIZES,
        tf32: settings.tf32,
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
