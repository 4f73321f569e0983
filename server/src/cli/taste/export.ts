import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { exportSwipes } from '../../taste/store/export-swipes.ts';
import { defineCommand } from '../command.ts';
import { jsonText } from '../terminal.ts';
import { withStore } from './open-store.ts';

/** `swipenet taste export`: prints all swipes as JSON lines. */
export const exportCommand = defineCommand({
  name: 'export',
  summary: 'print all your swipes with their features, one JSON object per line',
  settings: ['home'],
  run: ({ settings: { home }, show }) =>
    withStore(home, (store) => {
      for (const swipe of exportSwipes(store.database, OWNER_TASTE)) show(jsonText(swipe));
    }),
});
