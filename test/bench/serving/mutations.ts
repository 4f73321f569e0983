import type { Random } from '@swipenet/shared/random.ts';

/** A request as it is sent. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | undefined;
  /** Where the body is cut into chunks. Without it, it is sent whole, with its length. */
  readonly cuts?: readonly number[];
  /** What was damaged, for the report. */
  readonly about: string;
}

const BOUNDARY = 'swipenet-fuzz';
const FIELDS = ['photo', 'threshold', 'photoCount', 'priority', 'Photo', 'photo ', '', '__proto__', 'constructor', 'é'];
const VALUES = ['0.5', '1', '0', '-1', '1e9', 'NaN', '', 'now', 'ahead', '99999999', '0x1', '½', ' 0.4 ', 'null', '{}'];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE'];
const PATHS = [
  '/v1/score',
  '/v1/swipes',
  '/v1/model',
  '/healthz',
  '/v2/health/ready',
  '/v1/status',
  '/v1/pair',
  '/v1/pair/code',
  '/v1/proof',
  '/metrics',
  '/openapi.json',
  '/docs',
  '/v1/score/',
  '//v1/score',
  '/%',
  '/..',
  '/demo',
];
const QUERIES = ['', '?evidence=1', '?evidence=2', '?evidence=', '?evidence=1&evidence=0', '?x=%ff', '?%'];
const TYPES = [
  `multipart/form-data; boundary=${BOUNDARY}`,
  'multipart/form-data',
  'multipart/form-data; boundary=',
  `multipart/form-data; boundary="${BOUNDARY}"`,
  `multipart/mixed; boundary=${BOUNDARY}`,
  'application/json',
  'image/jpeg',
  '',
  'multipart/form-data; boundary=another',
];

/** What a form is made of, and what only looks like it. */
const PIECES = [
  `--${BOUNDARY}`,
  `--${BOUNDARY}--`,
  `--${BOUNDARY}X`,
  `--${BOUNDARY} \t`,
  `--${BOUNDARY.slice(0, 8)}`,
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '--',
  '\0',
  '"',
  'Content-Disposition: form-data; name="photo"; filename="a\\"b.jpg"\r\n\r\n',
  "Content-Disposition: form-data; name=photo; filename*=UTF-8''a%20b.jpg\r\n\r\n",
  'content-disposition:form-data;name="threshold"\r\n\r\n0.5',
  'Content-Disposition: form-data; name="learn"\r\n\r\n1',
  'Content-Disposition: form-data; name="swipe"\r\n\r\nleft',
  'Content-Disposition: attachment; name="photo"\r\n\r\n',
  'Content-Type: image/jpeg\r\n',
  'X: y\r\n'.repeat(9),
  `X: ${'y'.repeat(5000)}\r\n`,
  ' '.repeat(100),
  'x'.repeat(70_000),
];

const whole = (random: Random, below: number) => Math.floor(random() * below);
const oneOf = <Value>(random: Random, values: readonly Value[]): Value => values[whole(random, values.length)]!;

/** Damages bytes a few times: flips, truncates, repeats, fills, removes or randomizes some of them. */
function mutateBytes(original: Uint8Array, random: Random): Uint8Array {
  let bytes = Uint8Array.from(original);
  for (let damages = 1 + whole(random, 6); damages > 0 && bytes.length > 0; damages -= 1) {
    const at = whole(random, bytes.length);
    const length = 1 + whole(random, Math.min(64, bytes.length - at));
    const slice = bytes.slice(at, at + length);
    switch (whole(random, 6)) {
      case 0:
        bytes[at]! ^= 1 << whole(random, 8);
        break;
      case 1:
        bytes = bytes.slice(0, at);
        break;
      case 2:
        bytes = joined(bytes.slice(0, at), slice, bytes.slice(at));
        break;
      case 3:
        bytes.fill(oneOf(random, [0, 0xff, 0x7f]), at, at + length);
        break;
      case 4:
        bytes = joined(bytes.slice(0, at), bytes.slice(at + length));
        break;
      case 5:
        for (let index = at; index < at + length; index += 1) bytes[index] = whole(random, 256);
    }
  }
  return bytes;
}

