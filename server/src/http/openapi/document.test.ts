import { randomBytes } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { type ErrorCode, errorDefinition, errorDefinitions, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { OIP_MODEL } from '@swipenet/shared/contract/oip.ts';
import { hasOipErrors, ROUTES, type RouteName } from '@swipenet/shared/contract/routes.ts';
import { scoreFieldSchemas } from '@swipenet/shared/contract/score.ts';
import { SESSION_HEADER } from '@swipenet/shared/contract/session.ts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { testAccess } from '../../../../test/support/access.ts';
import { appDependencies, TOKEN } from '../../../../test/support/app-dependencies.ts';
import { testStudio } from '../../../../test/support/studio.ts';
import { newDesk } from '../../../../test/support/taste-desk.ts';
import { createApp } from '../../app.ts';
import type { Device } from '../../home/device-store.ts';
import type { Access } from '../guards/access.ts';
import { PairingDesk } from '../guards/pairing-desk.ts';
import { PairingRequests } from '../guards/pairing-requests.ts';
import { type OpenApiOperation, openApiDocument, pathTemplate } from './document.ts';
import { swipeRequestExample } from './examples.ts';
import { operations } from './operations.ts';
import { answerSchemas, bodySchemas } from './schemas.ts';
import { layerExample } from './studio-operations.ts';

const document = openApiDocument();
const routes = Object.entries(ROUTES) as [RouteName, (typeof ROUTES)[RouteName]][];
const operationOf = (name: RouteName): OpenApiOperation =>
  document.paths[pathTemplate(ROUTES[name].path)]![ROUTES[name].method.toLowerCase()]!;

const isDate = (text: string) => !Number.isNaN(Date.parse(text));
const ajv = new Ajv2020({ strict: false, formats: { 'date-time': isDate } });
ajv.addSchema({ $id: 'document', ...document });

/** Returns why a value violates a schema of the document, or null if it doesn't. */
function objections(schemaPath: string, value: unknown): unknown {
  const validate = ajv.compile({ $ref: `document#${schemaPath}` });
  return validate(value) ? null : validate.errors;
}

const escaped = (path: string) => path.replaceAll('~', '~0').replaceAll('/', '~1');
const answerPath = (name: RouteName, status: number) =>
  `/paths/${escaped(pathTemplate(ROUTES[name].path))}/${ROUTES[name].method.toLowerCase()}/responses/${status}/content/application~1json/schema`;

const photo = {
  like: 0.7,
  evidence: new Float32Array(49).fill(0.25),
  features: new Float16Array(),
  decodeMs: 1,
  queueMs: 1,
  inferenceMs: 2,
};
const broken = { error: new SwipenetError('photo_empty', 'no bytes') };
/** The JSON body of a swipe. */
const SWIPE = { schema: 'SwipeRequest', example: swipeRequestExample } as const;
const headers = { Authorization: `Bearer ${TOKEN}` };

describe('the OpenAPI document', () => {
  it('is valid according to OpenAPI’s own schema', async () => {
    const validator = new Validator();
    expect(await validator.validate(JSON.parse(JSON.stringify(document)))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has exactly the routes of the contract, under their names', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${operationId}: ${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(
      routes.map(([name, { method, path }]) => `${name}: ${method} ${pathTemplate(path)}`).toSorted(),
    );
  });

  it('requires a token on exactly the routes where the server does', () => {
    const asking = routes.filter(([name]) => operationOf(name).security.length > 0).map(([name]) => name);
    expect(asking).toEqual(routes.filter(([, { token }]) => token).map(([name]) => name));
  });

  it('lists every error code of a request under its status', () => {
    const anywhere = new Set<ErrorCode>(['route_unknown']); // never returned by a known route
    for (const [name] of routes) {
      for (const [status, { content }] of Object.entries(operationOf(name).responses)) {
        const { examples = {} } = (content['application/json'] ?? {}) as { examples?: object };
        for (const code of Object.keys(examples) as ErrorCode[]) {
          expect(errorDefinition(code).status).toBe(Number(status));
          anywhere.add(code);
        }
      }
    }
    const answering = (Object.keys(errorDefinitions) as ErrorCode[]).filter((code) => errorDefinition(code).status);
    expect([...anywhere].toSorted()).toEqual(answering.toSorted());
  });

  it('has an example of every response that fits the contract and the document’s schema', () => {
    for (const [name, { answer }] of Object.entries(operations)) {
      if (!('schema' in answer)) continue;
      expect(answerSchemas[answer.schema].safeParse(answer.example), name).toMatchObject({ success: true });
      expect(objections(`/components/schemas/${answer.schema}`, answer.example), name).toBeNull();
    }
  });

  it('has an example of every JSON body that fits the contract and the document’s schema', () => {
    for (const [name, { takes }] of Object.entries(operations)) {
      if (takes === undefined || takes === 'photos') continue;
      const { schema, example } = takes === 'swipe' ? SWIPE : takes;
      expect(bodySchemas[schema].safeParse(example), name).toMatchObject({ success: true });
      expect(objections(`/components/schemas/${schema}`, example), name).toBeNull();
    }
  });

  it('describes the fields of the multipart form as the server reads them', () => {
    const { schema } = operationOf('score').requestBody!.content['multipart/form-data']!;
    const { photo: photos, ...fields } = schema.properties as Record<string, object>;
    expect(photos).toMatchObject({ type: 'array', minItems: 1, maxItems: 20 });
    expect(Object.keys(fields).toSorted()).toEqual(Object.keys(scoreFieldSchemas).toSorted());
    const takes = (field: string, value: string) =>
      objections(
        `/paths/~1v1~1score/post/requestBody/content/multipart~1form-data/schema/properties/${field}`,
        value,
      ) === null;
    expect([takes('priority', 'ahead'), takes('priority', 'later')]).toEqual([true, false]);
    expect([takes('threshold', '0.4'), takes('threshold', 'half')]).toEqual([true, false]);
    expect([takes('photoCount', '6'), takes('photoCount', '-1')]).toEqual([true, false]);
  });
});

describe('a real response', () => {
  const pairing = new PairingDesk({ now: () => 0, randomBytes });
  const add: Access['devices']['add'] = async (device) => ({
    device: { format: 1, id: '0a1b2c3d', ...device, tokenSha256: '' },
    token: 't',
  });
  const asking = new PairingRequests({ now: () => 0, randomBytes });
  const about = { name: 'Chrome on Linux', origin: null };
  const session: Device = {
    ...{ format: 1, id: '0a1b2c3d', ...about, pairedAt: '', taste: 'owner', endsAt: '', tokenSha256: '' },
  };
  const access = testAccess({
    pairing,
    pairingRequests: asking,
    devices: { find: () => undefined, add },
    sessions: {
      offerLink: () => 'code',
      open: async () => ({ cookie: 'c', key: 'k', endsAt: '2026-11-28T12:00:00Z' }),
      find: () => session,
    },
  });
  const ofImports = Object.assign(testStudio().imports, {
    begin: async () => '0f8fad5b-d9cb-469f-a165-70867728950e',
    add: async () => {},
    build: async () => ({ id: 'a', photos: 2, leftOut: [] }),
    cancel: async () => {},
  });
  const ofModels = Object.assign(testStudio().models, {
    activate: async () => {},
    remove: async () => {},
    import: async ({ id }: { readonly id: string }) => id,
  });
  const { studioEvaluation } = operations;
  const ofEvaluations = Object.assign(testStudio().evaluations, {
    start: async () => 'e',
    get: async () => studioEvaluation.answer.example,
    remove: async () => {},
  });
  const queries: Partial<Record<RouteName, string>> = {
    proof: `?nonce=${'n'.repeat(43)}`,
    studioModelImport: '?id=mine&file=onnx',
    studioLayers: '?layer=classifier',
    studioPhotoFacts: '?photos=1',
    studioRelabel: '?label=NOPE',
  };
  /** Each app has a database of its own, which is closed after its test. */
  const newApp = () => {
    const ofVersions = { remove: () => true, activate: async () => true, rollback: async () => 'taste-0001' };
    const taste = Object.assign(newDesk(), ofVersions);
    const ofLayers = Object.assign(testStudio().layers, { look: async () => layerExample });
    const studio = Object.assign(testStudio(), {
      imports: ofImports,
      models: ofModels,
      layers: ofLayers,
      evaluations: ofEvaluations,
    });
    Object.assign(studio.reviews, {
      facts: async () => [],
      pairs: async () => operations.studioPairs.answer.example,
      drop: async () => operations.studioDrop.answer.example,
      draft: async () => operations.studioDraft.answer.example,
      relabel: async () => [1],
      discard: async () => {},
      save: async () => 'c0ffee',
      check: async () => {},
    });
    const { studioDatasetRemoval, studioDatasetDelete } = operations;
    Object.assign(studio.removals, {
      ...{
        dataset: async () => studioDatasetRemoval.answer.example,
        run: async () => studioDatasetRemoval.answer.example,
      },
      removeDataset: async () => studioDatasetDelete.answer.example,
      removeRun: async () => studioDatasetDelete.answer.example,
    });
    Object.assign(studio.training, {
      ...{ start: async () => {}, stop: async () => {}, remove: async () => {}, resume: async () => {} },
      log: async () => ['step 1/100'],
    });
    const ofScorer = { score: async () => [photo, broken], infer: async () => [photo] };
    return createApp(appDependencies({ ...ofScorer, access, taste, studio }).dependencies);
  };
  const here = {
    incoming: { socket: { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', setTimeout: () => {} } },
  };
  const bodies: Partial<Record<RouteName, () => FormData | string>> = {
    score: () => form('photo', 'photo'),
    swipes: () => {
      const body = form('photo');
      const { scoreId: _score, ...fields } = swipeRequestExample;
      for (const [field, value] of Object.entries(fields)) body.set(field, String(value));
      return body;
    },
    oipInfer: () =>
      JSON.stringify({
        inputs: [{ name: 'photos', datatype: 'UINT8', shape: [1, 1, 224, 224], data: new Array(224 ** 2).fill(9) }],
      }),
    tasteActivate: () => JSON.stringify({ version: 'taste-0001' }),
    reload: () => JSON.stringify({ id: 'quality' }),
    modelActivate: () => JSON.stringify({ id: 'quality' }),
    studioEvaluationStart: () => JSON.stringify({ model: 'quality', dataset: 'd', part: 'test' }),
    pairAsk: () => JSON.stringify({ name: 'Chrome on Linux' }),
    pairClaim: () => {
      const { id, secret } = asking.ask(about);
      asking.decide(id, true);
      return JSON.stringify({ id, secret });
    },
    studioJobStart: () =>
      JSON.stringify({ dataset: 'c0ffee', name: 'flowers', mode: 'auto', target: null, values: {} }),
    studioRelabel: () => 'four',
    studioDrop: () => JSON.stringify({ drop: [12], keep: [], keepPairs: [], reopenPairs: [] }),
    studioVersionSave: () => JSON.stringify({ name: 'flowers-2' }),
    studioJobStop: () => JSON.stringify({ how: 'pause' }),
    studioImportBuild: () => JSON.stringify({ name: 'flowers' }),
    studioImportFiles: () => framed('a.jpg'),
    session: () => JSON.stringify({ code: 'code' }),
    sessionDecide: () => JSON.stringify({ id: asking.ask(about).id, allow: true }),
    pair: () => JSON.stringify({ code: pairing.offer('owner'), name: 'Chrome on Linux' }),
  };
  /** The body of an import with one empty file. */
  const framed = (path: string) => {
    const head = JSON.stringify([{ label: 'LIKE', path, bytes: 0 }]);
    return `${String.fromCharCode(head.length)}\0\0\0${head}`;
  };
  const SESSION = { 'Sec-Fetch-Site': 'same-origin', [SESSION_HEADER]: 'k', Cookie: 'swipenet-default=c' };
  const ofSession = (name: RouteName) => name === 'session' || ROUTES[name].token === 'session';
  const post = (query: string, body: FormData) =>
    newApp().request(ROUTES.score.path + query, { method: 'POST', body, headers });
  const form = (...names: string[]) => {
    const form = new FormData();
    for (const name of names) form.append(name, new Blob(['x']), 'x.jpg');
    return form;
  };

  it.each(
    routes.filter(([name]) => operationOf(name).responses[200]?.content['application/json']).map(([name]) => name),
  )('of %s matches the document', async (name) => {
    const { method, path } = ROUTES[name];
    const body = bodies[name]?.();
    const response = await newApp().request(
      path.replaceAll(/:\w+/g, hasOipErrors(path) ? OIP_MODEL : '1') + (queries[name] ?? ''),
      { method, headers: { ...headers, ...(ofSession(name) && SESSION) }, ...(body !== undefined && { body }) },
      here,
    );
    expect(response.status).toBe(200);
    expect(objections(answerPath(name, 200), await response.json())).toBeNull();
  });

  it('with evidence matches the document', async () => {
    const response = await post('?evidence=1', form('photo', 'photo'));
    const answer = (await response.json()) as { photos: { evidence: number[][] }[] };
    expect(answer.photos[0]!.evidence[0]).toHaveLength(7);
    expect(objections(answerPath('score', 200), answer)).toBeNull();
  });

  it.each([
    ['no photo', 400, () => post('', form())],
    ['an unknown field', 400, () => post('', form('photo', 'video'))],
    ['no token', 401, () => newApp().request(ROUTES.score.path, { method: 'POST' })],
    [
      'another host',
      403,
      () => newApp().request(ROUTES.score.path, { method: 'POST', headers: { Host: 'evil.example' } }),
    ],
    ['no form', 415, () => newApp().request(ROUTES.score.path, { method: 'POST', headers, body: '{}' })],
    [
      'a full queue',
      503,
      () => {
        const score = async () => {
          throw new SwipenetError('queue_full', 'full');
        };
        const full = createApp(appDependencies({ score }).dependencies);
        return full.request(ROUTES.score.path, { method: 'POST', headers, body: form('photo') });
      },
    ],
  ] as const)('to a request with %s is the documented error for %i', async (_name, status, ask) => {
    const response = await ask();
    expect(response.status).toBe(status);
    expect(objections(answerPath('score', status), await response.json())).toBeNull();
  });

  it('that is wrong doesn’t match the document', () => {
    expect(objections(answerPath('ready', 200), { ready: false })).not.toBeNull();
    expect(
      objections(answerPath('score', 415), { error: { code: 'queue_full', message: '', requestId: '' } }),
    ).not.toBeNull();
  });
});

describe('the page', () => {
  const app = createApp(appDependencies().dependencies);

  it('needs no token, and loads nothing from other servers', async () => {
    const response = await app.request(ROUTES.docs.path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    const page = await response.text();
    expect(page).not.toMatch(/https?:\/\/|<script|style=|<style/);
    const asked = [...page.matchAll(/(?:src|href)="([^#"][^"]*)"/g)].map((match) => match[1]!);
    expect(asked.toSorted()).toEqual(['/docs/style.css', '/openapi.json']);
    for (const path of asked) expect((await app.request(path)).status).toBe(200);
  });

  it('shows every route and error code, and escapes its text', async () => {
    const page = await (await app.request(ROUTES.docs.path)).text();
    for (const [name, { path }] of routes) {
      expect(page).toContain(`<section id="${name}">`);
      expect(page).toContain(`<code>${pathTemplate(path)}</code>`);
    }
    expect(page).toContain('<code>queue_full</code>');
    expect(page).toContain('&quot;requestId&quot;');
  });
});
