import type { Command } from 'commander';
import { datasetCommand } from './dataset.ts';
import { devicesCommand } from './devices.ts';
import { doctorCommand } from './doctor.ts';
import { evaluateCommand } from './evaluate.ts';
import { modelsCommand } from './models.ts';
import { pairCommand } from './pair.ts';
import { scoreCommand } from './score.ts';
import { serveCommand } from './serve.ts';
import { setupCommand } from './setup.ts';
import { statusCommand } from './status.ts';
import { trainCommand } from './train.ts';

/** Every command of `swipenet`, in the order in which the help lists them; the first is the default. */
export const commands: readonly [Command, ...Command[]] = [
  serveCommand,
  statusCommand,
  scoreCommand,
  datasetCommand,
  trainCommand,
  evaluateCommand,
  modelsCommand,
  pairCommand,
  devicesCommand,
  doctorCommand,
  setupCommand,
];
