import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Behavior, FakeReplica, fakeResult } from '../../../../test/support/fake-replica.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { until } from '../../../../test/support/until.ts';
import { type PhotoCrop, photoCrop } from '../../image/photo-bytes.ts';
import type { ModelForm } from '../../registry/choose-precision.ts';
import { Batcher } from '../batcher.ts';
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

/** This machine's own engine, which gives every photo the same result as the fake replicas. */
function localEngine() {
  const opened: string[] = [];
  const openEngine = (async ({ settings }: { readonly settings: { readonly modelPath: string } }) => {
    opened.push(settings.modelPath);
    return {
      run: async (photos: readonly PhotoCrop[]) =>
        photos.map((photo) => ({ ...fakeResult(photo), features: new Float16Array() })),
      close: async () => void opened.push('closed'),
    };
  }) as unknown as typeof ChildEngine.open;
  return { opened, openEngine };
}

/** Starts replicas, and a batcher in front of them. */
async function setUp(changes: readonly Partial<Behavior>[], remote: Partial<RemoteEngines> = {}, form = formOf()) {
  const fakes = await Promise.all(changes.map((change) => FakeReplica.start({ sha256: SHA256, ...change })));
  const { opened, openEngine } = localEngine();
  const troubles: Error[] = [];
  const options = {
    clock: new ManualClock(),
    openEngine,
    events: { onTrouble: (error: Error) => void troubles.push(error) },
  };
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
      [[1, 2, 3], [6]],
      [[4, 5], [7]],
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
    expect(engines.map(({ fault }) => fault?.code)).toEqual([undefined, 'replica_model_mismatch', 'replica_not_ready']);
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

  it('can’t run a head that was learned from swipes', async () => {
    const headOf = { id: 'base', sha256: 'b'.repeat(64) };
    await expect(setUp([{}], {}, formOf({ headOf }))).rejects.toMatchObject({ code: 'model_not_served' });
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
