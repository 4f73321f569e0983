import { CommandError } from '../../command-error.ts';
import { activeModelId } from '../../registry/active-model.ts';
import { OWNER_TASTE } from '../../taste/swipe-record.ts';
import { isVersion, listVersions, removeVersion } from '../../taste/versions.ts';
import { defineCommand } from '../command.ts';
import { counted } from '../format.ts';
import { switchOption } from '../option-schemas.ts';
import { withStore } from './open-store.ts';

/** `swipenet taste delete`: deletes all swipes and versions. */
export const deleteCommand = defineCommand({
  name: 'delete',
  summary: 'delete all your swipes, their features, and the versions learned from them',
  settings: ['home'],
  options: { yes: { flag: '--yes', help: 'delete without asking', schema: switchOption } },
  run: async ({ settings: { home }, options: { yes } }) => {
    if (!yes) throw new CommandError('option_invalid', 'this deletes everything; pass --yes if you are sure');
    const active = await activeModelId(home);
    if (isVersion(active)) {
      const message = `the model ${active} is the active model. Activate another one first: swipenet models activate quality`;
      throw new CommandError('model_protected', message);
    }
    const swipes = await withStore(home, (store) => store.erase(OWNER_TASTE));
    const versions = await listVersions(home);
    for (const { id } of versions) await removeVersion(home, id);
    return { swipes, versions: versions.length };
  },
  print: ({ swipes, versions }) => `Deleted ${counted(swipes, 'swipe')} and ${counted(versions, 'version')}.`,
});
