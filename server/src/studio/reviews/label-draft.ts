import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import {
  type LabelDraft,
  labelDraftSchema,
  type PhotoDrops,
  pairKey,
  type TwoPhotos,
} from '@swipenet/shared/contract/studio/photos.ts';
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
  /** The look-alikes that a person has judged and keeps both of, by {@link pairKey}. */
  readonly keptPairs: ReadonlySet<string>;
}

/** A draft as it is on disk. */
export interface StoredDraft extends DraftChanges {
  /** Changes whenever the draft does. */
  readonly revision: string;
}

export const NO_CHANGES: DraftChanges = { labels: new Map(), dropped: new Set(), keptPairs: new Set() };

/** Returns the photos that {@link pairKey} made a text of. */
const photosOf = (key: string) => key.split(' ').map(Number) as TwoPhotos;

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
    const sets = { dropped: new Set(draft.dropped), keptPairs: new Set(draft.keptPairs.map(pairKey)) };
    return { labels, ...sets, revision: sha256(text).slice(0, 16) };
  } catch (cause) {
    throw new CommandError('home_unusable', `${path} is damaged; delete it to start over`, { cause });
  }
}

/** Writes a draft, or removes the file of an empty one. Throws CommandError `home_unusable`, for example if the disk is full. */
export async function writeDraft(path: string, changes: DraftChanges): Promise<void> {
  try {
    if (!hasChanges(changes) && changes.keptPairs.size === 0) return await rm(path, { force: true });
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeWhole(path, JSON.stringify(draftOf(changes)));
  } catch (cause) {
    throw new CommandError('home_unusable', `can’t write ${path} (${diskReason(cause)})`, { cause });
  }
}

/** Returns whether a new version would differ from the dataset. A pair of which both photos are kept changes nothing. */
export const hasChanges = ({ labels, dropped }: DraftChanges): boolean => labels.size + dropped.size > 0;

/** Returns a draft as pages get it. */
export function draftOf({ labels, dropped, keptPairs }: DraftChanges): LabelDraft {
  const withLabel = (label: Label) => [...labels].filter(([, own]) => own === label).map(([profile]) => profile);
  const photos = { dropped: [...dropped], keptPairs: [...keptPairs].map(photosOf) };
  return { LIKE: withLabel('LIKE'), NOPE: withLabel('NOPE'), ...photos };
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
 * Drops photos and keeps others, and remembers or forgets of which look-alikes both are kept. Returns what the draft has
 * then, and what that changed. Throws SwipenetError `studio_unknown` if there is no such photo.
 */
export function redropped(
  { photos }: Pick<Dataset, 'photos'>,
  before: Pick<DraftChanges, 'dropped' | 'keptPairs'>,
  { drop, keep, keepPairs, reopenPairs }: PhotoDrops,
): Pick<DraftChanges, 'dropped' | 'keptPairs'> & { changed: PhotoDrops } {
  const unknown = [...drop, ...keep, ...keepPairs.flat(), ...reopenPairs.flat()].find((number) => !photos[number]);
  if (unknown !== undefined) throw new SwipenetError('studio_unknown', `the dataset has no photo ${unknown}`);
  const dropped = changedSet(before.dropped, drop, keep);
  const keptPairs = changedSet(before.keptPairs, keepPairs.map(pairKey), reopenPairs.map(pairKey));
  const changed = {
    ...{ drop: dropped.added, keep: dropped.removed },
    ...{ keepPairs: keptPairs.added.map(photosOf), reopenPairs: keptPairs.removed.map(photosOf) },
  };
  return { dropped: dropped.after, keptPairs: keptPairs.after, changed };
}

/** Adds to a set, and removes from it, also what was to be added. Returns the set and what that changed. */
function changedSet<Member>(before: ReadonlySet<Member>, add: readonly Member[], remove: readonly Member[]) {
  const without = new Set(remove);
  const added = [...new Set(add)].filter((member) => !before.has(member) && !without.has(member));
  const removed = [...without].filter((member) => before.has(member));
  return { after: new Set([...before, ...added].filter((member) => !without.has(member))), added, removed };
}

/** Returns the pairs of which both photos are kept, by the numbers that they have in a version without the dropped photos. */
export function keptPairsInVersion(
  { photos }: Pick<Dataset, 'photos'>,
  { dropped, keptPairs }: DraftChanges,
): ReadonlySet<string> {
  let next = 0;
  const numbers = photos.map((_, number) => (dropped.has(number) ? undefined : next++));
  const keys = [...keptPairs].flatMap((key) => {
    const [lower, higher] = photosOf(key).map((number) => numbers[number]);
    return lower === undefined || higher === undefined ? [] : [pairKey([lower, higher])];
  });
  return new Set(keys);
}