/** Creates a valid request and randomly damages its photos, its form or its headers. */
export function fuzzRequest(photos: readonly Uint8Array[], token: string, random: Random): FuzzRequest {
  const headers: Record<string, string> = { Authorization: `Bearer ${token}`, 'Content-Type': TYPES[0]! };
  const sent = Array.from({ length: 1 + whole(random, 3) }, () => oneOf(random, photos));
  const score = { method: 'POST', path: '/v1/score', headers };
  switch (whole(random, 6)) {
    case 0:
    case 1:
      return { ...score, body: formOf(sent.map((photo) => photoPart(mutateBytes(photo, random)))), about: 'photos' };
    case 2:
      return { ...score, body: mutatedForm(sent, random), about: 'form' };
    case 3:
    case 4:
      return mutatedStream(headers, sent, random);
    default:
      return mutatedHeaders(token, formOf(sent.map(photoPart)), random);
  }
}

function mutatedForm(photos: readonly Uint8Array[], random: Random): Uint8Array {
  const parts = photos.map(photoPart);
  for (let fields = whole(random, 4); fields > 0; fields -= 1) {
    const name = oneOf(random, FIELDS);
    const file = random() < 0.2 ? '; filename="x"' : '';
    const value = random() < 0.1 ? 'x'.repeat(100_000) : oneOf(random, VALUES);
    parts.push(Buffer.from(`Content-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}`));
  }
  if (random() < 0.1) parts.push(...Array.from({ length: 25 }, () => photoPart(photos[0]!)));
  const form = formOf(parts);
  return random() < 0.6 ? mutateBytes(form, random) : form;
}

/** A form whose structure is damaged, in chunks that are cut anywhere. */
function mutatedStream(headers: Record<string, string>, photos: readonly Uint8Array[], random: Random): FuzzRequest {
  const pieces = photos.flatMap((photo) => [Buffer.from(`--${BOUNDARY}\r\n`), photoPart(photo), Buffer.from('\r\n')]);
  pieces.push(Buffer.from(`--${BOUNDARY}--`), Buffer.from('\r\n'));
  for (let damages = whole(random, 5); damages > 0; damages -= 1) {
    const at = whole(random, pieces.length + 1);
    const inserted = Array.from({ length: whole(random, 4) }, () => Buffer.from(oneOf(random, PIECES)));
    pieces.splice(at, whole(random, 2), ...inserted);
  }
  const form = joined(...pieces);
  const body = random() < 0.3 ? mutateBytes(form, random) : form;
  const cuts = Array.from({ length: whole(random, 8) }, () => whole(random, body.length + 1)).toSorted((a, b) => a - b);
  return {
    method: 'POST',
    path: oneOf(random, ['/v1/score', '/v1/swipes']),
    headers: {
      ...headers,
      'Content-Type': oneOf(random, [TYPES[0]!, TYPES[3]!]),
      ...(random() < 0.7 && { 'Transfer-Encoding': 'chunked' }),
    },
    body,
    cuts,
    about: 'stream',
  };
}

function mutatedHeaders(token: string, form: Uint8Array, random: Random): FuzzRequest {
  const text = (length: number) =>
    Array.from({ length: whole(random, length) }, () => String.fromCharCode(33 + whole(random, 94))).join('');
  const authorization = [
    `Bearer ${token}`,
    `Bearer ${token}x`,
    `bearer  ${token}`,
    'Bearer',
    text(50),
    `Basic ${text(20)}`,
  ];
  const headers: Record<string, string> = {
    Authorization: oneOf(random, random() < 0.7 ? authorization.slice(0, 1) : authorization),
    'Content-Type': oneOf(random, TYPES),
  };
  if (random() < 0.3) headers['X-Request-Id'] = text(200);
  if (random() < 0.2) headers.Accept = text(40);
  if (random() < 0.2) headers['Content-Encoding'] = oneOf(random, ['gzip', 'identity', text(10)]);
  if (random() < 0.2) headers['Transfer-Encoding'] = 'chunked';
  if (random() < 0.2) headers[`X-${text(20).replace(/[^a-z]/gi, '') || 'y'}`] = text(2000);
  const method = oneOf(random, random() < 0.5 ? ['POST'] : METHODS);
  const path = oneOf(random, PATHS) + oneOf(random, QUERIES);
  const body = ['GET', 'HEAD', 'TRACE'].includes(method) ? undefined : form;
  return { method, path, headers, body, about: 'headers' };
}

const photoPart = (photo: Uint8Array) =>
  joined(Buffer.from('Content-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'), photo);

function formOf(parts: readonly Uint8Array[]): Uint8Array {
  const framed = parts.flatMap((part) => [Buffer.from(`--${BOUNDARY}\r\n`), part, Buffer.from('\r\n')]);
  return joined(...framed, Buffer.from(`--${BOUNDARY}--\r\n`));
}

const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
