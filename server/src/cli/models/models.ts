import { defineGroup } from '../command.ts';
import { activateCommand, removeCommand } from './activate.ts';
import { exportCommand } from './export.ts';
import { fetchCommand, importCommand } from './import.ts';
import { listCommand, showCommand } from './list.ts';
import { quantizeCommand } from './quantize.ts';

/** `swipenet models …`: the models on this machine, in the order in which the help lists the commands. */
export const modelsCommand = defineGroup('models', 'the models on this machine', [
  listCommand,
  showCommand,
  activateCommand,
  removeCommand,
  exportCommand,
  importCommand,
  fetchCommand,
  quantizeCommand,
]);
