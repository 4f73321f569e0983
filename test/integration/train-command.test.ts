import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeLabeledPhotos } from '../support/labeled-photos.ts';
import { type Running, runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Waits until a command reports its first step. */
async function firstStep({ child, output, ended }: Running): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const look = () => /^step \d+\//m.test(output.stderr) && resolve();
    child.stderr?.on('data', look);
    void ended.then(() => reject(new Error(output.stderr)));
  });
}

/** Converts a run to the format of an earlier version: `run.json` in format 1, and `rate` in its metrics. */
function asOfFormat1(run: string): void {
  const { batchSize, cropSize, learningRate, ...others } = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
  const earlier = { ...others, format: 1, batch: batchSize, side: cropSize, rate: learningRate };
  writeFileSync(join(run, 'run.json'), JSON.stringify(earlier));
  const metrics = join(run, 'metrics.jsonl');
  const renamed = lines(metrics).map(({ learningRate: rate, ...figures }) => JSON.stringify({ ...figures, rate }));
  writeFileSync(metrics, renamed.map((line) => `${line}\n`).join(''));
}

describe('swipenet train', () => {
  it('survives being killed and stopped, resumes an earlier version’s run, and publishes a model that scores as in validation', async () => {
    const [root, home] = [temporaryFolder(), temporaryFolder()];
    await writeLabeledPhotos(root, { LIKE: 7, NOPE: 7 });
    const start = (...parameters: string[]) => runSwipenet([...parameters, '--device', 'cpu'], { home, cwd: root });
    await runSwipenet(['dataset', 'build', '--like', 'like', '--nope', 'nope', '--out', 'set'], { home, cwd: root })
      .ended;

    const killed = start(
      'train',
      '--data',
      'set',
      '--run',
      'run',
      '--name',
      'mine',
      '--batch-size',
      '2',
      '--epochs',
      '1',
      '--learning-rate',
      '1e-4',
    );
    await firstStep(killed);
    killed.child.kill('SIGKILL');
    await killed.ended;

    asOfFormat1(join(root, 'run'));
    const stopped = start('train', '--resume', 'run');
    await firstStep(stopped);
    stopped.child.kill('SIGINT');
    const { code, stderr } = await stopped.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/Stopped after step \d+\. To continue, run npm run -s swipenet -- train --resume .*run\n$/);

    const finished = await start('train', '--resume', 'run').ended;
    expect(finished).toMatchObject({ code: 0, stdout: expect.stringContaining('mine: 24.3 MB') });
    const metrics = lines(join(root, 'run', 'metrics.jsonl'));
    expect(metrics.flatMap(({ kind, step }) => (kind === 'step' ? [step] : []))).toEqual(
      Array.from({ length: 6 }, (_, index) => index + 1),
    );
    for (const line of metrics) if (line.kind === 'step') expect(line).toHaveProperty('learningRate');

    const paths = new Map(lines(join(root, 'set', 'photos.jsonl')).map(({ id, path }) => [id, path]));
    const predictions = lines(join(root, 'run', 'predictions.jsonl'));
    expect(predictions).toHaveLength(2);
    const manifest = JSON.parse(readFileSync(join(home, 'models', 'mine', 'manifest.json'), 'utf8'));
    const photos = predictions.map(({ id }) => join(root, paths.get(id)));
    const scored = await start('score', ...photos, '--model', 'mine', '--json').ended;
    const [{ photos: answers }] = JSON.parse(scored.stdout).profiles;
    for (const [index, { margin }] of predictions.entries()) {
      const confidence = 1 / (1 + Math.exp(-margin / manifest.temperature));
      expect(Math.abs(answers[index].like - confidence)).toBeLessThan(1e-5);
    }

    const folders = ['--like', 'like', '--nope', 'nope'];
    const evaluated = await start('evaluate', ...folders, '--model', 'mine', '--json').ended;
    expect(evaluated.stderr).toContain('warning: mine was trained on 12 of the 14 photos');
    const { trainedOn } = JSON.parse(evaluated.stdout);
    expect(trainedOn).toMatchObject({ basis: 'file_hashes', trainingPhotos: 12 });
    expect(trainedOn.paths).toHaveLength(12);
    for (const path of photos) expect(trainedOn.paths.map((known: string) => join(root, known))).not.toContain(path);
  }, 180_000);

  it.each([
    ['missing options', ['train'], 'pass either --data'],
    ['a folder that isn’t a dataset', ['train', '--data', '.'], 'is not a dataset'],
    ['a folder that isn’t a run', ['train', '--resume', '.'], 'run.json doesn’t exist'],
  ])('exits with 2 and names %s', async (_name, parameters, message) => {
    const { code, stderr, stdout } = await runSwipenet(parameters, { home: temporaryFolder(), cwd: temporaryFolder() })
      .ended;
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
