import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Behavior, FakeReplica, fakeResult } from '../../../../test/support/fake-replica.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { seededRandom, uniform } from '../../../../test/support/random.ts';
import { randomWeights } from '../../../../test/support/random-weights.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { until } from '../../../../test/support/until.ts';
import { sha256 } from '../../files/sha256.ts';
import { buildServingModel } from '../../googlenet/serving-model.ts';
import { type PhotoCrop, photoCrop } from '../../image/photo-bytes.ts';
import type { ModelForm } from '../../registry/choose-precision.ts';
import { foldHead } from '../../training/head/fold-head.ts';
import type { LinearHead } from '../../training/head/logistic.ts';
import { Batcher } from '../batching/batcher.ts';
import type { ChildEngine } from '../child-engine.ts';
import type { PhotoInference } from '../engine.ts';
import { openReplicas, type RemoteEngines } from './open-replicas.ts';

const SHA256 = 'a'.repeat(64);
const crop = (level: number): PhotoCrop => photoCrop(new Uint8Array(224 ** 2).fill(level));
const now = { priority: 'now', signal: new AbortController().signal } as const;

const formOf = (more: object = {}) =>
  ({
    model: { manifest: { id: 'mine', model: { sha256: SHA256 }, ...more }, modelPath: '/mine' },
  }) as unknown as ModelForm;

/** Options with this machine's own engine, by default one that gives photos the same results as the fake replicas. */
function optionsOf(result: (photo: PhotoCrop) => PhotoInference = fakeResult) {
  const opened: string[] = [];
  const troubles: Error[] = [];
  const openEngine = (async ({ settings }: { readonly settings: { readonly modelPath: string } }) => {
    opened.push(settings.modelPath);
    return {
      run: async (photos: readonly PhotoCrop[]) => photos.map((photo) => result(photo)),
      close: async () => void opened.push('closed'),
    };
  }) as unknown as typeof ChildEngine.open;
  const events = { onTrouble: (error: Error) => void troubles.push(error) };
  return { opened, troubles, options: { clock: new ManualClock(), openEngine, events } };
}

/** Starts replicas, and a batcher in front of them. */
async function setUp(
  changes: readonly Partial<Behavior>[],
  remote: Partial<RemoteEngines> = {},
  form = formOf(),
  result?: (photo: PhotoCrop) => PhotoInference,
) {
  const fakes = await Promise.all(changes.map((change) => FakeReplica.start({ sha256: SHA256, ...change })));
  const { opened, troubles, options } = optionsOf(result);
  const { engines, plan } = await openReplicas(form, { urls: fakes.map(({ url }) => url), ...remote }, options);
  onTestFinished(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
  });
  const { maxBatch, smallestBatch = 1 } = plan;
  const limits = { maxBatch, smallestBatch, maxWaiting: 1_000, now: () => 0 };
  const batcher = new Batcher<PhotoCrop, PhotoInference>(engines, limits);
  const score = (levels: readonly number[]) =>
    Promise.all(levels.map(async (level) => (await batcher.submit(crop(level), now)).like * 256));
  /** The first levels of the photos that a replica was asked for, without the two test photos. */
  const askedOf = (index: number) => fakes[index]!.asked.slice(1).map(({ photos }) => photos.map(([level]) => level));
  return { fakes, engines, score, askedOf, opened, troubles, batcher };
}

