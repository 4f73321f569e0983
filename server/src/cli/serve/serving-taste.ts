import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { systemClock, systemDate } from '../../clock.ts';
import { EMBEDDED_MODEL } from '../../config/embedded-model.ts';
import type { Settings } from '../../config/settings.ts';
import { readOrCreateProfileKey } from '../../home/secret-files.ts';
import type { Log } from '../../observe/log.ts';
import { activateModel } from '../../registry/active-model.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { type LearningOutcome, startLearner, TasteLearner } from '../../taste/learning/taste-learner.ts';
import { isVersion } from '../../taste/learning/versions.ts';
import { TasteStore } from '../../taste/store/taste-store.ts';
import { TasteDesk } from '../../taste/taste-desk.ts';
import type { ServeModels } from './serving-models.ts';

/** The settings of learning from swipes. */
export const TASTE_SETTINGS = ['tasteLearnEvery', 'tasteAgreement', 'tasteKeepPhotos'] as const;

/** The desk of tastes, and the learner that gives way to scoring. */
export interface ServeTaste {
  readonly desk: TasteDesk;
  readonly learner: TasteLearner;
}

/**
 * Sets up learning from swipes. The database is opened when it is first needed, so scoring works without it. Throws
 * CommandError `home_unusable`.
 *
 * @param models returns the server's models, which are opened later.
 */
export async function serveTaste(
  settings: Settings<(typeof TASTE_SETTINGS)[number] | 'home' | 'model' | 'threshold'>,
  { log, models }: { readonly log: Log; readonly models: () => ServeModels },
): Promise<ServeTaste> {
  const { home, threshold, tasteLearnEvery, tasteAgreement, tasteKeepPhotos } = settings;
  const servedVersion = (): string | undefined => {
    const { id, parent = id } = models().served().answer;
    return isVersion(parent) ? parent : undefined;
  };
  const onOutcome = (outcome: LearningOutcome) => {
    log[outcome.kind === 'failed' ? 'warn' : 'info'](outcome, 'learned from swipes');
    // A server that was started with another model keeps it.
    if (outcome.kind !== 'learned' || !outcome.activated || settings.model !== undefined) return;
    models()
      .reload(outcome.version)
      .catch(() => {}); // it is logged there, and the old model stays
  };
  const learner = new TasteLearner({
    every: tasteLearnEvery,
    question: () => {
      const inUse = servedVersion();
      return {
        ...{ home: home.folder, taste: OWNER_TASTE, target: { kind: 'balanced-accuracy' } },
        ...(inUse !== undefined && { inUse: [inUse] }),
      };
    },
    database: () => desk.database,
    start: () => startLearner(systemClock),
    clock: systemClock,
    onOutcome,
  });
  const desk: TasteDesk = new TasteDesk({
    ...{ home, threshold, learner, required: tasteAgreement, keepsPhotos: tasteKeepPhotos },
    key: await readOrCreateProfileKey(home),
    openStore: () => TasteStore.open(home, { now: systemDate }),
    base: () => models().base,
    secondSession: () => models().describer.secondSession,
    use: async (version) => {
      // The server opens the version and scores a photo with it before it becomes the active model.
      if (version !== undefined) await activateModel(home, modelFolders(home), version, () => models().reload(version));
      else if (servedVersion() !== undefined) await models().reload(EMBEDDED_MODEL.id);
    },
  });
  return { desk, learner };
}
