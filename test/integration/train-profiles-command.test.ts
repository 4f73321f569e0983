import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildDataset } from '@swipenet/server/training/dataset/build/build-dataset.ts';
import { auc } from '@swipenet/server/training/evaluation/metrics.ts';
import { describe, expect, it } from 'vitest';
import { builtDataset } from '../support/built-dataset.ts';
import { patchwork } from '../support/labeled-photos.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/**
 * Builds a dataset of profiles that are liked if they have a bright photo. Every sixth profile has a dark photo besides,
 * and the others have only one photo. Half of the photos are set aside as a test set, which nothing reads. That leaves
 * few to train on, although 10 profiles of each label have to fit into the 15% that validate.
 */
async function profilesWithABrightPhoto(count: number): Promise<string> {
  const root = temporaryFolder();
  for (let profile = 0, seed = 0; profile < 2 * count; profile += 1) {
    const label = profile < count ? 'like' : 'nope';
    const folder = join(root, label, String(profile));
    mkdirSync(folder, { recursive: true });
    for (const name of profile % 6 === 0 ? ['first', 'dark'] : ['first']) {
      const look = label === 'like' && name === 'first' ? 'LIKE' : 'NOPE';
      seed += 1;
      writeFileSync(join(folder, `${name}.png`), await patchwork(seed, look));
    }
  }
  const out = join(root, 'set');
  const folders = { like: [join(root, 'like')], nope: [join(root, 'nope')] };
  await buildDataset({ ...folders, out, testPercent: 50, resize: 'squash', seed: 1, pairs: false, workers: 2 });
  return out;
}

describe('swipenet train --mode full on profiles with several photos', () => {
  it('learns which photos carried the likes, and publishes a model that decides by profiles', async () => {
    const [set, home] = [await profilesWithABrightPhoto(61), temporaryFolder()];
    const [folder, start] = [
      join(home, 'run'),
      (...parameters: string[]) => runSwipenet([...parameters, '--device', 'cpu'], { home }),
    ];
    const flags = [
      '--mode',
      'full',
      '--init',
      'quality',
      '--batch-size',
      '8',
      '--epochs',
      '1',
      '--target',
      'like-rate=0.5',
      '--name',
      'mine',
      '--run',
      folder,
    ];
    expect(await start('train', '--data', set, ...flags).ended).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /profiles \d+ LIKE, \d+ NOPE; labels are of whole profiles.*\nno int8 form: compared on only \d\d photos/s,
      ),
    });
    const paths = new Map<string, string>(lines(join(set, 'photos.jsonl')).map(({ id, path }) => [id, path]));
    const carried = lines(join(folder, 'targets.jsonl')).flatMap(({ id, LIKE }) =>
      paths.get(id)!.includes('/like/')
        ? [{ label: paths.get(id)!.endsWith('first.png') ? ('LIKE' as const) : ('NOPE' as const), like: LIKE }]
        : [],
    );
    expect(auc(carried)).toBeGreaterThan(0.95);

    const manifest = JSON.parse(readFileSync(join(home, 'models', 'mine', 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ temperature: 1, decision: { rule: 'profile' } });
    expect(manifest).not.toHaveProperty('threshold');
    expect(manifest.metrics.validationProfiles).toBeGreaterThanOrEqual(20);
    expect(manifest.metrics.validationProfileBalancedAccuracy).toBeGreaterThan(0.7);
    expect(manifest.provenance.command).toContain('--target like-rate=0.5');
    expect(manifest.provenance.description).toMatch(/on \d+ LIKE and \d+ NOPE profiles/);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('the log loss of whole profiles');

    const predictions = lines(join(folder, 'predictions.jsonl'));
    const own = predictions.filter(({ profile }) => profile === predictions[0].profile);
    const scored = await start(
      'score',
      dirname(paths.get(own[0].id)!),
      '--model',
      'mine',
      '--precision',
      'fp32',
      '--json',
    ).ended;
    const [{ decision, photos }] = JSON.parse(scored.stdout).profiles;
    for (const { id, margin } of own) {
      const { like } = photos.find(({ path }: { path: string }) => path === paths.get(id));
      expect(Math.abs(like - 1 / (1 + Math.exp(-margin)))).toBeLessThan(1e-5);
    }
    expect(decision.swipe).toBe(decision.like >= manifest.decision.threshold ? 'right' : 'left');
  }, 300_000);

  it('rejects too few profiles and a --target without them, before it computes anything', async () => {
    const home = temporaryFolder();
    const refused = async (set: string, ...parameters: string[]) =>
      (await runSwipenet(['train', '--mode', 'full', '--data', set, '--device', 'cpu', ...parameters], { home }).ended)
        .stderr;
    const few = await builtDataset({ LIKE: 12, NOPE: 12 }, 2);
    expect(await refused(few)).toContain('needs at least 20 training profiles of each label');
    const fewToValidate = await builtDataset({ LIKE: 56, NOPE: 56 }, 2);
    expect(await refused(fewToValidate)).toMatch(
      /at least 10 validation profiles of each label, but there are only \d NOPE and \d LIKE\. Use --mode head/,
    );
    const single = await builtDataset({ LIKE: 8, NOPE: 8 });
    expect(await refused(single, '--target', 'recall=0.9')).toContain('needs training profiles with several photos');
  }, 120_000);
});
