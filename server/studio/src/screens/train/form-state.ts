import type { StudioDataset } from '@swipenet/shared/contract/studio/datasets.ts';
import type { StudioRun } from '@swipenet/shared/contract/studio/runs.ts';
import type { StudioTraining, TrainingRequest, TrainingValues } from '@swipenet/shared/contract/studio/training.ts';

/** The photos and profiles that a dataset has for training. */
export interface TrainingPhotos {
  readonly photos: number;
  readonly profiles: number;
}

/** Counts what a dataset has for training. Returns undefined if it is damaged. */
export function trainingPhotosOf({ about }: StudioDataset): TrainingPhotos | undefined {
  if ('error' in about) return undefined;
  const labels = Object.values(about.parts.training);
  return {
    photos: labels.reduce((sum, { photos }) => sum + photos, 0),
    profiles: labels.reduce((sum, { profiles }) => sum + profiles, 0),
  };
}

/** Up to this many labels, a head works best. It is the trainer's own limit (`choose-mode.ts`). */
const FEW = 500;

/** Returns the ID of the preset that suits a dataset. */
export function suggestedPreset({ photos, profiles }: TrainingPhotos): string {
  if (profiles < photos) return 'profiles';
  return photos <= FEW ? 'few' : 'fine-tune';
}

/** Returns true if a preset can't work with a dataset: profiles have to have several photos. */
export const isUnfit = (preset: string, { photos, profiles }: TrainingPhotos): boolean =>
  preset === 'profiles' && profiles >= photos;

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
