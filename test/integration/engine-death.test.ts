import { cpSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@swipenet/server/clock.ts';
import { encodedPhoto, photoCrop } from '@swipenet/server/image/photo-bytes.ts';
import { ChildEngine } from '@swipenet/server/inference/child-engine.ts';
import { openScorer } from '@swipenet/server/inference/open-scorer.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { onlyForm } from '../support/model-forms.ts';
import { formulaPhoto } from '../support/photos.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FOLDER = fileURLToPath(new URL('../../server/models', import.meta.url));
const options = { priority: 'now', signal: new AbortController().signal } as const;

describe('the real pipeline', () => {
  it('loses no photos if an engine is killed: another one scores them, and the killed one restarts', async () => {
    const troubles: Error[] = [];
    const model = await loadServedModel([FOLDER], 'quality');
    const open = await openScorer({
      modelOn: onlyForm(model),
      choice: 'cpu',
      cores: 2,
      clock: systemClock,
      eventsOf: () => ({ onTrouble: (error) => troubles.push(error) }),
    });
    onTestFinished(() => open.close());
    const photos = Array.from({ length: 4 }, async () => encodedPhoto(await formulaPhoto(400, 500).jpeg().toBuffer()));
    const before = await open.scorer.score(await Promise.all(photos), options);

    const scoring = open.scorer.score(await Promise.all(photos), options);
    const [engine] = open.opened.engines as ChildEngine[];
    process.kill(engine!.pid!, 'SIGKILL');

    await expect.poll(() => troubles.length).toBe(1);
    const likes = (scored: typeof before) => scored.map((photo) => ('error' in photo ? null : photo.like));
    expect(likes(await scoring)).toEqual(likes(before));
    await engine!.ready();
    expect(open.opened.engines.every(({ alive }) => alive)).toBe(true);
    expect(likes(await open.scorer.score(await Promise.all(photos), options))).toEqual(likes(before));
  });

  it('never loads a file other than the one that was checked, even if an engine restarts', async () => {
    const folder = temporaryFolder();
    cpSync(join(FOLDER, 'quality'), join(folder, 'quality'), { recursive: true });
    const model = await loadServedModel([folder], 'quality');
    const troubles: string[] = [];
    const onTrouble = (error: Error) => troubles.push(error.message);
    const modelOn = onlyForm(model);
    const open = await openScorer({
      modelOn,
      choice: 'cpu',
      cores: 1,
      clock: systemClock,
      eventsOf: () => ({ onTrouble }),
    });
    onTestFinished(() => open.close());
    writeFileSync(model.modelPath, await readFile(join(FOLDER, 'quality', 'manifest.json')));
    process.kill((open.opened.engines[0] as ChildEngine).pid!, 'SIGKILL');
    // A process with ONNX Runtime has to start for this.
    await expect.poll(() => troubles.join(), { timeout: 60_000 }).toContain('has changed since it was checked');
    expect(open.ready()).toBe(false);
  });

  it('returns the same results for a padded batch', async () => {
    const { manifest, modelPath } = await loadServedModel([FOLDER], 'quality');
    const { sha256 } = manifest.model;
    const settings = { modelPath, sha256, device: 'cpu', threads: 2, batchSizes: [1, 4], warmSizes: [1] } as const;
    const engine = await ChildEngine.open({ settings, clock: systemClock });
    onTestFinished(() => engine.close());
    const photos = [60, 120, 200].map((level) => photoCrop(new Uint8Array(224 * 224).fill(level)));
    const padded = await engine.run(photos);
    expect(padded).toHaveLength(3);
    for (const [index, photo] of photos.entries()) {
      const [alone] = await engine.run([photo]);
      expect(padded[index]!.like).toBeCloseTo(alone!.like, 5);
      expect(padded[index]!.evidence).toHaveLength(49);
    }
  });

  it('has an embedded model of at most 13 MB that matches its manifest', async () => {
    const { manifest } = await loadServedModel([FOLDER], 'quality');
    expect(manifest.model.bytes).toBeLessThanOrEqual(13_000_000);
    expect(manifest).toMatchObject({
      architecture: 'googlenet',
      classes: ['NOPE', 'LIKE'],
      model: { storage: 'float16' },
    });
  });
});
