// @module-tag slow
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { patchwork, writeLabeledPhotos } from '../../../../../test/support/labeled-photos.ts';
import { bombPng } from '../../../../../test/support/photos.ts';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import { decodePhoto } from '../../../image/decoding/decode.ts';
import { encodedPhoto } from '../../../image/photo-bytes.ts';
import { openDataset } from '../dataset.ts';
import { PHOTO_BYTES } from '../dataset-format.ts';
import { type BuildOptions, buildDataset } from './build-dataset.ts';

const build = (root: string, options: Partial<BuildOptions> = {}) =>
  buildDataset({
    like: [join(root, 'like')],
    nope: [join(root, 'nope')],
    out: join(root, 'set'),
    testPercent: 0,
    resize: 'squash',
    seed: 1,
    pairs: false,
    workers: 2,
    ...options,
  });

/** Returns every file of a folder with the hash of its bytes. */
const bytesIn = (folder: string) =>
  readdirSync(folder).map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex'),
  ]);

describe('a dataset', () => {
  it('has every photo as serving decodes it, and the mean of its training set', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 10, NOPE: 8 });
    const { head } = await build(root);
    await using dataset = await openDataset(join(root, 'set'));
    const sum = new Float64Array(PHOTO_BYTES);
    const pixels = new Uint8Array(PHOTO_BYTES);
    for (const [number, { path, part }] of dataset.photos.entries()) {
      await dataset.readPhoto(number, pixels);
      expect(pixels).toEqual(await decodePhoto(encodedPhoto(readFileSync(path)), 'squash'));
      if (part === 'training') for (const [at, level] of pixels.entries()) sum[at]! += level;
    }
    const training = dataset.numbersOf('training').length;
    expect(dataset.mean).toEqual(Float32Array.from(sum, (level) => level / training));
    expect(head.parts.validation).toEqual({ LIKE: { photos: 1, profiles: 1 }, NOPE: { photos: 1, profiles: 1 } });
    expect(head.photos).toBe(18);
  });

  it('never has a profile in two splits', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 24, NOPE: 20 }, 2);
    await build(root, { testPercent: 20 });
    await using dataset = await openDataset(join(root, 'set'));
    const { photos } = dataset;
    const folders = new Map<string, Set<string>>();
    for (const { path, part } of photos) {
      const folder = join(path, '..');
      folders.set(folder, (folders.get(folder) ?? new Set()).add(part));
    }
    expect([...folders.values()].map((parts) => parts.size)).toEqual(Array.from({ length: 22 }, () => 1));
    expect(new Set(photos.map(({ part }) => part))).toEqual(new Set(['training', 'validation', 'test']));
  });

  it('has the same bytes even if its build was interrupted', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 9, NOPE: 9 });
    writeFileSync(join(root, 'nope', '00.png'), 'damaged');
    await build(root);
    const whole = bytesIn(join(root, 'set'));
    renameSync(join(root, 'set'), join(root, 'first'));

    class Killed extends Error {}
    for (const moment of [1, 7, 8, 13, 19]) {
      const onProgress = (phase: string, done: number) => {
        if (phase === 'photos' && done === moment) throw new Killed();
      };
      await expect(build(root, { onProgress })).rejects.toThrow(Killed);
      expect(existsSync(join(root, 'set'))).toBe(false);
    }
    const { resumed } = await build(root);
    expect(resumed).toBe(19);
    expect(bytesIn(join(root, 'set'))).toEqual(whole);
    expect(existsSync(join(root, 'set.building'))).toBe(false);
  });

  it('redoes what an interrupted build left incomplete, both pixels and journal lines', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 5, NOPE: 5 });
    await build(root);
    const whole = bytesIn(join(root, 'set'));
    for (const cut of ['pixels', 'journal'] as const) {
      renameSync(join(root, 'set'), join(root, `before ${cut}`));
      const onProgress = (_: string, done: number) => {
        if (done === 6) throw new Error('killed');
      };
      await expect(build(root, { onProgress })).rejects.toThrow('killed');
      const name = cut === 'pixels' ? 'dataset/shard-00000.gray' : 'journal.jsonl';
      const path = join(root, 'set.building', name);
      writeFileSync(path, readFileSync(path).subarray(0, -7));
      expect((await build(root)).resumed).toBe(5);
      expect(bytesIn(join(root, 'set'))).toEqual(whole);
    }
  });

  it('is started over if the settings or the files change', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 5, NOPE: 5 });
    const onProgress = (_: string, done: number) => {
      if (done === 6) throw new Error('killed');
    };
    await expect(build(root, { onProgress })).rejects.toThrow('killed');
    expect((await build(root, { resize: 'cover' })).resumed).toBe(0);
  });

  it('lists what is wrong with each of a thousand damaged files, and contains the rest', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 6, NOPE: 6 });
    const photo = await patchwork(99, 'LIKE');
    const damages: Record<string, [Buffer | string, string]> = {
      cut: [photo.subarray(0, 300), 'photo_undecodable'],
      empty: ['', 'photo_empty'],
      text: ['<html>not found</html>', 'photo_type_unsupported'],
      bomb: [bombPng(60_000, 60_000), 'photo_too_many_pixels'],
      tiny: [await patchwork(98, 'LIKE', 16), 'photo_too_small'],
      noise: [Buffer.concat([photo.subarray(0, 60), Buffer.alloc(400, 7)]), 'photo_undecodable'],
    };
    const expected: Record<string, number> = {};
    for (let index = 0; index < 1000; index += 1) {
      const names = Object.keys(damages);
      const name = names[index % names.length]!;
      const [bytes, reason] = damages[name]!;
      writeFileSync(join(root, index % 2 ? 'like' : 'nope', `${name}-${index}.jpg`), bytes);
      expected[reason] = (expected[reason] ?? 0) + 1;
    }
    mkdirSync(join(root, 'like', 'a-folder.jpg'));
    writeFileSync(join(root, 'like', 'list.csv'), '');
    const { head, leftOut } = await build(root);
    expect(head.photos).toBe(12);
    expect(head.leftOut).toEqual({ ...expected, no_photo_by_name: 1 });
    expect(leftOut).toContainEqual({
      path: join(root, 'like', 'cut-0.jpg').replace('like', 'nope'),
      label: 'NOPE',
      reason: 'photo_undecodable',
      message: 'the photo is damaged or truncated',
    });
    const lines = readFileSync(join(root, 'set', 'left-out.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(1001);
  });

  it('drops duplicates within a label, lists them across labels, and with --pairs keeps those in one split', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 20, NOPE: 4 });
    copyFileSync(join(root, 'like', '0.png'), join(root, 'like', '100.png'));
    writeFileSync(join(root, 'like', '101.png'), await patchwork(1, 'LIKE', 128)); // resembles 1.png at another size
    for (let seed = 0; seed < 20; seed += 1) {
      writeFileSync(join(root, 'nope', `pair-${seed}.png`), await patchwork(seed, 'NOPE', 80)); // darker, but the same hash
    }
    const { head, leftOut, nearAcrossLabels } = await build(root, { pairs: true });
    expect(leftOut).toMatchObject([
      {
        path: join(root, 'like', '100.png'),
        reason: 'same_bytes',
        message: `it has the same bytes as ${join(root, 'like', '0.png')}`,
      },
      { path: join(root, 'like', '101.png'), reason: 'near_duplicate' },
    ]);
    expect(nearAcrossLabels).toHaveLength(20);
    expect(head.nearAcrossLabels).toBe(20);
    await using dataset = await openDataset(join(root, 'set'));
    const { photos } = dataset;
    const partOf = (path: string) => photos.find((photo) => photo.path === path)?.part;
    for (const { like, nope } of nearAcrossLabels) expect(partOf(nope)).toBe(partOf(like));
    // 0.png to 3.png don't look alike across the labels, but their names make them pairs.
    for (const name of ['0.png', '1.png', '2.png', '3.png']) {
      expect(partOf(join(root, 'like', name))).toBe(partOf(join(root, 'nope', name)));
    }
  });

  it('is rejected if both labels have a photo with the same bytes, unless that file is damaged', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 5, NOPE: 5 });
    for (const label of ['like', 'nope']) writeFileSync(join(root, label, 'damaged.jpg'), 'the same bytes');
    copyFileSync(join(root, 'like', '3.png'), join(root, 'nope', 'again.png'));
    const list = `${join(root, 'set')}.contradictions.jsonl`;
    await expect(build(root)).rejects.toMatchObject({
      code: 'labels_contradict',
      message: `1 photo is under both labels, listed in ${list}. The first is ${join(root, 'like', '3.png')} under LIKE and ${join(root, 'nope', 'again.png')} under NOPE`,
    });
    rmSync(join(root, 'nope', 'again.png'));
    expect((await build(root)).head.leftOut).toEqual({ photo_type_unsupported: 2 });
    expect(existsSync(list)).toBe(false);
  });

  it('lists every photo that is under both labels, with all its copies', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 5, NOPE: 5 });
    const [like, nope] = [join(root, 'like'), join(root, 'nope')];
    for (let number = 0; number < 5; number += 1)
      copyFileSync(join(like, `${number}.png`), join(nope, `x${number}.png`));
    copyFileSync(join(like, '0.png'), join(like, '9.png'));
    copyFileSync(join(like, '0.png'), join(nope, 'y.png'));
    let found: readonly object[] = [];
    await expect(
      build(root, {
        onContradictions: (all) => {
          found = all;
        },
      }),
    ).rejects.toMatchObject({ message: expect.stringMatching(/^5 photos are under both labels/) });
    expect(readdirSync(root).toSorted()).toEqual(['like', 'nope', 'set.contradictions.jsonl']);
    const lines = readFileSync(`${join(root, 'set')}.contradictions.jsonl`, 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(found);
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(found).toHaveLength(5);
    expect(found[0]).toEqual({
      sha256,
      like: ['0.png', '9.png'].map((name) => join(like, name)),
      nope: ['x0.png', 'y.png'].map((name) => join(nope, name)),
    });
    expect(found[4]).toEqual({ sha256, like: [join(like, '4.png')], nope: [join(nope, 'x4.png')] });
  });

  it('overwrites nothing, and is rejected if a label has too few photos', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 5, NOPE: 1 });
    writeFileSync(join(root, 'nope', 'cut.jpg'), 'damaged');
    const leftOut: string[] = [];
    const onLeftOut = (files: readonly { path: string }[]) => leftOut.push(...files.map(({ path }) => path));
    await expect(build(root, { onLeftOut })).rejects.toMatchObject({
      code: 'dataset_too_small',
      message: expect.stringMatching(/^too few profiles: found 1 usable profile of NOPE. Each label needs at least 2/),
    });
    expect(existsSync(join(root, 'set.building'))).toBe(false);
    expect(leftOut).toEqual([join(root, 'nope', 'cut.jpg')]);
    mkdirSync(join(root, 'set'));
    writeFileSync(join(root, 'set', 'thesis.txt'), '');
    await expect(build(root)).rejects.toMatchObject({ code: 'dataset_exists' });
    mkdirSync(join(root, 'other.building'));
    writeFileSync(join(root, 'other.building', 'house.txt'), '');
    await expect(build(root, { out: join(root, 'other') })).rejects.toMatchObject({ code: 'dataset_exists' });
    expect(existsSync(join(root, 'other.building', 'house.txt'))).toBe(true);
    await expect(build(root, { out: join(root, 'like', '0.png', 'set') })).rejects.toMatchObject({
      code: 'dataset_exists',
    });
  });
});
