import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { sha256 } from '@swipenet/server/files/sha256.ts';
import { readActiveModel } from '@swipenet/server/home/active-model.ts';
import { Home } from '@swipenet/server/home/home.ts';
import { decodePhoto } from '@swipenet/server/image/decoding/decode.ts';
import { encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { modelAnswerSchema, modelListSchema } from '@swipenet/shared/contract/model.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { preparedType } from '@swipenet/shared/prepared-photo.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { int8Description } from '../support/model-forms.ts';
import { addOwnModel, notedModel } from '../support/own-model.ts';
import { formulaPhoto } from '../support/photos.ts';
import { type RunningServer, runSwipenet, startServer } from '../support/server-process.ts';

const CLIENTS = 3;

describe('a running server', () => {
  const home = mkdtempSync(join(tmpdir(), 'swipenet-reload-'));
  let server: RunningServer;
  let photo: Blob;

  beforeAll(async () => {
    for (const id of ['base', 'other']) addOwnModel(home, id);
    addOwnModel(home, 'broken', {}, Buffer.from('no model at all'));
    photo = new Blob([new Uint8Array(await formulaPhoto(300, 400).jpeg().toBuffer())]);
    server = await startServer(home, ['--cache-photos', '0', '--model', 'base', '--allow-model-change']);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const headers = () => ({ Authorization: `Bearer ${server.token}` });
  const score = async () => {
    const body = new FormData();
    for (const name of ['1.jpg', '2.jpg']) body.append('photo', photo, name);
    const answer = await fetch(server.url + ROUTES.score.path, { method: 'POST', body, headers: headers() });
    expect(answer.status).toBe(200);
    return scoreAnswerSchema.parse(await answer.json());
  };
  const reload = (id: string) => {
    const body = JSON.stringify({ id });
    return fetch(server.url + ROUTES.reload.path, { method: 'POST', body, headers: headers() });
  };

  /** Scores continuously until a promise settles. Returns the model of each response. */
  const modelsDuring = async (happening: Promise<unknown>): Promise<string[]> => {
    const models: string[] = [];
    let over = false;
    const ended = happening.finally(() => {
      over = true;
    });
    const client = async () => {
      while (!over) models.push((await score()).model);
    };
    await Promise.all([ended, ...Array.from({ length: CLIENTS }, client)]);
    return models;
  };

  it('switches models under load without dropping requests or mixing models within one', async () => {
    const before = await score();
    const reloading = reload('other');
    const models = await modelsDuring(reloading);
    expect(modelAnswerSchema.parse(await (await reloading).json()).id).toBe('other');
    expect(models.length).toBeGreaterThanOrEqual(CLIENTS);
    expect(new Set([...models, 'base', 'other'])).toEqual(new Set(['base', 'other']));
    const after = await score();
    expect(after).toMatchObject({ model: 'other', photos: before.photos });
  });

  it('keeps the old model if the new one is broken or missing, and says why', async () => {
    const reloading = reload('broken');
    const models = await modelsDuring(reloading);
    expect(new Set(models)).toEqual(new Set(['other']));
    const refused = await reloading;
    expect(refused.status).toBe(409);
    const { error } = errorEnvelopeSchema.parse(await refused.json());
    expect(error).toMatchObject({ code: 'reload_failed' });
    expect(error.message).toContain('can’t open the model broken');
    const missing = errorEnvelopeSchema.parse(await (await reload('nothing')).json()).error;
    expect(missing.message).toBe(
      'no model has the ID nothing, or its files are incomplete (model_missing); still using other',
    );
    expect((await score()).model).toBe('other');
  });

  it('switches to the model that `swipenet models activate` activates, or keeps the old one and says why', async () => {
    const activate = (id: string) => runSwipenet(['models', 'activate', id], { home }).ended;
    const done = await activate('base');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toBe(
      `base is now the active model.\nThe server at ${server.url} switched to it.\nCommands with --model or SWIPENET_MODEL use that model instead.\n`,
    );
    expect((await score()).model).toBe('base');
    const kept = await activate('broken');
    expect(kept).toMatchObject({ code: 2, stdout: '' });
    expect(kept.stderr).toContain('the active model stays the same, because the server at');
    expect(kept.stderr).toMatch(/can’t open the model broken: .*; still using base \(reload_failed\)/);
    expect((await score()).model).toBe('base');
    expect(await readActiveModel(new Home(home))).toBe('base');
  });

  it('lets a paired device list models and activate one, because its owner allows it', async () => {
    const post = (path: string, body: object, token?: string) => {
      const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
      return fetch(server.url + path, { method: 'POST', body: JSON.stringify(body), headers: authorization });
    };
    const { code } = await (await post(ROUTES.pairingCode.path, {}, server.token)).json();
    const { token } = await (await post(ROUTES.pair.path, { code, name: 'a tablet' })).json();
    const list = await fetch(server.url + ROUTES.models.path, { headers: { Authorization: `Bearer ${token}` } });
    const { models, change } = modelListSchema.parse(await list.json());
    expect(change).toBe('allowed');
    expect(models.filter(({ isServed }) => isServed).map(({ id }) => id)).toEqual(['base']);
    expect(models.map(({ id }) => id)).toEqual(expect.arrayContaining(['broken', 'other', 'quality']));
    const activating = post(ROUTES.modelActivate.path, { id: 'other' }, token);
    expect(new Set([...(await modelsDuring(activating)), 'base', 'other'])).toEqual(new Set(['base', 'other']));
    expect(modelAnswerSchema.parse(await (await activating).json()).id).toBe('other');
    expect(await readActiveModel(new Home(home))).toBe('other');
    const { error } = errorEnvelopeSchema.parse(
      await (await post(ROUTES.modelActivate.path, { id: 'broken' }, token)).json(),
    );
    expect(error).toMatchObject({ code: 'reload_failed' });
    expect(error.message).not.toContain(home);
    expect((await score()).model).toBe('other');
    expect(await readActiveModel(new Home(home))).toBe('other');
  });

  it('records what happened in its log and in each model’s metrics', async () => {
    const metrics = await (await fetch(server.url + ROUTES.metrics.path, { headers: headers() })).text();
    for (const model of ['base', 'other']) {
      const succeeded = new RegExp(`^nv_inference_request_success\\{model="${model}".*\\} (\\d+)$`, 'm').exec(metrics);
      expect(Number(succeeded?.[1])).toBeGreaterThan(0);
    }
    // The log is written a moment after the response. A line that isn't whole yet doesn't count.
    const lines = () => server.output.stderr.split('\n').filter((line) => /"msg":"model .*\}$/.test(line));
    await expect.poll(() => lines().length).toBe(7);
    expect(lines().map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'model switched', before: 'base', model: 'other' },
      { msg: 'model not switched', level: 'warn', model: 'other', code: 'model_invalid' },
      { msg: 'model not switched', level: 'warn', model: 'other', code: 'model_missing' },
      { msg: 'model switched', before: 'other', model: 'base' },
      { msg: 'model not switched', level: 'warn', model: 'base', code: 'model_invalid' },
      { msg: 'model switched', before: 'base', model: 'other' },
      { msg: 'model not switched', level: 'warn', model: 'other', code: 'model_invalid' },
    ]);
  });

  it('uses the int8 form of an activated model if it has a faithful one, and says so', async () => {
    const [whole, rounded] = [notedModel('whole'), notedModel('int8')];
    addOwnModel(home, 'whole', {}, whole);
    const { quantization } = int8Description('', { parent: 'whole', parentSha256: sha256(whole) });
    const model = { sha256: sha256(rounded), bytes: rounded.length, storage: 'int8' } as const;
    addOwnModel(home, 'whole-int8', { quantization, model }, rounded);
    const { stdout } = await runSwipenet(['models', 'activate', 'whole'], { home }).ended;
    expect(stdout).toContain('switched to whole-int8 (int8 of whole; auto: 0.00% of 400 verdicts change).');
    const answer = await (await fetch(server.url + ROUTES.model.path, { headers: headers() })).json();
    expect(modelAnswerSchema.parse(answer)).toMatchObject({ id: 'whole-int8', precision: 'int8', parent: 'whole' });
    expect((await score()).model).toBe('whole-int8');
    const metrics = await (await fetch(server.url + ROUTES.metrics.path, { headers: headers() })).text();
    expect(metrics).toMatch(/^swipenet_model_info\{model="whole-int8",.*precision="int8",.*\} 1$/m);
  });

  it('protects the form it uses from `models remove`, until it switches to another', async () => {
    const remove = () => runSwipenet(['models', 'remove', 'whole-int8'], { home }).ended;
    expect(await remove()).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `swipenet: the model whole-int8 is in use by the server at ${server.url}; activate another model or stop the server first (model_protected)\n`,
    });
    expect(existsSync(join(home, 'models', 'whole-int8', 'model.onnx'))).toBe(true);
    await runSwipenet(['models', 'activate', 'base'], { home }).ended;
    expect(await remove()).toMatchObject({ code: 0, stdout: 'Removed whole-int8.\n' });
  });

  it('scores no photo that was prepared for a model with another resize mode', async () => {
    const { manifest } = await loadServedModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
    addOwnModel(home, 'squashed', { preprocessing: { ...manifest.preprocessing, resize: 'squash' } });
    const bytes = encodedPhoto(new Uint8Array(await photo.arrayBuffer()));
    const outcome = async (resize: ResizeMode, fields: Readonly<Record<string, string>> = {}) => {
      const body = new FormData();
      const gray = new Uint8Array(await decodePhoto(bytes, resize));
      body.append('photo', new Blob([gray], { type: preparedType({ resize, gzip: false }) }), 'photo');
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      const answer = await fetch(server.url + ROUTES.score.path, { method: 'POST', body, headers: headers() });
      const { model, error } = await answer.json();
      return model ?? error.code;
    };
    const outcomes: string[] = [];
    let over = false;
    const switching = reload('squashed').finally(() => {
      over = true;
    });
    while (!over) outcomes.push(await outcome('cover'));
    expect(modelAnswerSchema.parse(await (await switching).json()).preparedPhotos?.resize).toBe('squash');
    expect(new Set([...outcomes, 'base', 'resize_mode_changed'])).toEqual(new Set(['base', 'resize_mode_changed']));
    expect(await outcome('cover')).toBe('resize_mode_changed');
    expect(await outcome('squash')).toBe('squashed');
    // What describes photos for learning is a model of its own, and needs cover.
    expect(await outcome('squash', { learn: '1' })).toBe('resize_mode_changed');
  });

  it('requires a token to switch models', async () => {
    const answer = await fetch(server.url + ROUTES.reload.path, { method: 'POST', body: '{"id": "other"}' });
    expect(answer.status).toBe(401);
  });
});
