import { CommandError } from '../../command-error.ts';
import { isVersion, listVersions } from '../../taste/learning/versions.ts';
import { defineCommand } from '../command.ts';
import { type Activation, activate, activationJson, activationLines } from '../models/activate.ts';

/** `swipenet taste activate ID`: makes a version the active model. */
export const activateCommand = defineCommand({
  name: 'activate',
  summary: 'use a version, also in a running server',
  operand: { syntax: '<version>', help: 'ID of a version: taste-NNNN' },
  settings: ['home'],
  run: ({ settings: { home }, operands: [id] }): Promise<Activation> => {
    if (!isVersion(id))
      throw new CommandError('option_invalid', `${id} is not a version; versions are named taste-NNNN`);
    return activate(home, id);
  },
  print: activationLines,
  toJson: activationJson,
});

/** `swipenet taste rollback`: goes back to the version before the active one. */
export const rollbackCommand = defineCommand({
  name: 'rollback',
  summary: 'go back to the version before the active one',
  settings: ['home'],
  run: async ({ settings: { home } }): Promise<Activation> => {
    const versions = await listVersions(home);
    const active = versions.findIndex(({ isActive }) => isActive);
    const before = versions[active - 1];
    if (active < 0) throw new CommandError('taste_empty', 'no version is active');
    if (!before) throw new CommandError('taste_empty', `there is no version before ${versions[active]!.id}`);
    return activate(home, before.id);
  },
  print: activationLines,
  toJson: activationJson,
});
