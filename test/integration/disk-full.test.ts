import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceStore } from '@swipenet/server/home/device-store.ts';
import { Home } from '@swipenet/server/home/home.ts';
import { announceServer } from '@swipenet/server/home/running-server.ts';
import { readOrCreateToken } from '@swipenet/server/home/secret-files.ts';
import { activateModel } from '@swipenet/server/registry/active-model.ts';
import { publishModel } from '@swipenet/server/registry/model-registry.ts';
import { writeSubject } from '@swipenet/server/studio/evaluations/evaluation-files.ts';
import { ImportDesk } from '@swipenet/server/studio/imports/import-desk.ts';
import { JobQueue } from '@swipenet/server/studio/jobs/job-queue.ts';
import { JobStore } from '@swipenet/server/studio/jobs/job-store.ts';
import { NO_CHANGES, writeDraft } from '@swipenet/server/studio/reviews/label-draft.ts';
import { openDataset, readDatasetHead } from '@swipenet/server/training/dataset/dataset.ts';
import { reviseDataset } from '@swipenet/server/training/dataset/revise-dataset.ts';
import { writeCheckpoint } from '@swipenet/server/training/run/folder/checkpoint.ts';
import { openMetrics } from '@swipenet/server/training/run/folder/run-folder.ts';
import { stateLayout } from '@swipenet/server/training/step/state-layout.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { EvaluationSubject } from '@swipenet/shared/contract/studio/evaluations.ts';
import { ARTICLE_RULE } from '@swipenet/shared/decision.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtDataset } from '../support/built-dataset.ts';
import { formulaPhoto } from '../support/photos.ts';
import { startServer } from '../support/server-process.ts';
import { fill, smallDisk } from '../support/small-disk.ts';
import { eventually, jobOptions } from '../support/studio-jobs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Returns every file of a folder with its content, except the filler. */
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'filler')
    .map((name) => [name, statSync(join(folder, name)).isFile() ? readFileSync(join(folder, name), 'latin1') : null])
    .toSorted();

const layout = stateLayout(new Map([['fc.weight', [2, 4]]]));
const rows = (value: number) => ({ weights: new Float32Array(8).fill(value), biases: new Float32Array() });
const checkpoint = (step: number) => ({
  progress: { step, position: { epoch: 0, batch: 0 }, epochSoFar: { steps: 0, loss: 0, accuracy: 0 } },
  parameters: rows(step),
  momenta: rows(step),
});
const publish = (folder: string, id: string) =>
  publishModel(
    folder,
    {
      id,
      preprocessing: { resize: 'cover', mean: 114.7 },
      temperature: 1,
      metrics: {},
      provenance: { description: 'made by a test', command: 'npm test' },
    },
    { bytes: new Uint8Array(5000), storage: 'float32' },
  );
const deviceNamed = (name: string) => ({
  name,
  origin: null,
  pairedAt: '2026-11-24T12:00:00Z',
  taste: 'owner' as const,
});

const studioSubject: EvaluationSubject = {
  ...{ model: { id: 'quality', sha256: 'ab'.repeat(32) }, dataset: { id: 'c0ffee', name: 'flowers' }, part: 'test' },
  rule: ARTICLE_RULE,
};

type Write = (disk: string, time: 1 | 2) => Promise<unknown>;

