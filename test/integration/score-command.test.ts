import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { formulaPhoto } from '../support/photos.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let photo: Buffer;
beforeAll(async () => {
  photo = await formulaPhoto(640, 800).jpeg().toBuffer();
});

/** Creates a folder with two profiles: one good, one with a broken photo and a text file. */
function profiles(): string {
  const root = temporaryFolder();
  for (const folder of ['anna', 'ben']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'anna', '1.jpg'), photo);
  writeFileSync(join(root, 'anna', '2.jpg'), photo);
  writeFileSync(join(root, 'ben', '1.jpg'), photo);
  writeFileSync(join(root, 'ben', '2.jpg'), photo.subarray(0, 4000));
  writeFileSync(join(root, 'ben', 'notes.txt'), 'not a photo');
  return root;
}

const run = (parameters: readonly string[], cwd: string) =>
  runSwipenet(['score', ...parameters], { home: temporaryFolder(), cwd }).ended;

describe('swipenet score', () => {
  it('prints only JSON with --json, with paths as the caller wrote them', async () => {
    const root = profiles();
    const { code, stdout, stderr } = await run(
      ['anna', 'ben', '--json', '--threshold', '1', '--precision', 'fp32'],
      root,
    );
    expect(code).toBe(0);
    expect(stderr).toContain('left out: 1 (no_photo_by_name 1)\n  ben/notes.txt: not a photo');
    const like = expect.any(Number);
    expect(JSON.parse(stdout)).toEqual({
      profiles: [
        {
          path: 'anna',
          photos: [
            { path: join('anna', '1.jpg'), like, label: 'NOPE' },
            { path: join('anna', '2.jpg'), like, label: 'NOPE' },
          ],
          decision: { swipe: 'left', reason: 'all_nope', like },
        },
        {
          path: 'ben',
          photos: [
            { path: join('ben', '1.jpg'), like, label: 'NOPE' },
            {
              path: join('ben', '2.jpg'),
              error: { code: 'photo_undecodable', message: 'the photo is damaged or truncated' },
            },
          ],
          decision: { swipe: 'hold', reason: 'photos_failed', like },
        },
      ],
      leftOut: [{ path: join('ben', 'notes.txt'), reason: 'no_photo_by_name', message: expect.any(String) }],
      model: 'quality',
      precision: 'fp32',
      threshold: 1,
      rule: { rule: 'any', threshold: 1 },
    });
  });

  it('prints each photo’s label and confidence, and each profile’s decision with its reason', async () => {
    const root = profiles();
    const odd = Buffer.concat([Buffer.from(`${root}/zo`), Buffer.of(0xe9)]); // in Latin-1, as old archives have it
    if (process.platform === 'linux') {
      mkdirSync(odd);
      writeFileSync(Buffer.concat([odd, Buffer.from('/1.jpg')]), photo);
    }
    const { stdout } = await run(['.', '--threshold', '0'], root);
    if (process.platform === 'linux') expect(stdout).toMatch(/zo\\xe9\n {2}1\.jpg {2}LIKE/);
    expect(stdout).toMatch(
      /anna\n {2}1\.jpg {2}LIKE {2} *\d+\.\d\d%\n {2}2\.jpg {2}LIKE .+\n {2}→ right: 1\.jpg is a LIKE: .+ is at or above 0\.00%\n/,
    );
    expect(stdout).toContain('2.jpg  ----  the photo is damaged or truncated');
  });

  it('draws a heat map of each photo that it scores, and leaves a folder with files alone', async () => {
    const root = profiles();
    const { code, stdout } = await run(['anna', 'ben', '--heatmap', 'maps', '--json'], root);
    expect(code).toBe(0);
    const scored: { photos: { heatmap?: string }[] }[] = JSON.parse(stdout).profiles;
    const maps = scored.flatMap(({ photos }) => photos.map(({ heatmap }) => heatmap));
    expect(maps).toEqual(['0001-anna-1.png', '0002-anna-2.png', '0003-ben-1.png', undefined]);
    expect(readdirSync(join(root, 'maps')).toSorted()).toEqual(maps.slice(0, 3));
    const again = await run(['anna', '--heatmap', 'maps'], root);
    expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 2, stdout: '' });
    expect(again.stderr).toContain('maps isn’t empty; choose a new folder (output_unusable)');
  });

  it.each([
    ['a missing path', ['gone'], 'gone doesn’t exist'],
    ['a folder without photos', ['ben/empty'], 'ben/empty: it contains no photos'],
    ['a file that isn’t a photo', ['ben/notes.txt'], 'ben/notes.txt: not a photo, judging by its name'],
    [
      'an invalid threshold',
      ['anna', '--threshold', 'high'],
      '--threshold (or SWIPENET_THRESHOLD) must be a number from 0 to 1',
    ],
    ['an unknown option', ['anna', '--fast'], "unknown option '--fast'"],
    ['a missing argument', [], "missing required argument 'path'"],
  ])('exits with code 2 and names %s', async (_name, parameters, message) => {
    const root = profiles();
    mkdirSync(join(root, 'ben', 'empty'));
    const { code, stderr, stdout } = await run(parameters, root);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('works the same through npm’s launcher, from the caller’s folder', () => {
    const root = profiles();
    const launcher = fileURLToPath(new URL('../../server/launcher.mjs', import.meta.url));
    const { CI: _ci, ...environment } = process.env; // in CI the launcher would install again
    const env = { ...environment, INIT_CWD: root, SWIPENET_HOME: temporaryFolder() };
    const { status, stdout } = spawnSync(process.execPath, [launcher, 'score', 'anna', '--json'], {
      env,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).profiles).toMatchObject([{ path: 'anna' }]);
  });

  it.each([[[]], [['serve']], [['score']], [['models']], [['models', 'fetch']]])('has help: %j', async (command) => {
    const { code, stdout } = await runSwipenet([...command, '--help'], { home: temporaryFolder() }).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: swipenet/);
  });
});
