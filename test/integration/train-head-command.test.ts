import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { readNetwork } from '@swipenet/server/interchange/import-network.ts';
import { loadModel } from '@swipenet/server/registry/model-registry.ts';
import { describe, expect, it } from 'vitest';
import { builtDataset } from '../support/built-dataset.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const weightsOf = (path: string) => readNetwork(readFileSync(path)).weights;

const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('swipenet train with few photos', () => {
  it('trains a head, and publishes a model that scores as in validation', async () => {
    const [set, home] = [await builtDataset({ LIKE: 8, NOPE: 8 }), temporaryFolder()];
    const run = (...parameters: string[]) => runSwipenet([...parameters, '--device', 'cpu'], { home }).ended;
    const trained = await run('train', '--data', set, '--name', 'mine', '--run', join(home, 'run'), '--json');
    expect(trained).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Mode head: 14 training photos; a head on frozen features works best up to 500'),
    });

    const manifest = JSON.parse(readFileSync(join(home, 'models', 'mine', 'manifest.json'), 'utf8'));
    expect(JSON.parse(trained.stdout)).toEqual({ model: 'mine', run: join(home, 'run'), metrics: manifest.metrics });
    expect(manifest.model.bytes / 1e6).toBeCloseTo(24.1, 1);
    expect(manifest.metrics).toMatchObject({ crossValidatedPhotos: 14, validationPhotos: 2 });
    expect(manifest.provenance.command).toBe('swipenet train --mode head --data … --name mine --init base --seed 0');
    const base = await loadModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.base);
    expect(manifest.headOf).toEqual({ id: 'base', sha256: base.manifest.model.sha256 });
    const [own, shared] = [join(home, 'models', 'mine', 'model.onnx'), base.modelPath].map(weightsOf);
    const changed = [...shared!].flatMap(([name, { data, shape }]) => {
      const filters = new Set<number>();
      for (const [at, number] of data.entries()) {
        if (number !== own!.get(name)!.data[at]) filters.add(Math.floor((at * shape[0]!) / data.length));
      }
      return filters.size > 0 ? [[name, [...filters].toSorted((a, b) => a - b)]] : [];
    });
    const spare = base.manifest.spareFilters!.filters.toSorted((a, b) => a - b);
    expect(Object.fromEntries(changed)).toEqual({
      'inception_5b/1x1.weight': spare,
      'inception_5b/1x1.bias': spare,
      'loss3/classifier.weight': expect.anything(),
      'loss3/classifier.bias': expect.anything(),
    });
    expect(JSON.parse(readFileSync(join(home, 'run', 'head.json'), 'utf8')).metrics).toEqual(manifest.metrics);

    const paths = new Map(lines(join(set, 'photos.jsonl')).map(({ id, path }) => [id, path]));
    const predictions = lines(join(home, 'run', 'predictions.jsonl'));
    expect(predictions).toHaveLength(2);
    const scored = await run('score', ...predictions.map(({ id }) => paths.get(id)), '--model', 'mine', '--json');
    const [{ photos: answers }] = JSON.parse(scored.stdout).profiles;
    for (const [index, { margin }] of predictions.entries()) {
      const confidence = 1 / (1 + Math.exp(-margin / manifest.temperature));
      expect(Math.abs(answers[index].like - confidence)).toBeLessThan(1e-5);
    }
  }, 180_000);

  it('learns from profiles if they have several photos, and the model decides by them', async () => {
    const [set, home] = [await builtDataset({ LIKE: 30, NOPE: 30 }, 1.25), temporaryFolder()];
    const run = (...parameters: string[]) => runSwipenet([...parameters, '--device', 'cpu'], { home }).ended;
    const flags = ['--mode', 'head', '--target', 'like-rate=0.5', '--name', 'mine', '--run', join(home, 'run')];
    const trained = await run('train', '--data', set, ...flags);
    expect(trained).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/profiles \d+ LIKE, \d+ NOPE; labels are of whole profiles/),
    });

    const manifest = JSON.parse(readFileSync(join(home, 'models', 'mine', 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ temperature: 1, decision: { rule: 'profile' } });
    expect(manifest).not.toHaveProperty('threshold');
    expect(manifest.metrics.crossValidatedProfiles).toBeGreaterThanOrEqual(40);
    expect(manifest.provenance.command).toContain('--target like-rate=0.5');
    expect(manifest.provenance.description).toMatch(/trained on \d+ LIKE and \d+ NOPE profiles/);

    const paths = lines(join(set, 'photos.jsonl')).map(({ path }) => dirname(path));
    const scored = await run('score', paths[0]!, '--model', 'mine', '--json');
    const [{ decision, photos }] = JSON.parse(scored.stdout).profiles;
    expect(photos).toHaveLength(2);
    expect(decision.swipe).toBe(decision.like >= manifest.decision.threshold ? 'right' : 'left');
  }, 180_000);

  it('rejects too few profiles, and names the counts', async () => {
    const [set, home] = [await builtDataset({ LIKE: 12, NOPE: 12 }, 2), temporaryFolder()];
    const refused = runSwipenet(['train', '--mode', 'head', '--data', set, '--device', 'cpu'], { home }).ended;
    expect(await refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('needs at least 20 training profiles of each label'),
    });
  }, 60_000);

  it('rejects too few photos, and flags that don’t work with a head', async () => {
    const [set, home] = [await builtDataset({ LIKE: 3, NOPE: 6 }), temporaryFolder()];
    const refused = (...parameters: string[]) =>
      runSwipenet(['train', '--mode', 'head', '--data', set, '--device', 'cpu', ...parameters], { home }).ended;
    expect(await refused()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a head needs at least 4 training photos of each label'),
    });
    expect(await refused('--epochs', '3')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--epochs doesn’t work with --mode head'),
    });
    expect(await refused('--name', 'quality')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'the ID quality belongs to a model that comes with Swipenet; choose another ID with --name',
      ),
    });
    expect(await refused('--target', 'recall=0.9')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--target needs training profiles with several photos'),
    });
    expect(await refused('--init', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--mode head needs features, and --init none has none'),
    });
  }, 60_000);
});
