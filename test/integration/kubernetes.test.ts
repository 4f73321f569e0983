import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { sha256 } from '@swipenet/server/files/sha256.ts';
import { Home } from '@swipenet/server/home/home.ts';
import { exportToTriton } from '@swipenet/server/interchange/triton/export-triton.ts';
import { modelFolders } from '@swipenet/server/registry/model-folders.ts';
import { pairAnswerSchema, pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { statusAnswerSchema } from '@swipenet/shared/contract/status.ts';
import { expect, it, onTestFinished } from 'vitest';
import { errorCodeOf } from '../support/error-code.ts';
import { FakeReplica } from '../support/fake-replica.ts';
import { asFlags, serverPods, serverVariables } from '../support/kubernetes-files.ts';
import { formulaPhoto } from '../support/photos.ts';
import { type RunningServer, startServer } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The containers of server/deploy/kubernetes/server.yaml as processes of this machine: with their commands, flags and
// variables, and with fake engines that have what an export for Triton says.

const { server, token } = serverPods;
const TOKEN = 'the-token-of-the-secret';

/** Makes a folder that the server can't write to, like an empty volume that is mounted read-only. Root ignores modes. */
function makeReadOnly(folder: string): void {
  mkdirSync(folder, { mode: 0o555 });
  if (process.getuid?.() !== 0) return;
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', [folder]));
}

/** Whether this machine lets a test do that. */
const mayMount = (() => {
  if (process.getuid?.() !== 0) return true;
  const folder = mkdtempSync(join(tmpdir(), 'swipenet-test-'));
  const { status } = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'ro', 'tmpfs', folder]);
  rmdirSync(folder);
  return status === 0;
})();

/** Starts engines that have the exported model, and pods in front of them. */
async function startPods(count: number): Promise<{ readonly pods: RunningServer[]; readonly engines: string[] }> {
  const repository = join(temporaryFolder(), 'repository');
  const models = modelFolders(new Home(temporaryFolder()));
  const exported = await exportToTriton(models, serverVariables.SWIPENET_MODEL!, { repository });
  const model = { names: [basename(exported)], sha256: sha256(readFileSync(join(exported, '1', 'model.onnx'))) };
  const engines = (await Promise.all(['a', 'b'].map(() => FakeReplica.start(model)))).map(({ url }) => url);
  const secret = temporaryFolder();
  writeFileSync(join(secret, 'token'), TOKEN, { mode: 0o440 });
  const pods = await Promise.all(Array.from({ length: count }, () => startPod(secret, engines)));
  return { pods, engines };
}

async function startPod(secret: string, engines: readonly string[]): Promise<RunningServer> {
  const folders: Record<string, string> = { home: temporaryFolder(), token: secret };
  for (const { name, mountPath } of token.volumeMounts) {
    expect(token.command!.some((word) => word.startsWith(`${mountPath}/`))).toBe(true);
    expect(folders).toHaveProperty(name);
  }
  const here = (path: string) =>
    token.volumeMounts.reduce((text, { name, mountPath }) => text.replace(mountPath, folders[name]!), path);
  const [program, ...parameters] = token.command!.map(here);
  execFileSync(program!, parameters);
  for (const { mountPath, readOnly } of server.volumeMounts) if (readOnly) makeReadOnly(here(mountPath));
  const variables = asFlags({ ...serverVariables, SWIPENET_ENGINE_URL: engines.join(',') });
  const pod = await startServer(folders.home!, [...server.args!.slice(1), ...variables, '--log-level', 'silent']);
  onTestFinished(() => void pod.child.kill('SIGKILL'));
  return { ...pod, url: pod.url.replace('0.0.0.0', '127.0.0.1') };
}

const headers = { Authorization: `Bearer ${TOKEN}` };

const ask = (pod: RunningServer, { method, path }: (typeof ROUTES)[keyof typeof ROUTES], more: RequestInit = {}) =>
  fetch(pod.url + path, { method, headers, ...more });

async function like(pod: RunningServer): Promise<number> {
  const body = new FormData();
  const photo = await formulaPhoto(300, 260).png().toBuffer();
  body.append('photo', new Blob([new Uint8Array(photo)]), 'photo.png');
  const { decision } = scoreAnswerSchema.parse(await (await ask(pod, ROUTES.score, { body })).json());
  return decision.like!;
}

/** Returns the status of a request under a name, as an ingress passes it on. */
const statusUnder = (pod: RunningServer, host: string) =>
  new Promise<number>((resolve, reject) => {
    const all = { ...headers, Host: host, 'X-Forwarded-For': '203.0.113.9' };
    request(pod.url + ROUTES.model.path, { headers: all }, (response) => resolve(response.resume().statusCode!))
      .on('error', reject)
      .end();
  });

it('pods take the token of the Secret, have the exported model computed, refuse swipes, and share nothing else', async ({
  skip,
}) => {
  skip(!mayMount, 'this machine lets nobody mount a folder');
  const { pods, engines } = await startPods(2);
  const [first, second] = pods as [RunningServer, RunningServer];
  expect(pods.map((pod) => pod.token)).toEqual([TOKEN, TOKEN]);
  for (const probe of [server.startupProbe, server.livenessProbe, server.readinessProbe]) {
    expect((await fetch(first.url + probe!.httpGet.path)).status).toBe(200);
  }
  expect(await statusUnder(first, serverVariables.SWIPENET_ALLOW_HOST!)).toBe(200);
  expect(await statusUnder(first, 'other.example')).toBe(403);
  const status = statusAnswerSchema.parse(await (await ask(first, ROUTES.status)).json());
  expect([status.model.id, status.device.name]).toEqual([serverVariables.SWIPENET_MODEL, 'replicas']);
  expect(status.engines.map(({ alive, replica }) => [alive, replica?.url])).toEqual(engines.map((url) => [true, url]));

  const [one, other] = await Promise.all([like(first), like(second)]);
  expect(one).toBe(other);

  const asJson = { headers: { ...headers, 'Content-Type': 'application/json' } };
  const swipe = { swipe: 'right', site: 'tinder', profile: 'a'.repeat(43), verdict: 'none' };
  const refused = await ask(first, ROUTES.swipes, { ...asJson, body: JSON.stringify(swipe) });
  for (const answer of [refused, await ask(first, ROUTES.taste)]) {
    expect([answer.status, await errorCodeOf(answer)]).toEqual([503, 'taste_unavailable']);
  }

  const { code } = pairingCodeAnswerSchema.parse(await (await ask(first, ROUTES.pairingCode)).json());
  const pair = (pod: RunningServer) =>
    ask(pod, ROUTES.pair, { ...asJson, body: JSON.stringify({ code, name: 'a browser' }) });
  expect(await errorCodeOf(await pair(second))).toBe('pairing_code_invalid');
  const device = pairAnswerSchema.parse(await (await pair(first)).json());
  const asDevice = { headers: { Authorization: `Bearer ${device.token}` } };
  expect((await ask(first, ROUTES.model, asDevice)).status).toBe(200);
  expect(await errorCodeOf(await ask(second, ROUTES.model, asDevice))).toBe('token_invalid');

  expect((await Promise.all(pods.map((pod) => pod.stop()))).map((ended) => ended.code)).toEqual([0, 0]);
});
