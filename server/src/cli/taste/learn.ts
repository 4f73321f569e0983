import { formatPercent } from '@swipenet/shared/confidence.ts';
import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { toRun } from '../../command-form.ts';
import { describeStalePhotos } from '../../taste/learning/describe-stale-photos.ts';
import { learnAndKeep } from '../../taste/learning/learn-and-keep.ts';
import { type LearnedVersion, learnTaste } from '../../taste/learning/learn-taste.ts';
import { readPretrained } from '../../training/run/start/pretrained.ts';
import { defineCommand } from '../command.ts';
import { counted } from '../format.ts';
import { switchOption } from '../option-schemas.ts';
import { withStore } from './open-store.ts';
import { targetOption } from './options.ts';

/** `swipenet taste learn`: learns a new version from all swipes. */
export const learnCommand = defineCommand({
  name: 'learn',
  summary: 'learn a new version from your swipes',
  settings: ['home'],
  options: {
    ...targetOption,
    activate: {
      flag: '--activate',
      help: 'use the version even if another model was activated',
      schema: switchOption,
    },
  },
  run: ({ settings: { home }, options: { target, activate } }) =>
    withStore(home, ({ database }) =>
      learnAndKeep<LearnedVersion>(
        { database, home },
        {
          describe: async () => describeStalePhotos(database, (await readPretrained('base'))!),
          learn: () => learnTaste(database, { home, taste: OWNER_TASTE, target, activate }),
        },
      ),
    ),
  print: ({ manifest: { id, metrics }, likes, passes, learned, activated }) => {
    const { crossValidatedBalancedAccuracy: balanced, crossValidatedAuc: auc } = metrics;
    const { kind, strength } = learned.method;
    const figures = [
      ...(balanced === undefined ? [] : [`balanced accuracy ${formatPercent(balanced)}`]),
      ...(auc === undefined ? [] : [`AUC ${auc.toFixed(3)}`]),
    ];
    return [
      `${id}: learned from ${counted(likes, 'like')} and ${passes} passes (${kind}, strength ${Number(strength.toPrecision(2))})`,
      `  on swipes that it hadn’t seen: ${figures.join(', ')}`,
      activated
        ? `  It is now the active model. For a running server: ${toRun(`taste activate ${id}`)}`
        : `  To use it: ${toRun(`taste activate ${id}`)}`,
    ].join('\n');
  },
  toJson: ({ manifest, likes, passes, activated }) => ({ version: manifest.id, likes, passes, activated, manifest }),
});