describe('replicas', () => {
  it('get a profile’s photos as one batch, and the next batch goes where the least is running', async () => {
    const held = Promise.withResolvers<void>();
    const { fakes, score, askedOf } = await setUp([{}, {}]);
    for (const { behavior } of fakes) behavior.hold = () => held.promise;
    const scores = [score([1, 2, 3])];
    for (const levels of [[4, 5], [6], [7]]) {
      await until(() => fakes[0]!.asked.length + fakes[1]!.asked.length === 2 + scores.length);
      scores.push(score(levels));
    }
    await until(() => fakes[0]!.asked.length + fakes[1]!.asked.length === 6);
    held.resolve();
    expect(await Promise.all(scores)).toEqual([[1, 2, 3], [4, 5], [6], [7]]);
    expect([askedOf(0), askedOf(1)]).toEqual([
      [[1, 2, 3], [7]],
      [[4, 5], [6]],
    ]);
  });

  it('take over what another one computed when it died, each photo once', async () => {
    const { fakes, score, askedOf, batcher, engines } = await setUp([{}, {}]);
    const [first] = fakes;
    first!.behavior.hold = async () => await first!.stop();
    expect(await score([1, 2, 3])).toEqual([1, 2, 3]);
    expect([askedOf(0), askedOf(1)]).toEqual([[[1, 2, 3]], [[1], [2], [3]]]);
    expect(batcher.counts.retried).toBe(3);
    for (const level of [4, 5, 6]) expect(await score([level])).toEqual([level]);
    expect(engines.map(({ alive }) => alive)).toEqual([false, true]);
  });

  it('fail a request after two of them have, and no photo is tried a third time', async () => {
    const { fakes, score } = await setUp([{}, {}, {}]);
    for (const { behavior } of fakes) behavior.hold = () => Promise.reject(new Error('it crashes'));
    await expect(score([9])).rejects.toMatchObject({ code: 'engine_failed' });
    expect(fakes.map(({ asked }) => asked.length - 1).toSorted()).toEqual([0, 1, 1]);
  });

  it('are used while others have another model or are not ready', async () => {
    const others = [{ sha256: 'b'.repeat(64) }, { ready: 400 }];
    const { score, engines, troubles } = await setUp([{}, ...others]);
    expect(await score([1, 2])).toEqual([1, 2]);
    expect(engines.map(({ stats }) => stats.replica?.fault?.code)).toEqual([
      undefined,
      'replica_model_mismatch',
      'replica_not_ready',
    ]);
    expect(troubles).toHaveLength(2);
  });

  it('can’t be opened if none has the model, and the reasons are named', async () => {
    const opening = setUp([{ sha256: 'b'.repeat(64) }, { names: [] }]);
    await expect(opening).rejects.toMatchObject({
      code: 'replicas_unavailable',
      message: expect.stringMatching(/SHA-256 bbbbbbbbbbbb….*replica_model_mismatch.*replica_not_ready/),
    });
  });

  it('that don’t name their file are compared with this machine’s results, which are computed once', async () => {
    const { engines, opened } = await setUp([{ sha256: null }, { sha256: null }, {}]);
    expect(engines.every(({ alive }) => alive)).toBe(true);
    expect(opened).toEqual(['/mine', 'closed']);
    expect((await setUp([{}])).opened).toEqual([]);
  });

  it('get the token from its file', async () => {
    const tokenFile = join(temporaryFolder(), 'token');
    writeFileSync(tokenFile, 'secret\n');
    const { fakes } = await setUp([{}], { tokenFile });
    expect(fakes[0]!.asked[0]!.headers.authorization).toBe('Bearer secret');
    for (const text of ['', 'two words', 'two\nlines']) {
      writeFileSync(tokenFile, text);
      await expect(setUp([{}], { tokenFile })).rejects.toMatchObject({ code: 'option_invalid' });
    }
    await expect(setUp([{}], { tokenFile: `${tokenFile}s` })).rejects.toThrow('ENOENT');
  });

  describe('of a head', () => {
    const BASE = 'b'.repeat(64);
    const FEATURES = ['features'] as const;
    const onBase = { sha256: BASE, names: ['base'], outputNames: FEATURES };
    /** What a head says of a photo, by the definition of a head. */
    const likeBy = (head: LinearHead, photo: Uint8Array) => {
      const { features } = fakeResult(photo);
      return 1 / (1 + Math.exp(-head.weights.reduce((sum, weight, at) => sum + weight * features[at]!, head.bias)));
    };
    /** A head that is folded into random weights, as a file. */
    function foldedHead(seed: number) {
      const head = { weights: Float64Array.from(uniform(seededRandom(seed), 1856, 0.05)), bias: seed / 10 };
      for (const filter of [3, 5]) head.weights[filter] = 0;
      const weights = foldHead(randomWeights(1), head, [3, 5]);
      return { head, bytes: buildServingModel({ weights, mean: 114, temperature: 1, storage: 'float32' }) };
    }
    /** They are the same for all tests, and each takes a second. */
    const folded = new Map<number, ReturnType<typeof foldedHead>>();
    afterAll(() => folded.clear());
    function headForm(seed: number, more: object = {}) {
      const { head, bytes } = folded.get(seed) ?? foldedHead(seed);
      folded.set(seed, { head, bytes });
      const modelPath = join(temporaryFolder(), 'model.onnx');
      writeFileSync(modelPath, bytes);
      const model = { sha256: sha256(bytes), storage: 'float32', ...more };
      const manifest = { id: 'taste-0001', headOf: { id: 'base', sha256: BASE }, model };
      const golden = (photo: Uint8Array) => ({ ...fakeResult(photo), like: likeBy(head, photo) });
      return { head, golden, form: { model: { manifest, modelPath } } as unknown as ModelForm };
    }

    it('run only the network below it, and their features become its confidences', async () => {
      const { head, golden, form } = headForm(1);
      const { fakes, engines } = await setUp([onBase, onBase], {}, form, golden);
      const photos = [crop(10), crop(200)];
      const results = await engines[0]!.run(photos);
      for (const [at, { like, evidence, features }] of results.entries()) {
        expect(like).toBeCloseTo(likeBy(head, photos[at]!), 6);
        expect([evidence.length, features]).toEqual([0, new Float16Array(fakeResult(photos[at]!).features)]);
      }
      expect(fakes[0]!.asked.at(-1)!.outputs).toEqual(FEATURES);
    });

    it('are used for the next head without anything new on them', async () => {
      const fake = await FakeReplica.start(onBase);
      const likes = [];
      for (const { head, golden, form } of [headForm(1), headForm(2)]) {
        const { engines } = await openReplicas(form, { urls: [fake.url] }, optionsOf(golden).options);
        likes.push([(await engines[0]!.run([crop(99)]))[0]!.like, likeBy(head, crop(99))]);
        await engines[0]!.close();
      }
      for (const [actual, expected] of likes) expect(actual).toBeCloseTo(expected!, 6);
      expect(likes[0]![0]).not.toBeCloseTo(likes[1]![0]!, 2);
    });

    it.each<[string, Partial<Behavior>, string]>([
      ['without features', { outputNames: ['confidence', 'evidence'] }, 'output features must be FP32 .* is missing'],
      [
        'that list nothing and have no features',
        { outputNames: [], metadata: () => ({ inputs: [], outputs: [] }) },
        'no output features',
      ],
      [
        'with features of another length',
        { outputs: ([one]) => [{ ...one!, shape: [2, 1855] }] },
        'must have the shape',
      ],
      ['with another base', { sha256: 'c'.repeat(64) }, 'has the SHA-256 c'],
      [
        'with features that are no numbers',
        { outputs: ([one]) => [{ ...one!, values: one!.values.map(() => Number.NaN) }] },
        'not finite',
      ],
      [
        'that don’t name their file and have other features',
        { sha256: null, outputs: ([one]) => [{ ...one!, values: one!.values.with(9, 7) }] },
        'differ from this machine’s',
      ],
    ])('%s are refused by name', async (_what, change, message) => {
      const { golden, form } = headForm(1);
      await expect(setUp([{ ...onBase, ...change }], {}, form, golden)).rejects.toMatchObject({
        code: 'replicas_unavailable',
        message: expect.stringMatching(new RegExp(message)),
      });
    });

    it('prove base by its features if they don’t name their file, whatever the head’s two filters would return', async () => {
      const { golden, form } = headForm(1);
      const outputs: Behavior['outputs'] = ([one]) => [{ ...one!, values: one!.values.with(3, 7).with(5, 8) }];
      const { engines } = await setUp([{ ...onBase, sha256: null, outputs }], {}, form, golden);
      expect(engines[0]!.alive).toBe(true);
    });

    it('aren’t asked at all if the file isn’t such a head', async () => {
      const { golden, form } = headForm(1);
      const refused = { code: 'model_not_served' };
      const other = (photo: Uint8Array) => ({ ...golden(photo), like: 0.5 });
      await expect(setUp([onBase], {}, form, other)).rejects.toMatchObject(refused);
      const int8 = headForm(1, { storage: 'int8' });
      await expect(setUp([onBase], {}, int8.form, int8.golden)).rejects.toMatchObject(refused);
    });
  });

  it('never cause a wrong verdict, whatever they do to the responses', async () => {
    type Damage = (bytes: Buffer) => Buffer | 'destroy' | 503;
    const damage: fc.Arbitrary<Damage> = fc.oneof(
      fc.constant<Damage>((bytes) => bytes),
      fc.constant<Damage>(() => 'destroy'),
      fc.constant<Damage>(() => 503),
      fc.nat(300).map(
        (cut): Damage =>
          (bytes) =>
            bytes.subarray(0, cut),
      ),
      fc.uint8Array({ minLength: 1, maxLength: 5 }).map(
        (more): Damage =>
          (bytes) =>
            Buffer.concat([bytes, more]),
      ),
      fc.constant<Damage>((bytes) => Buffer.from(bytes.toString('latin1').replace('[1,', '[2,'), 'latin1')),
      fc.constant<Damage>((bytes) => Buffer.concat([bytes.subarray(0, -4), Buffer.from([0, 0, 0xc0, 0x7f])])),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 6, maxLength: 6 }), async (damages) => {
        const { fakes, score, engines } = await setUp([{}, {}, {}]);
        for (const { behavior } of fakes) {
          behavior.respond = (request, response) => {
            if (!request.url?.endsWith('/infer')) return false;
            const end = response.end.bind(response);
            response.end = ((body: Uint8Array) => {
              const changed = (damages.shift() ?? ((bytes: Buffer) => bytes))(Buffer.from(body));
              if (changed === 'destroy') return response.destroy();
              return end(changed === 503 ? '{"error":"full"}' : changed);
            }) as typeof response.end;
            return false;
          };
        }
        const scored = await Promise.allSettled([11, 22, 33].map(async (level) => (await score([level]))[0]));
        await Promise.all(engines.map((engine) => engine.close()));
        return scored.every((one, at) => one.status === 'rejected' || one.value === [11, 22, 33][at]);
      }),
      { numRuns: 30 },
    );
  });
});
