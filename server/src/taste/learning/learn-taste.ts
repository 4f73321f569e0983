import { readFile } from 'node:fs/promises';
import { CommandError } from '../../command-error.ts';
import { ProcessLock } from '../../files/process-lock.ts';
import { buildInt8Model, int8SourceGraph } from '../../googlenet/int8-model.ts';
import { buildServingModel } from '../../googlenet/serving-model.ts';
import { readActiveModel } from '../../home/active-model.ts';
import type { Home } from '../../home/home.ts';
import { int8IdOf, publishInt8 } from '../../quantization/publish-int8.ts';
import { quantizedBodyOf } from '../../quantization/quantized-body.ts';
import { activateModel } from '../../registry/active-model.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { EMBEDDED_IDS, modelFolders } from '../../registry/model-folders.ts';
import { type InstalledModel, publishModel } from '../../registry/model-registry.ts';
import { scoreGoldenPhotos } from '../../runtime/golden-photos.ts';
import { openSession } from '../../runtime/session.ts';
import { FEATURE_COUNT } from '../../training/head/feature-model.ts';
import { foldHead, spareFactor } from '../../training/head/fold-head.ts';
import { crossValidated, featureNetwork } from '../../training/head/train-head.ts';
import { checkProfiles, type LearnedProfiles, learnProfiles } from '../../training/profiles/learn-profiles.ts';
import { type Target, targetText } from '../../training/profiles/target.ts';
import { readPretrained } from '../../training/run/start/pretrained.ts';
import type { TasteDatabase } from '../store/database.ts';
import { trainingProfiles } from '../store/training-profiles.ts';
import { isWorse, type VersionLosses } from './held-out.ts';
import { isVersion, nextVersion, pruneVersions } from './versions.ts';

/** How to learn a version. */
export interface LearnOptions {
  readonly home: Home;
  readonly taste: string;
  readonly target: Target;
  /** Activates the version even if another model was activated. */
  readonly activate?: boolean;
  /** Versions that running servers use, so they must stay. */
  readonly inUse?: readonly string[];
}

/** A version that was learned. */
export interface LearnedVersion {
  readonly manifest: Manifest;
  readonly learned: LearnedProfiles;
  readonly likes: number;
  readonly passes: number;
  readonly heldOut: VersionLosses;
  /** True if it is now the active model. */
  readonly activated: boolean;
}

/**
 * Learns a person's choices from their swipes, on the stored features of `base`, and publishes the result as the next
 * version, `taste-0001` and so on: an ordinary model with its int8 form. It becomes the active model unless another model
 * was activated, or a version is active that predicts better (see {@link isWorse}). Older versions than the last ten are
 * removed. It only reads the database; see `learnAndKeep`. One process learns at a time.
 *
 * @throws CommandError `taste_busy` if another process is learning; `dataset_too_small` with the counts, `model_invalid` if the version can't score, `home_unusable`,
 *   and what the store throws.
 */
export async function learnTaste(
  database: TasteDatabase,
  { home, taste, target, activate = false, inUse = [] }: LearnOptions,
): Promise<LearnedVersion> {
  using lock = ProcessLock.take(home.tasteLearning);
  if (!lock) throw new CommandError('taste_busy', 'another process is learning from your swipes. Wait for it');
  const [baseId] = EMBEDDED_IDS;
  const pretrained = (await readPretrained(baseId))!;
  const base = pretrained.forHeads!;
  const profiles = trainingProfiles(database, taste, base.sha256);
  const photos = profiles.flatMap(({ label, features }, profile) =>
    Array.from({ length: features.length / FEATURE_COUNT }, () => ({ label, profile })),
  );
  checkProfiles(photos);
  const features = new Float32Array(photos.length * FEATURE_COUNT);
  let at = 0;
  for (const profile of profiles) {
    features.set(profile.features, at);
    at += profile.features.length;
  }
  const { filters, largestMean } = base.spareFilters;
  const learned = learnProfiles(photos, features, { target, spare: filters });
  const likes = profiles.filter(({ label }) => label === 'LIKE').length;
  const passes = profiles.length - likes;

  const { weights, mean } = featureNetwork(pretrained, 0);
  const network = {
    weights: foldHead(weights, learned.head, learned.spare, spareFactor(learned.head, features, largestMean)),
    ...{ mean, temperature: 1 },
  };
  const id = await nextVersion(home);
  const about = {
    id,
    preprocessing: { resize: 'cover' as const, mean },
    decision: learned.rule,
    headOf: { id: base.id, sha256: base.sha256 },
    temperature: 1,
    metrics: crossValidated(learned),
    provenance: {
      description: `a head on features of ${base.id}, learned from ${likes} likes and ${passes} passes`,
      command: `swipenet taste learn --target ${targetText(target)}`,
    },
  };
  const bytes = buildServingModel({ ...network, storage: 'float16' });
  const manifest = await publishModel(home.models, about, { bytes, storage: 'float16' });
  await addSharedInt8(home, manifest, int8SourceGraph(network));
  const losses = learned.outOfFold.map(({ label, like }, at) => ({
    swipe: profiles[at]!.id,
    loss: logLoss(label === 'LIKE' ? like : 1 - like),
  }));
  const activated = await replaceActive({ home, id, activate, isWorseThan: (one) => isWorse(database, losses, one) });
  await pruneVersions(home, inUse);
  return { manifest, learned, likes, passes, heldOut: { version: id, losses }, activated };
}

/**
 * Publishes a version's int8 form. There are no photos to compare verdicts on. But all layers except two filters are
 * those of the int8 form of `base`, so its faithfulness, which was measured on features, holds here too.
 */
async function addSharedInt8(home: Home, parent: Manifest, source: ReturnType<typeof int8SourceGraph>): Promise<void> {
  const body = await quantizedBodyOf(parent, modelFolders(home));
  if (!body) return;
  const { activations, calibration, faithfulness } = body;
  const bytes = buildInt8Model(source, activations);
  const { command } = parent.provenance;
  await publishInt8(home.models, { id: int8IdOf(parent.id), parent, calibration, command }, { bytes, faithfulness });
}

/** The log loss of something that had this probability, in nats. */
const logLoss = (probability: number) => -Math.log(Math.max(probability, 1e-12));

/** Activates a new version, unless another model was activated or the active version is better. */
async function replaceActive({
  home,
  id,
  activate,
  isWorseThan,
}: Pick<Required<LearnOptions>, 'home' | 'activate'> & {
  readonly id: string;
  readonly isWorseThan: (version: string) => boolean;
}): Promise<boolean> {
  const chosen = await readActiveModel(home);
  if (chosen !== undefined && isVersion(chosen)) {
    if (isWorseThan(chosen)) return false;
  } else if (chosen !== undefined && !activate) return false;
  await activateModel(home, modelFolders(home), id, tryOnCpu);
  return true;
}

/** Scores a photo with a new version. Throws CommandError `model_invalid`. */
async function tryOnCpu({ manifest, modelPath }: InstalledModel): Promise<void> {
  try {
    const session = await openSession({ model: await readFile(modelPath), device: 'cpu', threads: 1 });
    await scoreGoldenPhotos(session).finally(() => session.close());
  } catch (cause) {
    const message = `can’t use the version ${manifest.id}: ${(cause as Error).message}`;
    throw new CommandError('model_invalid', message, { cause });
  }
}
