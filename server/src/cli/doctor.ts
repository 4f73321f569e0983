import { systemClock } from '../clock.ts';
import { childEnvironment, cores } from '../config/machine.ts';
import { readSettings, type SettingName } from '../config/settings.ts';
import { CHECKS } from '../doctor/checks.ts';
import { examine } from '../doctor/examine.ts';
import { probeOpener } from '../doctor/probe.ts';
import { reportLines } from '../doctor/report-lines.ts';
import { thisMachine } from '../doctor/this-machine.ts';
import { Trial } from '../doctor/trial.ts';
import { planEngines } from '../inference/engine-plan.ts';
import type { Device } from '../runtime/session.ts';
import { trainingDevice } from '../training/run/training-device.ts';
import { chosenModel } from './chosen-model.ts';
import { commandWith } from './command.ts';
import { Progress } from './progress.ts';

const SETTINGS = ['device', 'model', 'precision', 'home'] as const satisfies SettingName[];

/** `swipenet doctor`: whether this machine can score, and on a GPU; exit code 1 where it cannot. */
export const doctorCommand = commandWith(
  'doctor',
  'examine this machine: does the CPU or a GPU work, and why not',
  SETTINGS,
)
  .option('--training', 'on a GPU also take two small training steps')
  .option('--json', 'print JSON and nothing else')
  .addHelpText(
    'after',
    '\nExit codes: 0 the device works (for auto: the one that is taken), 1 it does not, 2 the command was wrong.',
  )
  .action(async ({ json, training, ...flags }: Record<string, unknown>) => {
    const settings = readSettings(SETTINGS, flags);
    const { device: choice } = settings;
    const modelOn = await chosenModel(settings, settings.model);
    const { now } = systemClock;
    const progress = new Progress(process.stderr, now);
    const machine = thisMachine(childEnvironment());
    const openProbe = probeOpener(machine.environment, AbortSignal.timeout);
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
      ...(training === true && { tryTraining: (device: Device) => trainingDevice(device) }),
    });
    const report = await examine(choice, CHECKS, examinationOf, (device, done, total) =>
      progress.update(`checks on ${device}`, done, total),
    );
    console.log(json ? JSON.stringify(report, null, 2) : reportLines(report));
    process.exitCode = report.works ? 0 : 1;
  });
