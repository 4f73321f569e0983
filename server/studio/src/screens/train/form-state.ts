import type { StudioDataset } from '@swipenet/shared/contract/studio/datasets.ts';
import type { StudioRun } from '@swipenet/shared/contract/studio/runs.ts';
import type { StudioTraining, TrainingRequest, TrainingValues } from '@swipenet/shared/contract/studio/training.ts';

/** The photos and profiles that a dataset has for training. */
export interface TrainingPhotos {
  readonly photos: number;
  readonly profiles: number;
  /** The number of profiles of the label that has the fewest. */
  readonly fewest: number;
}

/** Counts what a dataset has for training. Returns undefined if it is damaged. */
export function trainingPhotosOf({ about }: StudioDataset): TrainingPhotos | undefined {
  if ('error' in about) return undefined;
  const labels = Object.values(about.parts.training);
  return {
    photos: labels.reduce((sum, { photos }) => sum + photos, 0),
    profiles: labels.reduce((sum, { profiles }) => sum + profiles, 0),
    fewest: Math.min(...labels.map(({ profiles }) => profiles)),
  };
}

/** Up to this many labels, a head works best. It is the trainer's own limit (`choose-mode.ts`). */
const FEW = 500;

/** Learning from profiles needs this many of each label. It is the trainer's own limit (`learn-profiles.ts`). */
const FEWEST_PROFILES = 20;

/** Returns the ID of the preset that suits a dataset. */
export function suggestedPreset(training: TrainingPhotos): string {
  if (!whyUnfit('profiles', training)) return 'profiles';
  return training.photos <= FEW && !whyUnfit('few', training) ? 'few' : 'fine-tune';
}

/** Returns why a preset can't work with a dataset, as a sentence, or undefined if it can. */
export function whyUnfit(preset: string, { photos, profiles, fewest }: TrainingPhotos): string | undefined {
  const isOfProfiles = profiles < photos;
  if (preset === 'profiles' && !isOfProfiles) return 'This dataset has no profiles with several photos.';
  // A head on profiles with several photos learns from whole profiles, too.
  if (!['few', 'profiles'].includes(preset) || !isOfProfiles || fewest >= FEWEST_PROFILES) return undefined;
  return `It needs ${FEWEST_PROFILES} training profiles of each label, and this dataset has only ${fewest} of one.`;
}

/** Derives the ID of a new model that no run has yet: `flowers`, `flowers-2`. */
export function freeName(from: string, runs: readonly Pick<StudioRun, 'name'>[]): string {
  const base =
    from
      .toLowerCase()
      .replace(/(?<=.)\.set$/, '')
      .replace(/(?<=.)-\d+$/, '')
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 56) || 'model';
  const taken = new Set(runs.map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}

/** Leaves out the values that are the defaults anyway, so that the server may choose by the others. */
export function changedValues(values: TrainingValues, { fields }: Pick<StudioTraining, 'fields'>): TrainingValues {
  const changed = fields.flatMap(({ name, value: standard }) => {
    const value = values[name];
    return value === undefined || value === '' || value === standard ? [] : [[name, value] as const];
  });
  return Object.fromEntries(changed);
}

/** What a form has been filled in with. */
export type Draft = TrainingRequest & { readonly preset: string | null };
