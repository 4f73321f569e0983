import { describe, expect, it } from 'vitest';
import { encodedPhoto, type PhotoCrop, photoCrop } from '../image/photo-bytes.ts';
import { Batcher } from './batching/batcher.ts';
import type { PhotoInference } from './engine.ts';
import { ModelHost } from './model-host.ts';
import type { OpenScorer } from './open-scorer.ts';
import { Scorer } from './scorer.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const now = { priority: 'now', signal: new AbortController().signal } as const;

/** Creates a host whose models answer with their own number, when the test lets them. */
async function setUp() {
  const log: string[] = [];
  const broken = new Set<string>();
  const gate = { open: Promise.resolve() };
  const answers: PromiseWithResolvers<void>[] = [];
  const host = await ModelHost.open(
    {
      open: async (id = '1'): Promise<OpenScorer> => {
        log.push(`open ${id}`);
        await gate.open;
        if (broken.has(id)) throw new Error(`${id} is broken`);
        const run = async (photos: readonly PhotoCrop[]) => {
          const answer = Promise.withResolvers<void>();
          answers.push(answer);
          await answer.promise;
          return photos.map(() => ({
            like: Number(id) / 100,
            evidence: new Float32Array(49),
            features: new Float16Array(),
          }));
        };
        const runner = { alive: true, ready: async () => {}, run };
        const batcher = new Batcher<PhotoCrop, PhotoInference>([runner], {
          maxBatch: 1,
          maxWaiting: 10,
          now: () => 0,
        });
        const clock = { now: () => 0, delay: async () => {} };
        const preprocess = async () => ({ crop: photoCrop(), decodeMs: 0 });
        const scorer = new Scorer({ preprocess, batcher, maxPhotosInFlight: 10, clock });
        const close = async () => {
          await scorer.close();
          log.push(`closed ${id}`);
        };
        return { model: { manifest: { id } }, scorer, close } as unknown as OpenScorer;
      },
    },
    undefined,
  );
  const score = async () => {
    const { model, scorer } = host.current;
    const photos = await scorer.score([encodedPhoto(Uint8Array.of(1)), encodedPhoto(Uint8Array.of(2))], now);
    return photos.map((photo) => [model.manifest.id, 'error' in photo ? null : photo.like]);
  };
  const answerAll = async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      for (const answer of answers.splice(0)) answer.resolve();
      await settled();
    }
  };
  return { host, log, broken, gate, score, answerAll };
}

describe('the model host', () => {
  it('answers each request with exactly one model during a switch, and loses none', async () => {
    const { host, log, score, answerAll } = await setUp();
    const before = score();
    await settled();
    await host.reload('2');
    const after = score();
    expect(log).toEqual(['open 1', 'open 2']);
    await answerAll();
    expect(await before).toEqual([
      ['1', 0.01],
      ['1', 0.01],
    ]);
    expect(await after).toEqual([
      ['2', 0.02],
      ['2', 0.02],
    ]);
    expect(log).toEqual(['open 1', 'open 2', 'closed 1']);
  });

  it('keeps using the old model until the new one is warm', async () => {
    const { host, gate, score, answerAll } = await setUp();
    const warm = Promise.withResolvers<void>();
    gate.open = warm.promise;
    const reloading = host.reload('2');
    await settled();
    const during = score();
    await answerAll();
    expect(await during).toEqual([
      ['1', 0.01],
      ['1', 0.01],
    ]);
    warm.resolve();
    expect((await reloading).model.manifest.id).toBe('2');
    expect(host.current.model.manifest.id).toBe('2');
  });

  it('keeps the old model when the new one is broken, and can still switch to another', async () => {
    const { host, broken, log, score, answerAll } = await setUp();
    broken.add('2');
    await expect(host.reload('2')).rejects.toThrow('2 is broken');
    const scoring = score();
    await answerAll();
    expect(await scoring).toEqual([
      ['1', 0.01],
      ['1', 0.01],
    ]);
    await host.reload('3');
    await settled();
    expect(log).toEqual(['open 1', 'open 2', 'open 3', 'closed 1']);
  });

  it('runs one switch at a time, each after the previous one’s old engines have ended', async () => {
    const { host, log, score, answerAll } = await setUp();
    const scoring = score();
    await settled();
    const both = [host.reload('2'), host.reload('3')];
    await both[0];
    await settled();
    expect(log).toEqual(['open 1', 'open 2']);
    await answerAll();
    await Promise.all([...both, scoring]);
    await settled();
    expect(log).toEqual(['open 1', 'open 2', 'closed 1', 'open 3', 'closed 2']);
    expect(host.current.model.manifest.id).toBe('3');
  });

  it('closes its models when it is closed during a switch, and refuses later switches', async () => {
    const { host, log } = await setUp();
    const reloading = host.reload('2');
    const closing = host.close();
    await expect(reloading).rejects.toMatchObject({ code: 'shutting_down' });
    await closing;
    await expect(host.reload('3')).rejects.toMatchObject({ code: 'shutting_down' });
    expect(log).toEqual(['open 1', 'closed 1']);
  });
});
