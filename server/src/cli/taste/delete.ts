import { OWNER_TASTE, tasteDeletedSchema } from '@swipenet/shared/contract/taste.ts';
import { CommandError } from '../../command-error.ts';
import { findServer } from '../../home/running-server.ts';
import { askServer } from '../../http/ask-server.ts';
import { eraseTaste } from '../../taste/erase-taste.ts';
import { defineCommand } from '../command.ts';
import { counted } from '../format.ts';
import { switchOption } from '../option-schemas.ts';
import { withStore } from './open-store.ts';

/** How long a running server may take. It may have to switch to another model first. */
const DELETE_MS = 300_000;

/** `swipenet taste delete`: deletes all swipes and versions. A running server does it, so that it stops using a version. */
export const deleteCommand = defineCommand({
  name: 'delete',
  summary: 'delete all your swipes, their features, and the versions learned from them',
  settings: ['home'],
  options: { yes: { flag: '--yes', help: 'delete without asking', schema: switchOption } },
  run: async ({ settings: { home }, options: { yes } }) => {
    if (!yes) throw new CommandError('option_invalid', 'this deletes everything; pass --yes if you are sure');
    if (await findServer(home)) {
      return (await askServer(home, 'tasteDelete', tasteDeletedSchema, undefined, DELETE_MS)).answer;
    }
    return withStore(home, (store) => eraseTaste(home, store, OWNER_TASTE));
  },
  print: ({ swipes, versions }) => `Deleted ${counted(swipes, 'swipe')} and ${counted(versions, 'version')}.`,
});
