import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { type OipError, oipInferAnswerSchema, oipModelSchema } from '@swipenet/shared/contract/oip.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testAccess } from '../../../../../test/support/access.ts';
import { appDependencies, TOKEN } from '../../../../../test/support/app-dependencies.ts';
import { createApp } from '../../../app.ts';
import type { TimedInference } from '../../../inference/scorer.ts';
import { bytesOfTensors, JSON_LENGTH_HEADER, joinMessage, splitMessage } from '../../../oip/message.ts';
import { OUTPUTS, type OutputName, readFloats } from '../../../oip/tensors.ts';
import type { AnsweringModel, AppDependencies } from '../../dependencies.ts';
import { modelExample } from '../../openapi/examples.ts';

const PHOTO = 224 ** 2;
const INFER = '/v2/models/swipenet/infer';

/** A result whose confidence and evidence say which photo it is: the first level of the photo. */
const resultOf = (level: number): TimedInference => ({
  like: level / 256,
  evidence: new Float32Array(49).fill(level),
  features: new Float16Array(1856).fill(level),
  ...{ decodeMs: 0, queueMs: 1, inferenceMs: 2 },
});

type Infer = AnsweringModel['scorer']['infer'];

const inferByLevel: Infer = async (photos) =>
  Array.from({ length: photos.length / PHOTO }, (_, at) => resultOf(photos[at * PHOTO]!));

/** An app whose network returns the first level of each photo. */
function setUp({
  infer = inferByLevel,
  hasFeatures = true,
  ...more
}: Partial<AppDependencies> & { infer?: Infer; hasFeatures?: boolean } = {}) {
  const asked: Parameters<Infer>[1][] = [];
  const deadlines: number[] = [];
  const { dependencies, lines } = appDependencies({
    deadline: (ms) => {
      deadlines.push(ms);
      return new AbortController().signal;
    },
    ...more,
  });
  const model = {
    ...dependencies.served(),
    answer: { ...modelExample, parent: 'whole' },
    outputs: (['confidence', 'evidence', 'features'] as const).filter((name) => name !== 'features' || hasFeatures),
    scorer: {
      score: async () => [],
      infer: (async (photos, options) => {
        asked.push(options);
        return infer(photos, options);
      }) as Infer,
    },
  };
  const app = createApp({ ...dependencies, served: () => model });
  const ask = (path: string, init: RequestInit = {}) =>
    app.request(path, { ...init, headers: { Authorization: `Bearer ${TOKEN}`, ...init.headers } });
  const post = (body: Uint8Array | string, jsonLength?: number | string, path = INFER) =>
    ask(path, {
      method: 'POST',
      body: body as Uint8Array<ArrayBuffer>,
      headers: jsonLength === undefined ? {} : { [JSON_LENGTH_HEADER]: String(jsonLength) },
    });
  return { ask, post, asked, deadlines, lines };
}

const photosOf = (levels: readonly number[]) => {
  const photos = new Uint8Array(levels.length * PHOTO);
  for (const [at, level] of levels.entries()) photos.fill(level, at * PHOTO, (at + 1) * PHOTO);
  return photos;
};

const input = (count: number, more: object = {}) => ({
  ...{ name: 'photos', datatype: 'UINT8', shape: [count, 1, 224, 224] },
  ...more,
});

const binaryInput = (count: number) => input(count, { parameters: { binary_data_size: count * PHOTO } });

/** A request with binary photos of these levels. */
function binaryRequest(levels: readonly number[], more: object = {}) {
  return joinMessage({ inputs: [binaryInput(levels.length)], ...more }, [photosOf(levels)]);
}

async function outputsOf(response: Response) {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { json, binary } = splitMessage(bytes, response.headers.get(JSON_LENGTH_HEADER) ?? undefined, 1e7);
  const answer = oipInferAnswerSchema.parse(json);
  const parts = bytesOfTensors(answer.outputs, binary);
  const floats = answer.outputs.map((tensor) => [
    tensor.name,
    readFloats(tensor, OUTPUTS[tensor.name as OutputName], parts.get(tensor.name)),
  ]);
  return { answer, outputs: Object.fromEntries(floats) as Record<OutputName, Float32Array> };
}

