import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { statusAnswerSchema } from '@swipenet/shared/contract/status.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EMBEDDED_INT8 } from '../support/model-forms.ts';
import { formulaPhoto } from '../support/photos.ts';
import { type RunningServer, runSwipenet, startServer } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// What a real server reports: its metrics, its status and its log.

const home = mkdtempSync(join(tmpdir(), 'swipenet-observed-'));
let server: RunningServer;
let photo: Buffer;

beforeAll(async () => {
  photo = await formulaPhoto(320, 400).jpeg().toBuffer();
  server = await startServer(home, ['--log-level', 'debug']);
});

afterAll(async () => {
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

const bearer = () => ({ Authorization: `Bearer ${server.token}` });

const post = (photos: readonly (Buffer | string)[], path = ROUTES.score.path) => {
  const form = new FormData();
  for (const bytes of photos) form.append('photo', new Blob([bytes as BlobPart]), 'photo.jpg');
  return fetch(server.url + path, { method: 'POST', body: form, headers: bearer() });
};

const scrape = async () => await (await fetch(server.url + ROUTES.metrics.path, { headers: bearer() })).text();

/** Returns the value of a metric. There is only one model, so other labels don't matter. */
const valueIn = (text: string, name: string) =>
  Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(text)?.[1]);

const logged = () =>
  server.output.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const status = (...parameters: string[]) => runSwipenet(['status', ...parameters], { home }).ended;

describe('a running server', () => {
  it('counts requests and photos under Triton’s metric names', async () => {
    expect((await post([photo, photo, photo])).status).toBe(200);
    expect((await post([photo, 'no photo'])).status).toBe(200);
    expect((await post([])).status).toBe(400);
    const text = await scrape();
    expect(valueIn(text, 'nv_inference_request_success')).toBe(2);
    expect(valueIn(text, 'nv_inference_count') + valueIn(text, 'swipenet_cache_hits_total')).toBe(4);
    expect(valueIn(text, 'swipenet_photos_failed_total')).toBe(1);
    expect(valueIn(text, 'nv_inference_compute_infer_duration_us')).toBeGreaterThan(0);
    expect(valueIn(text, 'nv_inference_request_failure')).toBe(0);
    expect(text).toMatch(/^swipenet_ready 1$/m);
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d{7,}$/m);
  });

  it('reports its status to `swipenet status --json`, which exits with 2 if no server is running', async () => {
    const empty = temporaryFolder();
    const [{ code, stdout, stderr }, nobody] = await Promise.all([status('--json'), status('--home', empty)]);
    expect([code, stderr]).toEqual([0, '']);
    const answer = JSON.parse(stdout);
    const { engines, ...known } = statusAnswerSchema.parse(answer);
    expect(known).toMatchObject({
      state: 'ready',
      model: { id: EMBEDDED_INT8 },
      device: { name: 'cpu' },
      requests: { succeeded: 2, failed: 0 },
      photos: { scored: 4, failed: 1 },
      cache: { hits: 3, misses: 2 },
      queue: { waiting: 0, running: 0, pendingRequests: 0 },
      server: { pid: server.child.pid },
    });
    expect(engines.every(({ alive, pid }) => alive && pid)).toBe(true);
    expect(answer.rates.requestsPerSecond).toBe(0);
    const message = `no server is running with the home folder ${empty}; start one with npm start`;
    expect(nobody).toEqual({ code: 2, stdout: '', stderr: `swipenet: ${message} (server_unreachable)\n` });
  });

  it('logs and counts an engine’s crash and restart', async () => {
    const { engines } = statusAnswerSchema.parse(
      await (await fetch(server.url + ROUTES.status.path, { headers: bearer() })).json(),
    );
    process.kill(engines[0]!.pid!, 'SIGKILL');
    await vi.waitFor(
      () => expect(logged()).toContainEqual(expect.objectContaining({ msg: 'engine restarted' })),
      20_000,
    );
    expect(logged()).toContainEqual(expect.objectContaining({ msg: 'engine down', level: 'warn' }));
    const restarted = logged().find(({ msg }) => msg === 'engine restarted');
    expect(restarted).toMatchObject({ engine: 0, reason: 'died', restarts: 1 });
    const text = await scrape();
    expect(text).toMatch(/^swipenet_engine_restarts_total\{engine="0",reason="died"\} 1$/m);
    expect(text).toMatch(/^swipenet_engine_restarts_total\{engine="0",reason="hung"\} 0$/m);
  });

  it('logs and counts a decoder’s crash and restart', async () => {
    const { decoders = [] } = statusAnswerSchema.parse(
      await (await fetch(server.url + ROUTES.status.path, { headers: bearer() })).json(),
    );
    expect(decoders.length).toBeGreaterThan(1);
    process.kill(decoders[1]!.pid!, 'SIGKILL');
    await vi.waitFor(
      () => expect(logged()).toContainEqual(expect.objectContaining({ msg: 'decoder restarted' })),
      20_000,
    );
    expect(logged()).toContainEqual(expect.objectContaining({ msg: 'decoder down', level: 'warn' }));
    const restarted = logged().find(({ msg }) => msg === 'decoder restarted');
    expect(restarted).toMatchObject({ decoder: 1, reason: 'died', restarts: 1 });
    const text = await scrape();
    expect(text).toMatch(/^swipenet_decoder_restarts_total\{decoder="1",reason="died"\} 1$/m);
    expect(text).toMatch(new RegExp(`^swipenet_decoders_alive ${decoders.length}$`, 'm'));
  });

  it('logs each request once, without tokens, photo bytes, unknown paths or queries', async () => {
    await fetch(`${server.url}/hidden-path?hidden-query`, { headers: { 'X-Request-Id': 'mine-1', Cookie: 'hidden' } });
    await post([`hidden-bytes`], `${ROUTES.score.path}?hidden` as typeof ROUTES.score.path);
    const { stderr, code } = await server.stop();
    expect(code).toBe(0);
    const lines = logged();
    expect(lines.filter(({ route }) => route === ROUTES.score.path)).toHaveLength(4);
    expect(lines).toContainEqual(expect.objectContaining({ requestId: 'mine-1', route: 'unmatched', status: 404 }));
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['server started', 'server stopping']));
    expect(lines.at(-1)).toMatchObject({ msg: 'server stopped', level: 'info' });
    expect(stderr).not.toContain(server.token);
    expect(stderr).not.toMatch(/hidden|JFIF/);
  });
});
