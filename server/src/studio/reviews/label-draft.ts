import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { type LabelDraft, labelDraftSchema, type PhotoDrops } from '@swipenet/shared/contract/studio/photos.ts';
import { CommandError } from '../../command-error.ts';
import { diskReason } from '../../files/disk-reason.ts';
import { sha256 } from '../../files/sha256.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { Dataset } from '../../training/dataset/dataset.ts';

/** The new labels of profiles, by number. A profile that has its label from the dataset isn't in it. */
export type ProfileLabels = ReadonlyMap<number, Label>;

/** The changes to a dataset that aren't saved yet. */
export interface DraftChanges {
  readonly labels: ProfileLabels;
  /** The numbers of the photos to leave out. */
  readonly dropped: ReadonlySet<number>;
}

/** A draft as it is on disk. */
export interface StoredDraft extends DraftChanges {
  /** Changes whenever the draft does. */
  readonly revision: string;
}

export const NO_CHANGES: DraftChanges = { labels: new Map(), dropped: new Set() };

/** Reads a draft, which is empty before the first change. Throws CommandError `home_unusable` if it is damaged. */
export async function readDraft(path: string): Promise<StoredDraft> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw new CommandError('home_unusable', `can’t read ${path} (${systemCodeOf(error)})`, { cause: error });
  });
  if (text === undefined) return { ...NO_CHANGES, revision: '' };
  try {
    const draft = labelDraftSchema.parse(JSON.parse(text));
    const labels = new Map(LABELS.flatMap((label) => draft[label].map((profile) => [profile, label] as const)));
    return { labels, dropped: new Set(draft.dropped), revision: sha256(text).slice(0, 16) };
  } catch (cause) {
    throw new CommandError('home_unusable', `${path} is damaged; delete it to start over`, { cause });
  }
}

/** Writes a draft, or removes the file of an empty one. Throws CommandError `home_unusable`, for example if the disk is full. */
export async function writeDraft(path: string, changes: DraftChanges): Promise<void> {
  try {
    if (isEmpty(changes)) return await rm(path, { force: true });
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeWhole(path, JSON.stringify(draftOf(changes)));
  } catch (cause) {
    throw new CommandError('home_unusable', `can’t write ${path} (${diskReason(cause)})`, { cause });
  }
}

export const isEmpty = ({ labels, dropped }: DraftChanges): boolean => labels.size === 0 && dropped.size === 0;

/** Returns a draft as pages get it. */
export function draftOf({ labels, dropped }: DraftChanges): LabelDraft {
  const withLabel = (label: Label) => [...labels].filter(([, own]) => own === label).map(([profile]) => profile);
  return { LIKE: withLabel('LIKE'), NOPE: withLabel('NOPE'), dropped: [...dropped] };
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

/**
 * Drops photos, and keeps others. Returns the photos that are dropped then, and those whose fate it changed. Throws
 * SwipenetError `studio_unknown` if there is no such photo.
 */
export function redropped(
  { photos }: Pick<Dataset, 'photos'>,
  before: ReadonlySet<number>,
  { drop, keep }: PhotoDrops,
): { dropped: ReadonlySet<number>; changed: PhotoDrops } {
  const unknown = [...drop, ...keep].find((number) => !photos[number]);
  if (unknown !== undefined) throw new SwipenetError('studio_unknown', `the dataset has no photo ${unknown}`);
  const kept = new Set(keep);
  const changed = {
    drop: [...new Set(drop)].filter((number) => !before.has(number) && !kept.has(number)),
    keep: [...kept].filter((number) => before.has(number)),
  };
  return { dropped: new Set([...before, ...changed.drop].filter((number) => !kept.has(number))), changed };
}