const problem = async (response: Response) => [response.status, await response.json()];

describe('infer', () => {
  it('returns the same outputs for binary tensors and for JSON, in the order of the photos', async () => {
    const { post } = setUp();
    const levels = [200, 3, 77];
    const { body, jsonLength } = binaryRequest(levels, { parameters: { binary_data_output: true } });
    const binary = await outputsOf(await post(body, jsonLength));
    const json = await post(JSON.stringify({ inputs: [input(3, { data: [...photosOf(levels)] })] }));
    expect(json.headers.get(JSON_LENGTH_HEADER)).toBeNull();
    const fromJson = await outputsOf(json);
    expect(fromJson.outputs).toEqual(binary.outputs);
    expect([...binary.outputs.confidence]).toEqual([56, 200, 253, 3, 179, 77].map((share) => share / 256));
    expect(binary.outputs.evidence.filter((_, at) => at % 49 === 0)).toEqual(Float32Array.from(levels));
    expect(binary.outputs.features).toHaveLength(3 * 1856);
  });

  it('says which file computed the outputs, and repeats the client’s ID', async () => {
    const { body, jsonLength } = binaryRequest([1], { id: 'mine' });
    const { answer } = await outputsOf(await setUp().post(body, jsonLength));
    expect(answer).toMatchObject({
      ...{ id: 'mine', model_name: 'swipenet', model_version: modelExample.sha256.slice(0, 12) },
      parameters: { swipenet_sha256: modelExample.sha256 },
    });
  });

  it('returns the requested outputs in their order, each as requested', async () => {
    const outputs = [{ name: 'evidence', parameters: { binary_data: true } }, { name: 'confidence' }];
    const { body, jsonLength } = binaryRequest([9], { outputs });
    const { answer } = await outputsOf(await setUp().post(body, jsonLength));
    expect(answer.outputs.map(({ name, data }) => [name, data !== undefined])).toEqual([
      ['evidence', false],
      ['confidence', true],
    ]);
  });

  it('passes on priority, deadline and caller, and caches nothing', async () => {
    const { post, asked, deadlines } = setUp({ now: () => 1_000 });
    for (const parameters of [
      {},
      { priority: 1, timeout: 0 },
      { priority: 2, timeout: 3_000_000 },
      { timeout: 1e12 },
    ]) {
      const { body, jsonLength } = binaryRequest([1], { parameters });
      expect((await post(body, jsonLength)).status).toBe(200);
    }
    expect(asked.map(({ priority, until, caller }) => [priority, until, caller])).toEqual([
      ['now', 21_000, 'local'],
      ['now', 21_000, 'local'],
      ['ahead', 4_000, 'local'],
      ['now', 21_000, 'local'],
    ]);
    expect(deadlines).toContain(3_000);
  });

  it('is counted and logged like a score', async () => {
    const { post, lines } = setUp();
    const { body, jsonLength } = binaryRequest([1, 2]);
    await post(body, jsonLength);
    expect(lines.at(-1)).toMatchObject({ route: ROUTES.oipInfer.path, photos: 2, queueMs: 1, caller: 'local' });
  });

  it('never returns a value that is not finite', async () => {
    for (const broken of [
      { like: Number.NaN },
      { evidence: new Float32Array(49).fill(Number.POSITIVE_INFINITY) },
      { features: new Float16Array(1856).fill(Number.NaN) },
      { evidence: new Float32Array(3) },
    ]) {
      const { post } = setUp({ infer: async () => [{ ...resultOf(1), ...broken }] });
      const { body, jsonLength } = binaryRequest([1]);
      expect((await post(body, jsonLength)).status).toBe(503);
    }
  });

  it.each([
    ['another name', { inputs: [{ ...binaryInput(1), name: 'images' }] }],
    ['two inputs', { inputs: [binaryInput(1), { ...input(0), name: 'more', data: [] }] }],
    ['the same input twice', { inputs: [binaryInput(1), input(0, { data: [] })] }],
    ['no input', { inputs: [] }],
    ['another type', { inputs: [{ ...binaryInput(1), datatype: 'FP32' }] }],
    ['another shape', { inputs: [{ ...binaryInput(1), shape: [1, 224, 224, 1] }] }],
    ['fewer bytes than photos', { inputs: [{ ...binaryInput(1), shape: [2, 1, 224, 224] }] }],
    ['no photos', { inputs: [{ ...binaryInput(1), shape: [0, 1, 224, 224] }] }],
    ['bytes that nobody claims', { inputs: [input(1, { parameters: { binary_data_size: PHOTO - 1 } })] }],
    ['more bytes than there are', { inputs: [input(1, { parameters: { binary_data_size: PHOTO + 1 } })] }],
    ['data besides the bytes', { inputs: [{ ...binaryInput(1), data: [] }] }],
    ['an unknown output', { outputs: [{ name: 'age' }] }],
    ['an output of every object', { outputs: [{ name: 'constructor' }] }],
    ['an output twice', { outputs: [{ name: 'evidence' }, { name: 'evidence' }] }],
    ['a priority of "high"', { parameters: { priority: 'high' } }],
    ['a timeout below zero', { parameters: { timeout: -1 } }],
    ['a flag that is no flag', { parameters: { binary_data_output: 'yes' } }],
    ['a shape that is no list', { inputs: [{ ...binaryInput(1), shape: 1 }] }],
  ])('refuses %s, with the protocol’s error', async (_what, more) => {
    const { body, jsonLength } = binaryRequest([1], more);
    const { post, asked } = setUp();
    expect(await problem(await post(body, jsonLength))).toEqual([400, { error: expect.any(String) }]);
    expect(asked).toEqual([]);
  });

  it('takes at most 32 photos', async () => {
    const { post } = setUp();
    const some = binaryRequest(new Array(32).fill(1));
    expect((await post(some.body, some.jsonLength)).status).toBe(200);
    const more = binaryRequest(new Array(33).fill(1));
    expect(await problem(await post(more.body, more.jsonLength))).toEqual([
      400,
      { error: 'the request has more than 32 photos' },
    ]);
  });

  it('refuses a body beyond its limit, and JSON beyond its own', async () => {
    const { post } = setUp();
    expect((await post(new Uint8Array(4_000_000), 2)).status).toBe(413);
    expect((await post(new Uint8Array(2_000_001))).status).toBe(400);
    expect((await post(new Uint8Array(10), '99999999999')).status).toBe(400);
  });

  it('answers any damage to a request with an error or with the outputs of one photo per photo', async () => {
    const { post } = setUp();
    const { body, jsonLength } = binaryRequest([5]);
    const damage = fc.record({
      at: fc.nat(jsonLength - 1),
      byte: fc.nat(255),
      cut: fc.option(fc.nat(body.length), { nil: body.length, freq: 3 }),
      extra: fc.nat(3),
      shift: fc.integer({ min: -3, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, byte, cut, extra, shift }) => {
        const changed = new Uint8Array(body.length + extra);
        changed.set(body);
        changed[at] = byte;
        const response = await post(changed.subarray(0, cut + extra), jsonLength + shift);
        if (response.status !== 200)
          return response.status === 400 && typeof ((await response.json()) as OipError).error === 'string';
        return (await outputsOf(response)).outputs.confidence.length === 2;
      }),
      { numRuns: 150 },
    );
  });
});

