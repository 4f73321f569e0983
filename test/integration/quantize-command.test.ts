import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMBEDDED_MODEL } from '@swipenet/server/config.ts';
import { decodePhoto } from '@swipenet/server/image/decode.ts';
import { readQuantizationPhotos } from '@swipenet/server/training/quantization/quantization-photos.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { formulaPhoto } from '../support/photos.ts';
import { runSwipenet } from '../support/server-process.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const home = mkdtempSync(join(tmpdir(), 'swipenet-test-'));
const photos = join(home, 'photos');
afterAll(() => rmSync(home, { recursive: true, force: true }));
const run = (...parameters: string[]) => runSwipenet(parameters, { home, cwd: home }).ended;
const quantize = (id: string, ...more: string[]) =>
  run('models', 'quantize', id, '--calibrate', photos, '--photos', '4', ...more);

/** A model of the user's own: the embedded one under another name, perhaps with another threshold. */
function ownModel(id: string, threshold?: number): void {
  const folder = join(home, 'models', id);
  cpSync(join(EMBEDDED_MODEL.folder, EMBEDDED_MODEL.id), folder, { recursive: true });
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...manifest, id, ...(threshold !== undefined && { threshold }) }));
}

/** LIKE confidences of every photo, by its file's name. */
async function scored(model: string, precision: string): Promise<Record<string, number>> {
  const { stdout } = await run('score', photos, '--model', model, '--precision', precision, '--json');
  const [profile] = JSON.parse(stdout).profiles;
  const found = profile.photos as readonly { path: string; like?: number }[];
  return Object.fromEntries(found.flatMap(({ path, like }) => (like === undefined ? [] : [[path, like]])));
}

beforeAll(async () => {
  mkdirSync(photos);
  for (let number = 0; number < 10; number += 1) {
    const photo = formulaPhoto(280 + 17 * number, 300).rotate(9 * number);
    await photo
      .modulate({ brightness: 0.5 + number / 10 })
      .jpeg()
      .toFile(join(photos, `${number}.jpg`));
  }
  writeFileSync(join(photos, 'broken.jpg'), 'no photo');
  ownModel('mine');
});

/** What the two models of the first test make of the photos. */
let float: Record<string, number> = {};
let int8: Record<string, number> = {};

describe('swipenet models quantize', () => {
  it('makes an int8 model that answers nearly as its parent, says how nearly, and what each layer loses', async () => {
    const report = join(home, 'report.html');
    const made = await quantize('mine', '--name', 'mine-small', '--report', report, '--json', '--force');
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('broken.jpg') });
    const manifest = JSON.parse(made.stdout);
    expect(manifest).toMatchObject({
      id: 'mine-small',
      model: { storage: 'int8' },
      quantization: { parent: 'mine', calibration: { method: 'minmax', photos: 4 }, faithfulness: { photos: 6 } },
    });
    expect(statSync(join(home, 'models', 'mine-small', 'model.onnx')).size).toBeLessThan(6_500_000);

    float = await scored('mine', 'fp32');
    int8 = await scored('mine-small', 'int8');
    const differences = Object.keys(float).map((path) => Math.abs(float[path]! - int8[path]!));
    expect(Math.max(...differences)).toBeLessThan(0.1);
    expect(differences.some((difference) => difference > 0)).toBe(true);

    const layers = [...readFileSync(report, 'utf8').matchAll(/<th scope="row">([\w/]+)<\/th><td>([\d.]+)<\/td>/g)];
    const noise = Object.fromEntries(layers.map(([, layer, decibels]) => [layer, Number(decibels)]));
    expect(Object.keys(noise).length).toBeGreaterThanOrEqual(57);
    for (const layer of ['conv2/3x3_reduce', 'inception_3a/1x1', 'inception_5b/3x3', 'loss3/classifier'])
      expect(noise[layer], layer).toBeGreaterThan(15);
  });

  it('publishes nothing whose verdicts change too often, unless it is forced to; auto takes it not even then', async () => {
    const { judging } = await readQuantizationPhotos(photos, { calibration: 4, resize: 'cover', workers: 2 });
    const levels = Buffer.from(judging[0]!.levels);
    const names = readdirSync(photos).filter((name) => name !== 'broken.jpg');
    const decoded = names.map(async (name) => decodePhoto(readFileSync(join(photos, name)), 'cover'));
    const judged = names[(await Promise.all(decoded)).findIndex((other) => levels.equals(other))]!;
    const of = (likes: Record<string, number>) => Object.entries(likes).find(([path]) => path.endsWith(judged))![1];
    const between = (of(float) + of(int8)) / 2;
    ownModel('wavering', between);

    const refused = await quantize('wavering');
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('quantization_unfaithful') });
    expect(readdirSync(join(home, 'models'))).not.toContain('wavering-int8');
    expect(await quantize('wavering', '--force')).toMatchObject({ code: 0 });
    await run('models', 'remove', 'mine-small'); // of the same weights, and faithful at its own threshold
    const auto = await run('score', photos, '--model', 'wavering', '--json');
    expect(JSON.parse(auto.stdout)).toMatchObject({ model: 'wavering' });
  });

  it('refuses before any work: a name that is taken, an int8 model, a folder with too few photos', async () => {
    expect(await quantize('mine', '--name', 'wavering')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/model_exists/),
    });
    expect(await quantize('wavering-int8')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/int8 one, whose weights are rounded/),
    });
    const few = await run('models', 'quantize', 'mine', '--calibrate', join(photos, '1.jpg'));
    expect(few).toMatchObject({ code: 2, stderr: expect.stringMatching(/path_without_photos/) });
  });
});
