import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decodePhoto } from '@swipenet/server/image/decoding/decode.ts';
import { encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { modelAnswerSchema } from '@swipenet/shared/contract/model.ts';
import { pairAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { statusAnswerSchema } from '@swipenet/shared/contract/status.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { preparedType } from '@swipenet/shared/prepared-photo.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMBEDDED_INT8 } from '../support/model-forms.ts';
import { bombPng, formulaPhoto } from '../support/photos.ts';
import { type RunningServer, startServer } from '../support/server-process.ts';

// Sends HTTP requests to the real server with the embedded model, as the extension does.

let server: RunningServer;
let photo: Buffer;
const home = mkdtempSync(join(tmpdir(), 'swipenet-server-'));

beforeAll(async () => {
  photo = await formulaPhoto(640, 800).jpeg().toBuffer();
  server = await startServer(home);
});
afterAll(async () => {
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

type Field = [name: string, value: string | Uint8Array];

/** Builds a multipart form. Bytes become file parts. */
function form(...fields: Field[]): FormData {
  const data = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([Uint8Array.from(value)]), 'photo.jpg');
  }
  return data;
}

const bearer = () => ({ Authorization: `Bearer ${server.token}` });
const post = (
  body: FormData | string,
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
) => fetch(`${server.url}${ROUTES.score.path}${query}`, { method: 'POST', body, headers: { ...bearer(), ...headers } });

async function score(fields: Field[], query = '') {
  const response = await post(form(...fields), { query });
  expect(response.status).toBe(200);
  return scoreAnswerSchema.parse(await response.json());
}

async function expectError(response: Response, status: number, code: string, message: string) {
  const { error } = errorEnvelopeSchema.parse(await response.json());
  expect({ status: response.status, code: error.code }).toEqual({ status, code });
  expect(error.message).toContain(message);
  expect(response.headers.get('x-request-id')).toBe(error.requestId);
}

describe('POST /v1/score', () => {
  it('returns each photo in order, with the decision, the model and a request ID', async () => {
    const other = await formulaPhoto(500, 400).png().toBuffer();
    const answer = await score([
      ['photo', photo],
      ['photo', other],
      ['photo', photo],
    ]);
    const [first, second, third] = answer.photos;
    expect(answer.photos.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(first).toEqual({ ...third, index: 0 });
    expect(second).not.toEqual({ ...first, index: 1 });
    expect(answer).toMatchObject({ model: EMBEDDED_INT8, threshold: 0.4 });
  });

  it('uses and returns the threshold of the request', async () => {
    const low = await score([
      ['photo', photo],
      ['threshold', '0'],
    ]);
    expect(low).toMatchObject({
      threshold: 0,
      decision: { swipe: 'right', reason: 'like_found', photo: 0 },
      photos: [{ label: 'LIKE' }],
    });
    const high = await score([
      ['photo', photo],
      ['threshold', '1'],
    ]);
    expect(high).toMatchObject({
      threshold: 1,
      decision: { swipe: 'left', reason: 'all_nope' },
      photos: [{ label: 'NOPE' }],
    });
  });

  it('holds if the profile has photos that weren’t sent', async () => {
    const answer = await score([
      ['photo', photo],
      ['photoCount', '3'],
      ['threshold', '1'],
      ['priority', 'ahead'],
    ]);
    expect(answer.decision).toEqual({ swipe: 'hold', reason: 'photos_missing', like: expect.any(Number) });
  });

  it('adds evidence maps only on request', async () => {
    const [plain] = (await score([['photo', photo]])).photos;
    expect(plain).not.toHaveProperty('evidence');
    const [explained] = (await score([['photo', photo]], '?evidence=1')).photos;
    expect(explained).toMatchObject({ ...plain });
    expect(explained).toHaveProperty('evidence.6.6', expect.any(Number));
  });

  it('reports an error for a broken photo and scores the others', async () => {
    const answer = await score([
      ['photo', photo],
      ['photo', photo.subarray(0, 5000)],
    ]);
    expect(answer.photos).toMatchObject([
      { index: 0, label: expect.any(String) },
      { index: 1, error: { code: 'photo_undecodable' } },
    ]);
  });

  it.each<[string, string, () => Uint8Array | Promise<Uint8Array>]>([
    ['empty', 'photo_empty', () => new Uint8Array()],
    ['under 32 pixels', 'photo_too_small', () => formulaPhoto(31, 64).png().toBuffer()],
    ['a bomb of 200 megapixels', 'photo_too_many_pixels', () => bombPng(20_000, 10_000)],
    ['cut off', 'photo_undecodable', () => photo.subarray(0, 5000)],
    [
      'SVG',
      'photo_type_unsupported',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>'),
    ],
    ['GIF', 'photo_type_unsupported', () => formulaPhoto(64, 64).gif().toBuffer()],
    ['HTML named .jpg', 'photo_type_unsupported', () => Buffer.from('<!doctype html><title>404</title>')],
  ])('returns 200 and a hold if the only photo is %s', async (_name, code, bytes) => {
    const answer = await score([['photo', await bytes()]]);
    expect(answer.photos).toMatchObject([{ index: 0, error: { code } }]);
    expect(answer.decision).toEqual({ swipe: 'hold', reason: 'photos_failed', like: null });
  });

  it.each<[string, number, string, string, () => Promise<Response>]>([
    ['no photo', 400, 'photos_missing', 'no photo', () => post(form(['threshold', '0.5']))],
    [
      '21 photos',
      400,
      'photos_too_many',
      'more than 20 photos',
      () => post(form(...Array.from({ length: 21 }, (): Field => ['photo', photo]))),
    ],
    [
      'a photo of 11 MB',
      413,
      'photo_too_large',
      'photo 1 is too large; the limit is 10000000 bytes',
      () => post(form(['photo', photo], ['photo', new Uint8Array(11_000_000)])),
    ],
    [
      'a field named like something every object has',
      400,
      'field_unknown',
      '"toString"',
      () => post(form(['photo', photo], ['toString', 'x'])),
    ],
    ['an unknown field', 400, 'field_unknown', '"picture"', () => post(form(['photo', photo], ['picture', 'x']))],
    [
      'a field twice',
      400,
      'field_repeated',
      'threshold',
      () => post(form(['photo', photo], ['threshold', '0.5'], ['threshold', '0.6'])),
    ],
    [
      'a photo that isn’t a file part',
      400,
      'body_malformed',
      'photo 0 is not a file part',
      () => post(form(['photo', 'text'])),
    ],
    [
      'a JSON body',
      415,
      'body_not_multipart',
      'multipart/form-data',
      () => post('{}', { headers: { 'Content-Type': 'application/json' } }),
    ],
    [
      'a broken multipart body',
      400,
      'body_malformed',
      'broken',
      () =>
        post('--x\r\nContent-Disposition: form-data', {
          headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
        }),
    ],
    [
      'a multipart body without a boundary',
      400,
      'body_malformed',
      'broken',
      () => post('photo', { headers: { 'Content-Type': 'multipart/form-data' } }),
    ],
    ['threshold abc', 400, 'threshold_invalid', 'got "abc"', () => post(form(['photo', photo], ['threshold', 'abc']))],
    ['threshold −1', 400, 'threshold_invalid', 'got "-1"', () => post(form(['photo', photo], ['threshold', '-1']))],
    [
      'threshold 2',
      400,
      'threshold_invalid',
      'a number from 0 to 1',
      () => post(form(['photo', photo], ['threshold', '2'])),
    ],
    ['photoCount 0', 400, 'photo_count_invalid', 'got "0"', () => post(form(['photo', photo], ['photoCount', '0']))],
    [
      'photoCount below the photos sent',
      400,
      'photo_count_invalid',
      'photoCount is 1, but 2 photos were sent',
      () => post(form(['photo', photo], ['photo', photo], ['photoCount', '1'])),
    ],
    [
      'an unknown priority',
      400,
      'priority_invalid',
      'now or ahead',
      () => post(form(['photo', photo], ['priority', 'later'])),
    ],
    [
      'an unknown evidence value',
      400,
      'evidence_invalid',
      'got "yes"',
      () => post(form(['photo', photo]), { query: '?evidence=yes' }),
    ],
    [
      'no token',
      401,
      'token_missing',
      'Authorization',
      () => fetch(`${server.url}/v1/score`, { method: 'POST', body: form(['photo', photo]) }),
    ],
    [
      'a wrong token',
      401,
      'token_invalid',
      'does not belong to this server',
      () => post(form(['photo', photo]), { headers: { Authorization: `Bearer ${server.token}x` } }),
    ],
    [
      'another authorization scheme',
      401,
      'token_invalid',
      'does not belong to this server',
      () => post(form(['photo', photo]), { headers: { Authorization: `Basic ${server.token}` } }),
    ],
    ['an unknown route', 404, 'route_unknown', 'GET /v1/scores', () => fetch(`${server.url}/v1/scores`)],
    [
      'another method',
      404,
      'route_unknown',
      'GET /v1/score',
      () => fetch(`${server.url}/v1/score`, { headers: bearer() }),
    ],
  ])('rejects %s', async (_name, status, code, message, send) => {
    await expectError(await send(), status, code, message);
  });

  it('accepts twenty photos', async () => {
    const answer = await score(Array.from({ length: 20 }, (): Field => ['photo', photo]));
    expect(answer.photos).toHaveLength(20);
  });

  it('survives clients that disconnect in the middle of a body', async () => {
    for (let client = 0; client < 5; client += 1) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      const head = `POST /v1/score HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.token}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000\r\n\r\n--x\r\n`;
      await new Promise<void>((resolve) => socket.write(head, () => resolve()));
      socket.destroy();
    }
    await score([['photo', photo]]);
  });

  it('rejects a form of many parts at the first part too many, however much follows', async () => {
    const part = '--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n\r\n';
    const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
    const response = await post(part.repeat(100_000), { headers });
    await expectError(response, 400, 'photos_too_many', 'more than 20 photos');
  });

  it('serves the owner while a device announces large bodies and sends nothing', async () => {
    const headers = { ...bearer(), 'Content-Type': 'application/json' };
    const code = await fetch(`${server.url}${ROUTES.pairingCode.path}`, { method: 'POST', headers });
    const body = JSON.stringify({ ...(await code.json()), name: 'hostile', expiresInS: undefined });
    const paired = await fetch(`${server.url}${ROUTES.pair.path}`, { method: 'POST', body });
    const { token } = pairAnswerSchema.parse(await paired.json());
    const sockets = Array.from({ length: 20 }, () => connect(Number(new URL(server.url).port), '127.0.0.1'));
    const head = `POST /v1/score HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 150000000\r\n\r\n-`;
    for (const socket of sockets) await new Promise<void>((resolve) => socket.write(head, () => resolve()));
    for (let request = 0; request < 3; request += 1) await score([['photo', photo]]);
    for (const socket of sockets) socket.destroy();
  });

  it('rejects a body with a declared length above the limit before it is sent', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(
      `POST /v1/score HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.token}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 300000000\r\n\r\n`,
    );
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('body_too_large');
  });
});

