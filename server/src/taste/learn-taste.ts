import { buildInt8Model, int8SourceGraph } from '../googlenet/int8-model.ts';
import { buildServingModel } from '../googlenet/serving-model.ts';
import type { Home } from '../home/home.ts';
import { int8IdOf, publishInt8 } from '../quantization/publish-int8.ts';
import { quantizedBodyOf } from '../quantization/quantized-body.ts';
import { activateModel, activeModelId } from '../registry/active-model.ts';
import type { Manifest } from '../registry/manifest.ts';
import { EMBEDDED_IDS, modelFolders } from '../registry/model-folders.ts';
import { loadModel, publishModel } from '../registry/model-registry.ts';
import { FEATURE_COUNT } from '../training/head/feature-model.ts';
import { foldHead, spareFactor } from '../training/head/fold-head.ts';
import { crossValidated, featureNetwork } from '../training/head/train-head.ts';
import { checkProfiles, type LearnedProfiles, learnProfiles } from '../training/profiles/learn-profiles.ts';
import { type Target, targetText } from '../training/profiles/target.ts';
import type { ModelForHeads } from '../training/run/initialize.ts';
import { readPretrained } from '../training/run/pretrained.ts';
import type { TasteStore } from './taste-store.ts';
import { type TrainingProfile, trainingProfiles } from './training-profiles.ts';
import { isVersion, nextVersion, pruneVersions } from './versions.ts';

/** How to learn a version. */
export interface LearnOptions {
  readonly home: Home;
  readonly taste: string;
  readonly target: Target;
  readonly seed: number;
  /** Activates the version even if the active model isn't a version. */
  readonly activate?: boolean;
}

/** A version that was learned. */
export interface LearnedVersion {
  readonly manifest: Manifest;
  readonly learned: LearnedProfiles;
  readonly likes: number;
  readonly passes: number;
  /** True if it is now the active model. */
  readonly activated: boolean;
}

/**
 * Learns a person's choices from their swipes, on the stored features of `base`, and publishes the result as the next
 * version, `taste-0001` and so on: an ordinary model with its int8 form. If a version is the active model, the new one
 * takes its place unless its cross-validated log loss is worse. Another active model stays, unless `activate` is set.
 * Older versions than the last ten are removed.
 *
 * @throws CommandError `dataset_too_small` with the counts, `home_unusable`, and what the store throws.
 */
export async function learnTaste(
  store: TasteStore,
  { home, taste, target, seed, activate = false }: LearnOptions,
): Promise<LearnedVersion> {
  const [baseId] = EMBEDDED_IDS;
  const pretrained = (await readPretrained(baseId))!;
  const base = pretrained.forHeads!;
  const profiles = profilesOn(base, store, taste);
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
  const learned = learnProfiles(photos, features, { seed, target, spare: filters });
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
      command: `swipenet taste learn --target ${targetText(target)} --seed ${seed}`,
    },
  };
  const bytes = buildServingModel({ ...network, storage: 'float16' });
  const manifest = await publishModel(home.models, about, { bytes, storage: 'float16' });
  await addSharedInt8(home, manifest, int8SourceGraph(network));
  const activated = await replaceActive(home, manifest, activate);
  await pruneVersions(home);
  return { manifest, learned, likes, passes, activated };
}

/** Returns the profiles whose features come from `base`, in either precision, by the time of their first swipe. */
function profilesOn({ sha256 }: ModelForHeads, store: TasteStore, taste: string): TrainingProfile[] {
  return (['fp32', 'int8'] as const)
    .flatMap((precision) => trainingProfiles(store.database, taste, { sha256, precision }))
    .toSorted((one, other) => one.id - other.id);
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

/** Activates a new version in place of the active one, unless it is worse. Replaces another model only if asked to. */
async function replaceActive(home: Home, { id, metrics }: Manifest, isAsked: boolean): Promise<boolean> {
  const active = await activeModelId(home);
  if (isVersion(active)) {
    const { manifest } = await loadModel(modelFolders(home), active);
    const [before, after] = [manifest.metrics.crossValidatedLoss, metrics.crossValidatedLoss];
    if (before !== undefined && after !== undefined && after > before) return false;
  } else if (!isAsked) return false;
  await activateModel(home, modelFolders(home), id);
  return true;
}
