import { defineGroup } from '../command.ts';
import { simulateCommand } from './simulate.ts';

/** `swipenet taste …`: learns a person's choices from their swipes. */
export const tasteCommand = defineGroup('taste', 'learn your choices from your swipes', [simulateCommand]);
