import { cp, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TwoPhotos } from '@swipenet/shared/contract/studio/photos.ts';
import { describe, expect, it } from 'vitest';
import { builtDataset, sharedDataset } from '../../../../test/support/built-dataset.ts';
import { patchwork } from '../../../../test/support/labeled-photos.ts';
import { eventually, jobOptions } from '../../../../test/support/studio-jobs.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { Home } from '../../home/home.ts';
import { openDataset } from '../../training/dataset/dataset.ts';
import { DatasetShelf } from '../datasets/dataset-shelf.ts';
import { ReviewDesk } from './review-desk.ts';

const flowers = sharedDataset({ LIKE: 16, NOPE: 16 }, 2);
const NO_DROPS = { drop: [], keep: [], keepPairs: [], reopenPairs: [] };

/** A home with a dataset of 8 LIKE and 8 NOPE profiles with two photos each, and more photos of NOPE by their names. */
async function setUp(more?: Readonly<Record<string, Uint8Array>>) {
  const home = new Home(temporaryFolder());
  await mkdir(home.datasets, { recursive: true });
  const folder = more ? await builtDataset({ LIKE: 16, NOPE: 16 }, 2, more) : flowers();
  await cp(folder, home.dataset('flowers'), { recursive: true });
  const datasets = new DatasetShelf(home);
  const { id } = (await datasets.list())[0]!;
  const processes = jobOptions(home, 'fake-label-check.ts');
  const open = () => new ReviewDesk({ ...processes.options, datasets, threads: 1 });
  return { ...processes, home, datasets, id, desk: open(), open };
}

