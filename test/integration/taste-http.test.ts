// @module-tag slow
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Home } from '@swipenet/server/home/home.ts';
import type { Label } from '@swipenet/shared/confidence.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { swipeAnswerSchema } from '@swipenet/shared/contract/swipes.ts';
import { tasteAnswerSchema } from '@swipenet/shared/contract/taste.ts';
import { expect, it, onTestFinished, vi } from 'vitest';
import { patchwork } from '../support/labeled-photos.ts';
import { type RunningServer, runSwipenet, startServer } from '../support/server-process.ts';
import { fill, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Far more than it takes to learn, in a process with the lowest priority, and to start the engines of what was learned. */
const LEARNING_MS = 180_000;
const SWITCHING_MS = 60_000;
vi.setConfig({ testTimeout: LEARNING_MS + SWITCHING_MS + 120_000 });

/** A person at a server: likes bright photos. */
function personAt({ url, token }: Pick<RunningServer, 'url' | 'token'>) {
  const send = async (method: string, path: string, body?: FormData | string) => {
    const headers = { Authorization: `Bearer ${token}`, Connection: 'close' };
    return await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
  };
  const json = async (...request: Parameters<typeof send>) => (await send(...request)).json();
  const profile = async (seed: number): Promise<{ label: Label; form: FormData }> => {
    const label = seed % 2 === 0 ? 'LIKE' : 'NOPE';
    const form = new FormData();
    form.append('photo', new Blob([new Uint8Array(await patchwork(seed, label))]), 'photo.png');
    return { label, form };
  };
  const score = async (seed: number) => {
    const { form } = await profile(seed);
    form.set('learn', '1');
    return scoreAnswerSchema.parse(await json('POST', ROUTES.score.path, form));
  };
  const swipeBy = async (seed: number, scoreId: string | undefined, verdict: 'hidden' | 'none' = 'hidden') => {
    const { label } = await profile(seed);
    const fields = {
      scoreId,
      site: 'demo',
      profile: `profile-${seed}`,
      swipe: label === 'LIKE' ? 'right' : 'left',
      verdict,
    };
    const before = verdict === 'hidden' && { decision: 'left', decidedBy: 'network' };
    return await send('POST', ROUTES.swipes.path, JSON.stringify({ ...fields, ...before }));
  };
  return {
    send,
    score,
    swipeBy,
    swipe: async (seed: number) => {
      const response = await swipeBy(seed, (await score(seed)).scoreId);
      return swipeAnswerSchema.parse(await response.json());
    },
    taste: async () => tasteAnswerSchema.parse(await json('GET', ROUTES.taste.path)),
  };
}

/** Starts a server in a home folder. It is killed after the test. */
async function serverIn(home: string, ...parameters: string[]) {
  const server = await startServer(home, ['--log-level', 'warn', ...parameters]);
  onTestFinished(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
  });
  return { ...server, ...personAt(server) };
}

/** The files of a folder that contain these bytes. */
const filesWith = (folder: string, bytes: Buffer) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name);
    return statSync(path).isFile() && readFileSync(path).includes(bytes);
  });

it('learns from swipes, serves what it learned, survives being killed, and leaves nothing when it is deleted', async () => {
  const home = temporaryFolder();
  const first = await serverIn(home, '--taste-learn-every', '40');
  const asked: (boolean | undefined)[] = [];
  for (let seed = 0; seed < 39; seed += 1) {
    const { scoreId, ask } = await first.score(seed);
    asked.push(ask);
    expect((await first.swipeBy(seed, scoreId)).status).toBe(200);
  }
  expect(asked).toEqual(Array(39).fill(true));
  // The built-in model is active, and it isn't a version: nothing counts, and base describes photos beside it.
  const before = await first.taste();
  expect(before).toMatchObject({ likes: 20, passes: 19, withFeatures: 39, agreement: { balanced: null } });
  expect(before.secondSession).toMatchObject({ model: 'base-int8', photos: 39, msPerPhoto: expect.any(Number) });

  await first.swipe(39);
  await vi.waitFor(async () => expect((await first.taste()).learning.last).not.toBeNull(), LEARNING_MS);
  expect((await first.taste()).learning.last).toMatchObject({
    kind: 'learned',
    version: 'taste-0001',
    activated: true,
  });
  await vi.waitFor(async () => expect((await first.score(50)).model).toBe('taste-0001-int8'), SWITCHING_MS);
  expect((await first.taste()).secondSession).toBeNull();
  expect((await first.score(50)).decision.swipe).toBe('right');
  expect((await first.score(51)).decision.swipe).toBe('left');

  // Swipes that its verdict was hidden for count, under the version's own ID.
  const { agreement } = await first.swipe(50);
  expect(agreement.likes).toEqual({ agreed: 0, disagreed: 1 });
  const waiting = (await first.score(60)).scoreId;
  first.child.kill('SIGKILL');
  await first.ended;

  const second = await serverIn(home);
  expect((await second.swipeBy(60, waiting)).status).toBe(200);
  expect(await second.taste()).toMatchObject({
    likes: 22,
    passes: 20,
    pending: expect.any(Number),
    versions: [{ id: 'taste-0001', isActive: true }],
  });
  const exported = await (await second.send('GET', ROUTES.tasteExport.path)).text();
  expect(exported.trimEnd().split('\n')).toHaveLength(42);
  const features = Buffer.from(JSON.parse(exported.split('\n')[3]!).photos[0].features, 'base64').subarray(0, 64);
  const listed = await runSwipenet(['taste', 'status', '--json'], { home }).ended;
  expect(JSON.parse(listed.stdout).counts).toMatchObject({ likes: 22, passes: 20 });

  expect(filesWith(home, features)).not.toEqual([]);
  const deleted = await (await second.send('DELETE', ROUTES.tasteDelete.path)).json();
  expect(deleted).toEqual({ swipes: 42, versions: 1 });
  expect(filesWith(home, features)).toEqual([]);
  expect(filesWith(home, Buffer.from('profile-3'))).toEqual([]);
  expect(readdirSync(new Home(home).models)).toEqual([]);
  expect((await second.score(70)).model).toBe('quality-int8');
  expect(await second.taste()).toMatchObject({ likes: 0, passes: 0, versions: [] });
  expect((await second.stop()).code).toBe(0);
});

it('keeps gray photos only if it is asked to', async () => {
  const home = temporaryFolder();
  const server = await serverIn(home, '--taste-keep-photos');
  await server.swipe(1);
  const [line] = (await (await server.send('GET', ROUTES.tasteExport.path)).text()).split('\n');
  expect(Buffer.from(JSON.parse(line!).photos[0].gray, 'base64')).toHaveLength(256 * 256);
  expect(await server.taste()).toMatchObject({ keepsPhotos: true });
});

it('goes on scoring when the disk is full, says so, and loses nothing', async (context) => {
  const disk = smallDisk(2_000);
  if (disk === undefined) return context.skip('only root may mount a small disk');
  const server = await serverIn(disk);
  await server.swipe(1);
  fill(disk);
  for (let seed = 2; seed < 60; seed += 1) {
    const answer = await server.score(seed);
    expect(answer.decision.swipe).toMatch(/left|right|hold/);
    if (!answer.notKept) continue;
    expect(answer.notKept.code).toBe('taste_disk_full');
    expect(await server.taste()).toMatchObject({ likes: 0, passes: 1 });
    return;
  }
  expect.unreachable('the disk never became full');
});
