import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { writeLabeledPhotos } from '../support/labeled-photos.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = (parameters: readonly string[], cwd: string) =>
  runSwipenet(['dataset', ...parameters], { home: temporaryFolder(), cwd }).ended;

const BUILD = ['build', '--like', 'like', '--nope', 'nope', '--out', 'set'];

describe('swipenet dataset', () => {
  it('builds a dataset from two folders, shows what is in it, and draws it', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 7, NOPE: 7 });
    writeFileSync(join(root, 'like', 'cut.jpg'), 'damaged');
    const built = await run([...BUILD, '--json'], root);
    expect(built.code).toBe(0);
    const json = JSON.parse(built.stdout);
    expect(json).toMatchObject({
      out: 'set',
      photos: 14,
      parts: { training: { LIKE: { photos: 6, profiles: 6 }, NOPE: { photos: 6, profiles: 6 } } },
      leftOut: { photo_type_unsupported: 1 },
      leftOutFiles: [{ path: join('like', 'cut.jpg'), label: 'LIKE', reason: 'photo_type_unsupported' }],
      nearPairs: [],
    });
    expect(built.stderr).toContain('photos  15 of 15  100%');

    const stats = await run(['stats', 'set', '--json'], root);
    expect(JSON.parse(stats.stdout)).toMatchObject({ photos: 14, parts: json.parts });
    const plain = await run(['stats', 'set'], root);
    expect(plain.stdout).toMatch(/training +6 \(6\) +6 \(6\) +50\.0%/);

    expect((await run(['sheet', 'set', '--out', 'sheet.png'], root)).code).toBe(0);
    expect(await sharp(readFileSync(join(root, 'sheet.png'))).metadata()).toMatchObject({ format: 'png', width: 1324 });
    expect(await run(['sheet', 'set', '--out', 'sheet.png'], root)).toMatchObject({
      code: 2,
      stderr: 'swipenet: sheet.png already exists; nothing was overwritten (output_unusable)\n',
    });
    expect(await run(['sheet', 'set', '--out', 'sheet.jpg'], root)).toMatchObject({
      code: 2,
      stderr: 'swipenet: --out: must end in .png, got sheet.jpg (option_invalid)\n',
    });
  });

  it('lists every file that was left out, and leaves nothing behind, if too few profiles remain', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 1, NOPE: 1 });
    for (let number = 0; number < 30; number += 1) writeFileSync(join(root, 'like', `cut-${number}.jpg`), 'damaged');
    const { code, stdout, stderr } = await run(BUILD, root);
    expect(stdout.match(/cut-\d+\.jpg: /g)).toHaveLength(30);
    expect({ code, end: stderr.split('\n').at(-2) }).toEqual({
      code: 2,
      end:
        'swipenet: too few profiles: found 1 usable profile of NOPE and 1 usable profile of LIKE. ' +
        'Each label needs at least 2: one each for training and validation. ' +
        'Each folder in a label’s folder is one profile, and so is each loose photo (dataset_too_small)',
    });
    expect(readdirSync(root).toSorted()).toEqual(['like', 'nope']);
  });

  it.each([
    ['a missing folder', ['build', '--like', 'gone', '--nope', 'nope', '--out', 'set'], 'gone doesn’t exist'],
    ['a missing label', ['build', '--like', 'like', '--out', 'set'], "required option '--nope <folder...>'"],
    ['an invalid percentage', [...BUILD, '--test', 'some'], '--test: must be a whole number'],
    ['a folder that is not empty', ['build', '--like', 'like', '--nope', 'nope', '--out', 'like'], 'like is not empty'],
    ['a folder that isn’t a dataset', ['stats', 'like'], 'like is not a dataset: it has no dataset.json'],
  ])('exits with 2 and names %s', async (_name, parameters, message) => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 2, NOPE: 2 });
    const { code, stderr, stdout } = await run(parameters, root);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