describe('a review of a dataset', () => {
  it('finds photos by label, split and profile', async () => {
    const { desk, id, datasets } = await setUp();
    const { photos } = await datasets.open(id);
    const found = await desk.numbers(id, { label: 'LIKE', part: 'training' });
    expect([...found]).toEqual(
      [...photos.keys()].filter((at) => photos[at]!.label === 'LIKE' && photos[at]!.part === 'training'),
    );
    const [first] = found;
    const ofProfile = await desk.numbers(id, { profile: String(photos[first!]!.profile) });
    expect([ofProfile.length, ofProfile[0]]).toEqual([2, first]);
    expect(await desk.facts(id, [first!])).toMatchObject([{ number: first, label: 'LIKE', inProfile: 2, like: null }]);
    await datasets.close();
  });

  it('relabels whole profiles, keeps that for the next server, and says what undoing needs', async () => {
    const { desk, id, datasets, open } = await setUp();
    const [a, b] = await desk.numbers(id, { label: 'LIKE' });
    expect(await desk.relabel(id, [a!, b!], 'NOPE')).toEqual([a]); // one profile
    expect(await desk.relabel(id, [a!], 'NOPE')).toEqual([]);
    const later = open();
    const { profile } = (await datasets.open(id)).photos[a!]!;
    expect(await later.draft(id)).toEqual({ LIKE: [], NOPE: [profile], dropped: [], keptPairs: [] });
    expect([...(await later.numbers(id, { show: 'changed' }))]).toEqual([a, b]);
    const { revision } = (await later.list())[0]!;
    await later.relabel(id, [a!], 'LIKE');
    expect(await later.draft(id)).toEqual({ LIKE: [], NOPE: [], dropped: [], keptPairs: [] });
    expect((await later.list())[0]).not.toMatchObject({ revision });
    await datasets.close();
  });

  it('loses no change of two tabs at once', async () => {
    const { desk, id, datasets } = await setUp();
    const likes = await desk.numbers(id, { label: 'LIKE' });
    await Promise.all([...likes].map((number) => desk.relabel(id, [number], 'NOPE')));
    expect((await desk.draft(id)).NOPE).toHaveLength(8);
    await datasets.close();
  });

  it('saves a new dataset with other labels and the same pixels, and leaves the old one as it is', async () => {
    const { desk, id, datasets, home } = await setUp();
    const before = await datasets.open(id);
    const [first] = await desk.numbers(id, { label: 'LIKE', part: 'training' });
    await desk.relabel(id, [first!], 'NOPE');
    const made = await desk.save(id, 'flowers-2');
    await using after = await openDataset(home.dataset('flowers-2'));
    expect([after.id === made, made === id]).toEqual([true, false]);
    const { profile } = before.photos[first!]!;
    expect(after.photos).toEqual(
      before.photos.map((photo) => (photo.profile === profile ? { ...photo, label: 'NOPE' } : photo)),
    );
    expect(after.head.parts.training.NOPE.photos).toBe(before.head.parts.training.NOPE.photos + 2);
    expect(after.mean).toEqual(before.mean);
    const shard = 'shard-00000.gray';
    const inodes = [home.dataset('flowers'), home.dataset('flowers-2')].map((folder) => stat(join(folder, shard)));
    expect(new Set((await Promise.all(inodes)).map(({ ino }) => ino)).size).toBe(1);
    expect((await readHeadId(home.dataset('flowers'))).id).toBe(id);
    expect(await desk.draft(id)).toEqual({ LIKE: [], NOPE: [], dropped: [], keptPairs: [] });
    await expect(desk.save(id, 'flowers-3')).rejects.toMatchObject({ code: 'option_invalid' });
    await datasets.close();
  });

  it('shows look-alikes, keeps what was dropped for the next server, and saves a dataset without it', async () => {
    const { desk, id, datasets, home, open } = await setUp({ 'copy.png': await patchwork(0, 'NOPE') });
    const { photos } = await datasets.open(id);
    const left = photos.findIndex(({ path }) => path.endsWith(join('like', 'profile-0', '0.png')));
    const right = photos.findIndex(({ path }) => path.endsWith('copy.png'));
    const acrossSplits = Number(photos[left]!.part !== photos[right]!.part);
    const pair = { left, right, bits: 0 };
    expect(await desk.pairs(id)).toEqual({ pairs: [pair], total: 1, acrossSplits, acrossLabels: 1 });
    expect(await desk.drop(id, { ...NO_DROPS, drop: [right], keep: [left] })).toEqual({ ...NO_DROPS, drop: [right] });
    const { revision } = (await desk.list())[0]!;
    const later = open();
    expect(await later.draft(id)).toEqual({ LIKE: [], NOPE: [], dropped: [right], keptPairs: [] });
    expect([...(await later.numbers(id, { show: 'changed' }))]).toEqual([right]);
    await Promise.all([
      later.drop(id, { ...NO_DROPS, drop: [left] }),
      desk.drop(id, { ...NO_DROPS, drop: [0], keep: [right] }),
    ]);
    expect((await later.list())[0]).toMatchObject({ changed: 0, dropped: 2 });
    expect((await later.list())[0]).not.toMatchObject({ revision });
    await expect(desk.drop(id, { ...NO_DROPS, drop: [999] })).rejects.toMatchObject({ code: 'studio_unknown' });
    await later.save(id, 'flowers-2');
    await using after = await openDataset(home.dataset('flowers-2'));
    expect(after.photos).toEqual(photos.filter((_, number) => number !== left && number !== 0));
    expect(await later.pairs(after.id)).toMatchObject({ total: 0 });
    expect(await later.draft(id)).toEqual({ LIKE: [], NOPE: [], dropped: [], keptPairs: [] });
    await writeFile(join(home.dataset('flowers'), 'near-across-labels.jsonl'), '');
    await expect(desk.pairs(id)).rejects.toMatchObject({ code: 'dataset_invalid' });
    await datasets.close();
  });

  it('remembers which look-alikes were kept, for the next server and for a new version', async () => {
    const copies = { 'copy.png': await patchwork(0, 'NOPE'), 'other.png': await patchwork(2, 'NOPE') };
    const { desk, id, datasets, open } = await setUp(copies);
    const [one, two] = (await desk.pairs(id)).pairs.map(({ left, right }): TwoPhotos => {
      return left < right ? [left, right] : [right, left];
    });
    const kept = { ...NO_DROPS, keepPairs: [one!, two!] };
    expect(await desk.drop(id, kept)).toEqual(kept);
    expect(await desk.drop(id, kept)).toEqual(NO_DROPS);
    const later = open();
    expect((await later.draft(id)).keptPairs).toEqual([one, two]);
    await expect(later.save(id, 'flowers-2')).rejects.toMatchObject({ code: 'option_invalid' }); // it would be the same
    await later.drop(id, { ...NO_DROPS, drop: [0, two![1]] });
    await later.discard(id);
    expect(await later.draft(id)).toEqual({ LIKE: [], NOPE: [], dropped: [], keptPairs: [one, two] });
    const [first] = [...(await datasets.open(id)).photos.keys()].filter(
      (number) => ![...one!, ...two!].includes(number),
    );
    const dropped = [first!, two![1]];
    await later.drop(id, { ...NO_DROPS, drop: dropped });
    const made = await later.save(id, 'flowers-2');
    const { pairs } = await later.pairs(made);
    expect(pairs).toHaveLength(1);
    const { keptPairs, ...changes } = await later.draft(made);
    expect(keptPairs).toEqual([[pairs[0]!.left, pairs[0]!.right].toSorted((a, b) => a - b)]);
    expect(changes).toEqual({ LIKE: [], NOPE: [], dropped: [] });
    expect((await later.draft(id)).keptPairs).toEqual([one, two]);
    await later.drop(made, { ...NO_DROPS, reopenPairs: keptPairs, drop: [0] });
    await later.drop(id, { ...NO_DROPS, drop: dropped });
    expect(await later.save(id, 'flowers-3')).toBe(made); // the same photos and labels
    expect(await later.draft(made)).toMatchObject({ dropped: [0], keptPairs });
    await datasets.close();
  });

  it('refuses a taken name, and labels that a split would have only one of, and keeps the changes', async () => {
    const { desk, id, datasets } = await setUp();
    const likes = await desk.numbers(id, { label: 'LIKE', part: 'training' });
    await desk.relabel(id, [likes[0]!], 'NOPE');
    await expect(desk.save(id, 'flowers')).rejects.toMatchObject({ code: 'dataset_exists' });
    await desk.relabel(id, likes, 'NOPE');
    await expect(desk.save(id, 'flowers-2')).rejects.toMatchObject({ code: 'dataset_too_small' });
    expect(await datasets.list()).toHaveLength(1);
    expect((await desk.draft(id)).NOPE.length).toBeGreaterThan(1);
    await datasets.close();
  });

  it('lets a check outlive the server, says that one was killed, and starts it again', async () => {
    const { desk, id, open, jobs, starts, killRunner, datasets } = await setUp();
    const running = { state: 'running', words: 'Rating the other photos', done: 8, total: 32 };
    const checkIn = async (one: ReviewDesk) => (await one.list()).find(({ dataset }) => dataset === id)?.check;
    await desk.check(id);
    await eventually(async () => expect(await checkIn(desk)).toEqual(running));
    await desk.close();
    const after = open();
    expect(await checkIn(after)).toEqual(running);
    await after.check(id);
    await killRunner((await jobs.list())[0]!.job.id);
    const words = 'its process ended before it was done';
    await eventually(async () => expect(await checkIn(after)).toMatchObject({ state: 'failed', words }));
    await after.check(id);
    await eventually(async () => expect(await checkIn(after)).toEqual(running));
    expect([starts.length, (await jobs.list()).length]).toEqual([2, 1]);
    await after.stopCheck(id);
    expect([await jobs.list(), await checkIn(after)]).toEqual([[], undefined]);
    await after.close();
    await datasets.close();
  });

  it('knows neither a dataset that is gone nor a photo that never was', async () => {
    const { desk, id, datasets, home } = await setUp();
    await expect(desk.relabel(id, [999], 'LIKE')).rejects.toMatchObject({ code: 'studio_unknown' });
    await expect(desk.draft('../..')).rejects.toMatchObject({ code: 'studio_unknown' });
    await mkdir(dirname(join(home.review(id), 'x')), { recursive: true });
    await writeFile(join(home.review(id), 'labels.json'), '{"LIKE":');
    await expect(desk.draft(id)).rejects.toMatchObject({ code: 'home_unusable' });
    await datasets.close();
  });
});

const readHeadId = async (folder: string) => {
  await using dataset = await openDataset(folder);
  return { id: dataset.id };
};
