import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { printable } from '@swipenet/shared/printable.ts';
import { CommandError } from '../../command-error.ts';
import { defineCommand } from '../command.ts';
import { wholeFlag } from '../option-schemas.ts';
import { withStore } from './open-store.ts';

/** `swipenet taste list`: the latest swipes. */
export const listCommand = defineCommand({
  name: 'list',
  summary: 'list your latest swipes',
  settings: ['home'],
  options: {
    last: { flag: '--last <count>', help: 'how many swipes', schema: wholeFlag(1, 10_000), defaultValue: '20' },
  },
  run: ({ settings: { home }, options: { last } }) =>
    withStore(home, (store) => store.list(OWNER_TASTE, { limit: last }).swipes),
  print: (swipes) =>
    swipes.length === 0
      ? 'no swipes yet'
      : swipes
          .map(({ id, at, site, swipe, photoCount }) => {
            return `${id}  ${at.toISOString()}  ${printable(site)}  ${swipe.padEnd(5)}  ${photoCount} photos`;
          })
          .join('\n'),
});

/** `swipenet taste undo`: deletes the latest swipe. */
export const undoCommand = defineCommand({
  name: 'undo',
  summary: 'delete your latest swipe',
  settings: ['home'],
  run: ({ settings: { home } }) =>
    withStore(home, (store) => {
      const latest = store.latest(OWNER_TASTE);
      if (!latest) throw new CommandError('taste_empty', 'there are no swipes to undo');
      store.remove(OWNER_TASTE, latest.id);
      return latest;
    }),
  print: ({ id, swipe, site }) => `Deleted swipe ${id} (${swipe}, ${printable(site)}).`,
});
