import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { cores } from '../../config/machine.ts';
import { readOrCreateProfileKey } from '../../home/secret-files.ts';
import { importSwipes } from '../../taste/store/import-swipes.ts';
import { threadsOn, trainingDevice } from '../../training/run/start/training-device.ts';
import { defineCommand } from '../command.ts';
import { counted } from '../format.ts';
import { leftOutLines } from '../left-out.ts';
import { withStore } from './open-store.ts';
import { foldersToSwipe } from './options.ts';

/** `swipenet taste import`: turns folders of profiles into swipes. */
export const importCommand = defineCommand({
  name: 'import',
  summary: 'add folders of profiles to your swipes',
  settings: ['home', 'device'],
  options: foldersToSwipe,
  run: async ({ settings: { home, device: asked }, options: { like, nope }, progress }) => {
    const { device } = await trainingDevice(asked);
    const work = { device, threads: threadsOn(device, cores), onProgress: progress.update };
    const whose = { taste: OWNER_TASTE, profileKey: await readOrCreateProfileKey(home) };
    return withStore(home, (store) => importSwipes(store, whose, { LIKE: like, NOPE: nope }, work));
  },
  print: ({ added, replaced, unchanged, leftOut }) =>
    [
      ...(leftOut.length > 0 ? [leftOutLines(leftOut)] : []),
      `${counted(added, 'swipe')} added, ${replaced} replaced, ${unchanged} already known`,
    ].join('\n'),
});
