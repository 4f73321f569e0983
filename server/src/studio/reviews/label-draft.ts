import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { type LabelDraft, labelDraftSchema } from '@swipenet/shared/contract/studio/photos.ts';
import { CommandError } from '../../command-error.ts';
import { sha256 } from '../../files/sha256.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { Dataset } from '../../training/dataset/dataset.ts';

/** The new labels of profiles, by number. A profile that has its label from the dataset isn't in it. */
export type ProfileLabels = ReadonlyMap<number, Label>;

/** A draft as it is on disk. */
export interface StoredDraft {
  readonly labels: ProfileLabels;
  /** Changes whenever the labels do. */
  readonly revision: string;
}

const NONE: StoredDraft = { labels: new Map(), revision: '' };

/** Reads a draft, which is empty before the first change. Throws CommandError `home_unusable` if it is damaged. */
export async function readDraft(path: string): Promise<StoredDraft> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw new CommandError('home_unusable', `can’t read ${path} (${systemCodeOf(error)})`, { cause: error });
  });
  if (text === undefined) return NONE;
  try {
    const draft = labelDraftSchema.parse(JSON.parse(text));
    const labels = new Map(LABELS.flatMap((label) => draft[label].map((profile) => [profile, label] as const)));
    return { labels, revision: sha256(text).slice(0, 16) };
  } catch (cause) {
    throw new CommandError('home_unusable', `${path} is damaged; delete it to start over`, { cause });
  }
}

/** Writes a draft, or removes the file of an empty one. Throws CommandError `home_unusable`, for example if the disk is full. */
export async function writeDraft(path: string, labels: ProfileLabels): Promise<void> {
  try {
    if (labels.size === 0) return await rm(path, { force: true });
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeWhole(path, JSON.stringify(draftOf(labels)));
  } catch (cause) {
    throw new CommandError('home_unusable', `can’t write ${path} (${systemCodeOf(cause)})`, { cause });
  }
}

/** Returns a draft as pages get it. */
export function draftOf(labels: ProfileLabels): LabelDraft {
  const withLabel = (label: Label) => [...labels].filter(([, own]) => own === label).map(([profile]) => profile);
  return { LIKE: withLabel('LIKE'), NOPE: withLabel('NOPE') };
}

/**
 * Gives the profiles of photos a label. Returns the labels that differ from the dataset's, and the first photo of each
 * profile that had the other label. Throws SwipenetError `studio_unknown` if there is no such photo.
 */
export function relabeled(
  { photos }: Pick<Dataset, 'photos'>,
  labels: ProfileLabels,
  numbers: Iterable<number>,
  label: Label,
): { labels: ProfileLabels; changed: number[] } {
  const next = new Map(labels);
  const changed: number[] = [];
  for (const number of numbers) {
    const photo = photos[number];
    if (!photo) throw new SwipenetError('studio_unknown', `the dataset has no photo ${number}`);
    if ((next.get(photo.profile) ?? photo.label) === label) continue;
    changed.push(number);
    if (photo.label === label) next.delete(photo.profile);
    else next.set(photo.profile, label);
  }
  return { labels: next, changed };
}
