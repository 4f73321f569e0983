import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LABELS } from '@swipenet/shared/confidence.ts';
import { describe, expect, it } from 'vitest';
import { writeLabeledPhotos } from '../support/labeled-photos.ts';
import { EMBEDDED_INT8 } from '../support/model-forms.ts';
import { runSwipenet, startServer } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = (parameters: readonly string[], cwd: string) =>
  runSwipenet(parameters, { home: temporaryFolder(), cwd }).ended;

describe('swipenet evaluate', () => {
  it('scores datasets and photo files as the server does, and computes the metrics', async () => {
    const root = temporaryFolder();
    await writeLabeledPhotos(root, { LIKE: 8, NOPE: 8 }, 2);
    const folders = ['--like', 'like', '--nope', 'nope'];
    await run(['dataset', 'build', ...folders, '--out', 'set', '--resize', 'cover', '--test', '50'], root);
    writeFileSync(join(root, 'nope', 'profile-0', 'damaged.jpg'), 'damaged');
    const ofData = await run(['evaluate', '--data', 'set', '--part', 'test', '--json'], root);
    const ofFiles = await run(['evaluate', ...folders, '--threshold', '0.5', '--json'], root);
    expect([ofData.code, ofFiles.code]).toEqual([0, 0]);
    const data = JSON.parse(ofData.stdout);
    const files = JSON.parse(ofFiles.stdout);
    expect(data).toMatchObject({ model: EMBEDDED_INT8, data: 'set', part: 'test', threshold: 0.4 });
    expect(data).toMatchObject({ leftOut: [], trainedOn: null });
    expect(ofData.stderr).toContain('doesn’t record its training photos');
    expect(data.photos.count).toBe(8);
    expect(files.photos.count).toBe(16);
    expect(files.profiles.count).toBe(8);
    expect(files.failed).toMatchObject([{ code: 'photo_type_unsupported' }]);
    const right = files.scored.filter(
      ({ label, like }: { label: string; like: number }) => label === LABELS[+(like >= 0.5)],
    );
    expect(files.photos.accuracy).toBe(right.length / 16);

    const { url, token, stop } = await startServer(temporaryFolder());
    const body = new FormData();
    for (const { path } of files.scored)
      body.append('photo', new Blob([readFileSync(join(root, path))]), basename(path));
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/v1/score`, { method: 'POST', body, headers });
    const { photos } = (await answer.json()) as { photos: { like: number }[] };
    const served = new Map<string, number>(photos.map(({ like }, index) => [files.scored[index].path, like] as const));
    await stop();
    for (const { path, like } of [...data.scored, ...files.scored]) {
      expect(Math.abs(like - served.get(path)!)).toBeLessThan(1e-5);
    }
  });

  it.each([
    ['missing options', [], 'pass either --data, or both --like and --nope'],
    ['a missing model', ['--model', 'none', '--data', 'set'], 'no model has the ID none'],
  ])('exits with 2 and names %s', async (_name, parameters, message) => {
    const { code, stderr, stdout } = await run(['evaluate', ...parameters], temporaryFolder());
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
