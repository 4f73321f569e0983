import { Command } from 'commander';
import { activateCommand } from './models-activate.ts';
import { exportCommand } from './models-export.ts';
import { fetchCommand } from './models-fetch.ts';
import { importCommand } from './models-import.ts';
import { listCommand } from './models-list.ts';
import { quantizeCommand } from './models-quantize.ts';
import { removeCommand } from './models-remove.ts';
import { showCommand } from './models-show.ts';

/** What can be done with models, in the order in which the help lists it. */
const subcommands = [
  listCommand,
  showCommand,
  activateCommand,
  removeCommand,
  exportCommand,
  importCommand,
  fetchCommand,
  quantizeCommand,
];

/** `swipenet models …`: the models on this machine. */
export const modelsCommand = new Command('models').description('the models on this machine');
for (const command of subcommands) modelsCommand.addCommand(command);
