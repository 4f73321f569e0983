import { defineGroup } from '../command.ts';
import { activateCommand, removeCommand } from './activate.ts';
import { exportCommand } from './export.ts';
import { fetchCommand, importCommand } from './import.ts';
import { listCommand, showCommand } from './list.ts';
import { quantizeCommand } from './quantize.ts';

/** `swipenet models …`: manages the models on this machine. The help lists the commands in this order. */
export const modelsCommand = defineGroup('models', 'manage the models on this machine', [
  listCommand,
  showCommand,
  activateCommand,
  removeCommand,
  exportCommand,
  importCommand,
  fetchCommand,
  quantizeCommand,
]);