describe('on a full disk', () => {
  it.for<[string, string, Write]>([
    ['creating the token', 'home_unusable', (disk, time) => readOrCreateToken(new Home(join(disk, String(time))))],
    [
      'pairing a device',
      'device_not_saved',
      async (disk, time) => DeviceStore.open(new Home(disk), () => {}).add(deviceNamed(`device ${time}`)),
    ],
    [
      'announcing a server',
      'home_unusable',
      (disk, time) =>
        announceServer(new Home(disk), {
          pid: time,
          url: 'http://127.0.0.1:1',
          certificate: null,
          since: '2026-11-24T12:00:00Z',
        }),
    ],
    ['publishing a model', 'home_unusable', (disk, time) => publish(disk, `model-${time}`)],
    [
      'activating a model',
      'home_unusable',
      async (disk, time) => {
        const models = temporaryFolder();
        await publish(models, `model-${time}`);
        await activateModel(new Home(disk), [models], `model-${time}`, async () => {});
      },
    ],
    [
      'writing a checkpoint',
      'run_unwritable',
      (disk, time) => writeCheckpoint(join(disk, 'last.safetensors'), layout, checkpoint(time)),
    ],
    [
      'appending to the metrics of a resumed run',
      'run_unwritable',
      async (disk, time) => {
        const append = await openMetrics(disk, time);
        append({ kind: 'epoch', step: time, epoch: time, part: 'training', loss: 1, accuracy: 1 });
      },
    ],
    [
      'adding a job',
      'home_unusable',
      (disk, time) =>
        new JobStore(new Home(disk)).add({
          ...{ format: 2, id: `job-${time}`, addedAt: '2026-11-28T12:00:00.000Z', command: ['x'] },
          ...{ work: { kind: 'label-check' }, data: { folder: '/photos/flowers.set', id: 'c0ffee' } },
        }),
    ],
    [
      'starting an evaluation',
      'home_unusable',
      (disk, time) => writeSubject(new Home(disk).evaluation(String(time)), studioSubject),
    ],
    [
      'changing a label',
      'home_unusable',
      (disk, time) => writeDraft(join(disk, '1', 'labels.json'), { ...NO_CHANGES, labels: new Map([[time, 'LIKE']]) }),
    ],
    [
      'importing a photo',
      'home_unusable',
      async (disk, time) => {
        const home = new Home(disk);
        const desk = new ImportDesk({
          home,
          runCommand: () => Promise.reject(new Error('no')),
          date: () => new Date(),
        });
        const [id] = existsSync(home.transfers) ? readdirSync(home.transfers) : [`import-${await desk.begin()}`];
        const file = { label: 'LIKE' as const, path: `${time}.jpg`, bytes: 9_000 };
        await desk.add(id!.replace('import-', ''), file, new Uint8Array(9_000));
      },
    ],
  ])('%s fails with %s and keeps the existing files', async ([, code, write], { skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('this machine can’t mount a disk');
    for (const folder of ['1', '2']) mkdirSync(join(disk, folder));
    await write(disk, 1);
    const before = filesIn(disk);
    const makeRoom = fill(disk);
    await expect(write(disk, 2)).rejects.toMatchObject({ code, cause: { code: 'ENOSPC' } });
    expect(filesIn(disk)).toEqual(before);
    makeRoom();
    await write(disk, 2);
    expect(filesIn(disk)).not.toEqual(before);
  });

  it('saving a new version of a dataset fails and leaves nothing of it', async ({ skip }) => {
    const disk = smallDisk(4_096);
    if (disk === undefined) return skip('this machine can’t mount a disk');
    await using dataset = await openDataset(await builtDataset({ LIKE: 8, NOPE: 8 }));
    const nope = dataset.photos.find(({ label, part }) => label === 'NOPE' && part === 'training')!;
    const labels = new Map([[nope.profile, 'LIKE' as const]]);
    const out = join(disk, 'flowers-2');
    const makeRoom = fill(disk);
    const refused = { code: 'output_unusable', message: `can’t write ${out} (the disk is full)` };
    await expect(reviseDataset(dataset, { ...NO_CHANGES, labels }, out)).rejects.toMatchObject(refused);
    expect(filesIn(disk)).toEqual([]);
    makeRoom();
    expect(await reviseDataset(dataset, { ...NO_CHANGES, labels }, out)).not.toBe(dataset.id);
  });

  it('a job fails and says why, although neither it nor its log can be written any more', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('this machine can’t mount a disk');
    const folder = await builtDataset({ LIKE: 8, NOPE: 8 });
    const home = new Home(disk);
    const { options, jobs, processOf } = jobOptions(home, 'fake-command.ts');
    const queue = new JobQueue({ ...options, kind: 'training', program: new URL('file:///none') });
    const data = { folder, id: (await readDatasetHead(folder)).id };
    const { id } = await queue.add({ work: { kind: 'training', run: 'first' }, command: ['trains'], data });
    const pid = await processOf(id);
    fill(disk);
    process.kill(pid, 'SIGUSR2');
    await eventually(async () => {
      const message = `can’t write to ${home.job(id)} (the disk is full)`;
      expect(await jobs.find(id)).toMatchObject({ state: 'failed', message });
    });
    await queue.close();
  });

  it.skipIf(!existsSync('/dev/full'))('the server works and stops normally if its log can’t be written', async () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const server = await startServer(temporaryFolder(), ['--log-level', 'debug'], { stderr: full });
    const photo = await formulaPhoto(300, 300).jpeg().toBuffer();
    for (let request = 0; request < 3; request += 1) {
      const body = new FormData();
      body.append('photo', new Blob([Uint8Array.from(photo)]), 'photo.jpg');
      const headers = { Authorization: `Bearer ${server.token}` };
      const answer = await fetch(server.url + ROUTES.score.path, { method: 'POST', body, headers });
      expect(answer.status).toBe(200);
    }
    expect((await fetch(server.url + ROUTES.ready.path)).status).toBe(200);
    expect((await server.stop()).code).toBe(0);
  });
});
