import { defineGroup } from '../command.ts';
import { activateCommand, rollbackCommand } from './activate.ts';
import { deleteCommand } from './delete.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { learnCommand } from './learn.ts';
import { listCommand, undoCommand } from './list.ts';
import { simulateCommand } from './simulate.ts';
import { statusCommand } from './status.ts';

/** `swipenet taste …`: learns a person's choices from their swipes. */
export const tasteCommand = defineGroup('taste', 'learn your choices from your swipes', [
  statusCommand,
  learnCommand,
  listCommand,
  undoCommand,
  exportCommand,
  deleteCommand,
  activateCommand,
  rollbackCommand,
  importCommand,
  simulateCommand,
]);