describe('prepared photos', () => {
  const status = async () => {
    const response = await fetch(`${server.url}${ROUTES.status.path}`, { headers: bearer() });
    return statusAnswerSchema.parse(await response.json());
  };
  const prepared = async (bytes: Uint8Array, resize: ResizeMode) => await decodePhoto(encodedPhoto(bytes), resize);
  const grayForm = (bytes: Uint8Array, type: string, fields: Readonly<Record<string, string>> = {}) => {
    const body = form(...Object.entries(fields));
    body.append('photo', new Blob([Uint8Array.from(bytes)], { type }), 'photo');
    return body;
  };
  const TYPE = preparedType({ resize: 'cover', gzip: false });
  const PACKED = preparedType({ resize: 'cover', gzip: true });

  async function scoreGray(...parts: Parameters<typeof grayForm>) {
    const response = await post(grayForm(...parts));
    expect(response.status).toBe(200);
    return scoreAnswerSchema.parse(await response.json());
  }

  it('score like the photos that they were, are learned from, and are computed once', async () => {
    const other = await formulaPhoto(600, 900).jpeg().toBuffer();
    const gray = await prepared(other, 'cover');
    const { cache, photos: before } = await status();
    const answer = await scoreGray(gray, TYPE, { learn: '1' });
    expect(answer).toMatchObject({ scoreId: expect.any(String), timings: { decodeMs: 0 } });
    expect((await scoreGray(gray, TYPE, { learn: '1' })).scoreId).toBe(answer.scoreId);
    const packed = await scoreGray(gzipSync(gray), PACKED);
    const [original] = (await score([['photo', other]])).photos;
    const like = original && 'like' in original ? original.like : Number.NaN;
    for (const { photos } of [answer, packed]) expect(photos).toEqual([{ ...original, like: expect.closeTo(like, 3) }]);
    const { cache: after, photos } = await status();
    // Each form of the photo is computed once for its score, and once where it is described for learning.
    expect(after!.misses - cache!.misses).toBe(4);
    expect(photos.prepared! - before.prepared!).toBe(3);
  });

  it('can be sent with a swipe', async () => {
    const fields = { swipe: 'right', site: 'demo', profile: 'prepared', verdict: 'none' };
    const body = grayForm(await prepared(photo, 'cover'), TYPE, fields);
    const response = await fetch(`${server.url}${ROUTES.swipes.path}`, { method: 'POST', body, headers: bearer() });
    expect(await response.json()).toMatchObject({ outcome: 'added', photos: 1 });
  });

  it('are accepted in the version and the resize mode that GET /v1/model says', async () => {
    const response = await fetch(`${server.url}${ROUTES.model.path}`, { headers: bearer() });
    expect(modelAnswerSchema.parse(await response.json()).preparedPhotos).toEqual({ version: 1, resize: 'cover' });
    const squashed = grayForm(await prepared(photo, 'squash'), preparedType({ resize: 'squash', gzip: false }));
    await expectError(await post(squashed), 409, 'resize_mode_changed', 'cover is needed');
    const newer = grayForm(new Uint8Array(65_536), TYPE.replace('v=1', 'v=2'));
    await expectError(await post(newer), 415, 'preparation_unknown', 'this server accepts 1');
  });

  it.each([
    ['too short', TYPE, new Uint8Array(65_535)],
    ['a bomb', PACKED, gzipSync(new Uint8Array(10_000_000))],
    ['cut off', PACKED, gzipSync(new Uint8Array(65_536)).subarray(0, -9)],
  ])('fail alone if one is %s', async (_, type, bytes) => {
    const body = grayForm(bytes, type);
    body.append('photo', new Blob([Uint8Array.from(photo)]), 'photo.jpg');
    const answer = scoreAnswerSchema.parse(await (await post(body)).json());
    expect(answer.photos).toMatchObject([{ error: { code: 'photo_gray_invalid' } }, { label: expect.any(String) }]);
  });
});

describe('the other routes', () => {
  it('GET /v1/model returns the model, its device and the reason', async () => {
    const response = await fetch(`${server.url}${ROUTES.model.path}`, { headers: bearer() });
    const answer = modelAnswerSchema.parse(await response.json());
    expect(answer).toMatchObject({ contract: 1, id: EMBEDDED_INT8, threshold: 0.4 });
    expect(answer.device).toMatchObject({
      name: 'cpu',
      executionProvider: 'CPUExecutionProvider',
      reason: 'requested',
    });
  });

  it('health and readiness need no token', async () => {
    expect(await (await fetch(`${server.url}${ROUTES.health.path}`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${server.url}${ROUTES.ready.path}`)).json()).toEqual({ ready: true });
  });

  it('no response has a CORS header, whatever the origin', async () => {
    for (const method of ['GET', 'OPTIONS', 'POST']) {
      const response = await fetch(`${server.url}${ROUTES.score.path}`, {
        method,
        headers: { Origin: 'https://example.org', ...bearer() },
      });
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});
