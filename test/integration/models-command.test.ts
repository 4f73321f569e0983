import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildServingModel } from '@swipenet/server/googlenet/serving-model.ts';
import { parameterShapes, type Weights } from '@swipenet/server/googlenet/weights.ts';
import { readActiveModel } from '@swipenet/server/home/active-model.ts';
import { Home } from '@swipenet/server/home/home.ts';
import { elementCount } from '@swipenet/server/onnx/shape-inference.ts';
import { describe, expect, it } from 'vitest';
import { addOwnModel } from '../support/own-model.ts';
import { formulaPhoto } from '../support/photos.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('swipenet models', () => {
  it('activate makes score use a model that can score a photo; if that model is gone, score fails instead of using another one', async () => {
    const home = temporaryFolder();
    addOwnModel(home, 'mine');
    await formulaPhoto(300, 300).jpeg().toFile(join(home, 'photo.jpg'));
    const run = (...parameters: string[]) => runSwipenet(parameters, { home, cwd: home }).ended;

    expect(await run('models', 'activate', 'mine')).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await run('score', 'photo.jpg', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'mine', profiles: [{ photos: [{ path: 'photo.jpg' }] }] });

    // Finite weights, but the network doesn't look at the photo.
    const dead: Weights = new Map(
      [...parameterShapes()].map(([name, shape]) => [name, { shape, data: new Float32Array(elementCount(shape)) }]),
    );
    addOwnModel(home, 'dead', {}, buildServingModel({ weights: dead, mean: 0, temperature: 1, storage: 'float16' }));
    const refused = await run('models', 'activate', 'dead');
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('the same result') });
    expect(await readActiveModel(new Home(home))).toBe('mine');

    writeFileSync(join(home, 'active-model.json'), '{"format":1,"model":"gone"}');
    const gone = await run('score', 'photo.jpg');
    expect(gone).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('it is the active model') });
  });
});
