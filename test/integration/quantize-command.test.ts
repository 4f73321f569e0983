import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addOwnModel } from '../support/own-model.ts';
import { formulaPhoto } from '../support/photos.ts';
import { runSwipenet } from '../support/server-process.ts';

const home = mkdtempSync(join(tmpdir(), 'swipenet-test-'));
const photos = join(home, 'photos');
afterAll(() => rmSync(home, { recursive: true, force: true }));
const run = (...parameters: string[]) => runSwipenet(parameters, { home, cwd: home }).ended;
const quantize = (id: string, ...more: string[]) =>
  run('models', 'quantize', id, '--calibrate', photos, '--photos', '4', ...more);

/** Returns the LIKE confidence of every photo by its path. */
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
  addOwnModel(home, 'mine');
});

describe('swipenet models quantize', () => {
  it('creates an int8 model that scores almost like its parent, and reports the noise of each layer', async () => {
    const report = join(home, 'report.html');
    const quantized = await quantize('mine', '--name', 'mine-small', '--report', report, '--json', '--force');
    expect(quantized).toMatchObject({ code: 0, stderr: expect.stringContaining('broken.jpg') });
    const manifest = JSON.parse(quantized.stdout);
    expect(manifest).toMatchObject({
      id: 'mine-small',
      model: { storage: 'int8' },
      quantization: { parent: 'mine', calibration: { method: 'minmax', photos: 4 }, faithfulness: { photos: 6 } },
    });
    expect(statSync(join(home, 'models', 'mine-small', 'model.onnx')).size).toBeLessThan(6_500_000);

    const float = await scored('mine', 'fp32');
    const int8 = await scored('mine-small', 'int8');
    const differences = Object.keys(float).map((path) => Math.abs(float[path]! - int8[path]!));
    expect(Math.max(...differences)).toBeLessThan(0.1);
    expect(differences.some((difference) => difference > 0)).toBe(true);

    const layers = [...readFileSync(report, 'utf8').matchAll(/<th scope="row">([\w/]+)<\/th><td>([\d.]+)<\/td>/g)];
    const noise = Object.fromEntries(layers.map(([, layer, decibels]) => [layer, Number(decibels)]));
    expect(Object.keys(noise).length).toBeGreaterThanOrEqual(57);
    for (const layer of ['conv2/3x3_reduce', 'inception_3a/1x1', 'inception_5b/3x3', 'loss3/classifier'])
      expect(noise[layer], layer).toBeGreaterThan(15);
  });

  it('publishes no model that fails the gate, for example on too few photos, unless forced', async () => {
    const refused = await quantize('mine');
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('compared on only 6 photos (minimum 100)'),
    });
    expect(readdirSync(join(home, 'models'))).not.toContain('mine-int8');
    const auto = await run('score', photos, '--model', 'mine', '--json');
    expect(JSON.parse(auto.stdout)).toMatchObject({ model: 'mine', precision: 'fp32' });
  });

  it('rejects a taken ID, an int8 model, an unwritable report or too few photos before doing any work', async () => {
    expect(await quantize('mine', '--name', 'mine-small')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/model_exists/),
    });
    expect(await quantize('mine-small')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is already an int8 model; quantize mine instead/),
    });
    const nowhere = join(home, 'nowhere', 'report.html');
    expect(await quantize('mine', '--report', nowhere)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^swipenet: .*nowhere.report.html can’t be written/),
    });
    const few = await run('models', 'quantize', 'mine', '--calibrate', join(photos, '1.jpg'));
    expect(few).toMatchObject({ code: 2, stderr: expect.stringMatching(/path_without_photos/) });
  });
});