describe('the routes of the Open Inference Protocol', () => {
  const paths = ['/v2', '/v2/models/swipenet', '/v2/models/swipenet/ready', '/v2/models/swipenet/config'];

  it('need a token, and have a rate for it', async () => {
    const { ask } = setUp({ access: testAccess({ rate: { perSecond: 1, burst: 10 } }) });
    for (const path of paths) {
      expect(await problem(await ask(path, { headers: { Authorization: 'Bearer wrong' } }))).toEqual([
        401,
        { error: expect.any(String) },
      ]);
    }
    const statuses = new Set<number>();
    for (let request = 0; request < 20; request += 1) statuses.add((await ask('/v2')).status);
    expect([...statuses]).toEqual([200, 429]);
  });

  it('know the model as swipenet, by its ID and by that of its parent, and no other', async () => {
    const { ask, post } = setUp();
    for (const name of ['swipenet', modelExample.id, 'whole']) {
      expect((await ask(`/v2/models/${name}/ready`)).status).toBe(200);
    }
    for (const path of ['/v2/models/other', '/v2/models/other/ready', '/v2/models/other/config']) {
      expect((await problem(await ask(path)))[0]).toBe(404);
    }
    const { body, jsonLength } = binaryRequest([1]);
    expect((await post(body, jsonLength, '/v2/models/other/infer')).status).toBe(404);
    expect(await problem(await ask('/v2/repository/index'))).toEqual([404, { error: expect.any(String) }]);
  });

  it('offers base beside the model, with nothing but features, and refuses it without --offer-base', async () => {
    const features = Float32Array.from({ length: 1856 }, (_, at) => at / 3);
    const offeredBase = {
      scorer: { infer: (async () => [{ ...resultOf(1), features }]) as Infer },
      ...{
        answer: { id: 'base', sha256: 'b'.repeat(64) },
        outputs: ['features'] as const,
        state: () => 'ready' as const,
      },
    };
    const { ask, post } = setUp({ offeredBase });
    const model = oipModelSchema.parse(await (await ask('/v2/models/base')).json());
    expect(model.outputs.map(({ name }) => name)).toEqual(['features']);
    const { body, jsonLength } = joinMessage({ inputs: [binaryInput(1)] }, [photosOf([1])]);
    const answer = oipInferAnswerSchema.parse(await (await post(body, jsonLength, '/v2/models/base/infer')).json());
    expect(answer.parameters).toEqual({ swipenet_sha256: 'b'.repeat(64) });
    expect(Float32Array.from(answer.outputs[0]!.data as number[])).toEqual(features); // exact, not rounded to float16
    const busy = { ...offeredBase, state: () => 'not_ready' as const };
    expect((await setUp({ offeredBase: busy }).ask('/v2/models/base/ready')).status).toBe(503);
    expect((await setUp().ask('/v2/models/base')).status).toBe(404);
  });

  it('describe the outputs that the model has', async () => {
    const outputs = async (hasFeatures: boolean) => {
      const answer = await (await setUp({ hasFeatures }).ask('/v2/models/swipenet')).json();
      return oipModelSchema.parse(answer).outputs.map(({ name, shape }) => `${name} ${shape.join('×')}`);
    };
    expect(await outputs(false)).toEqual(['confidence -1×2', 'evidence -1×7×7']);
    expect(await outputs(true)).toContain('features -1×1856');
    const { body, jsonLength } = binaryRequest([1], { outputs: [{ name: 'features' }] });
    expect((await setUp({ hasFeatures: false }).post(body, jsonLength)).status).toBe(400);
  });

  it('say that the model isn’t ready while no engine is', async () => {
    const { ask, post } = setUp({ state: () => 'not_ready' });
    expect(await problem(await ask('/v2/models/swipenet/ready'))).toEqual([503, { error: 'no engine is ready' }]);
    const { body, jsonLength } = binaryRequest([1]);
    expect((await post(body, jsonLength)).status).toBe(503);
  });

  it('pass on what the scorer refuses, with Retry-After', async () => {
    const infer = async () => {
      throw new SwipenetError('queue_full', 'too many photos');
    };
    const { body, jsonLength } = binaryRequest([1]);
    const response = await setUp({ infer }).post(body, jsonLength);
    expect(response.headers.get('Retry-After')).toBe('2');
    expect(response.headers.get('X-Swipenet-Error')).toBe('queue_full');
    expect(await problem(response)).toEqual([503, { error: 'too many photos' }]);
  });
});
