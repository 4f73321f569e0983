import { readFile } from 'node:fs/promises';
import { systemClock } from '@swipenet/server/clock.ts';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { photoCrop } from '@swipenet/server/image/photo-bytes.ts';
import { openReplicas } from '@swipenet/server/inference/oip/open-replicas.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import { goldenPhotos } from '@swipenet/server/runtime/golden-photos.ts';
import { openSession } from '@swipenet/server/runtime/session.ts';
import { expect } from 'vitest';
import { seededRandom } from './random.ts';

const PHOTO = 224 ** 2;

/** The embedded model, which peers get as it is. */
export const PEER_MODEL = await loadServedModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);

/** Six photos as the network gets them, `[6, 1, 224, 224]`: two test photos, and noise from fine to coarse. */
export function peerPhotos(): Uint8Array {
  const random = seededRandom(9);
  const noise = [1, 4, 16, 56].map((block) => {
    const levels = Uint8Array.from({ length: PHOTO }, () => Math.floor(random() * 256));
    return levels.map((_, at) => levels[Math.floor(at / 224 / block) * 224 + Math.floor((at % 224) / block)]!);
  });
  return Buffer.concat([...goldenPhotos(), ...noise]);
}

/** What our own ONNX Runtime computes: `confidence` `[N, 2]` and `evidence` `[N, 7, 7]`. */
export async function ownOutputs(photos: Uint8Array): Promise<{ confidence: number[]; evidence: number[] }> {
  const session = await openSession({ model: await readFile(PEER_MODEL.modelPath), device: 'cpu', threads: 1 });
  const shape = [photos.length / PHOTO, 1, 224, 224];
  const { confidence, evidence } = await session.run({ photos: { data: photos, shape } });
  await session.close();
  return { confidence: [...confidence!.data], evidence: [...evidence!.data] };
}

/** Checks that numbers agree to 1e-5, or in the evidence, which isn't between 0 and 1, to 1e-5 of its size. */
export function expectSame(theirs: readonly number[], ours: readonly number[]): void {
  expect(theirs).toHaveLength(ours.length);
  const off = ours.map((value, at) => Math.abs(value - theirs[at]!) / Math.max(1, Math.abs(value)));
  expect(Math.max(...off)).toBeLessThan(1e-5);
}

/** Has our engine run the photos on a server of somebody else's, and compares the results with our own. */
export async function expectReplicaAgrees(url: string): Promise<void> {
  const form = { model: PEER_MODEL, precision: 'fp32', reason: 'a test' } as const;
  const { engines } = await openReplicas(form, { urls: [url] }, { clock: systemClock });
  try {
    const photos = peerPhotos();
    const crops = Array.from({ length: photos.length / PHOTO }, (_, at) =>
      photoCrop(new Uint8Array(photos.subarray(at * PHOTO, (at + 1) * PHOTO))),
    );
    const results = await engines[0]!.run(crops);
    const { confidence, evidence } = await ownOutputs(photos);
    const likes = results.map(({ like }) => like);
    expect(Math.max(...likes) - Math.min(...likes)).toBeGreaterThan(0.001); // the photos aren't all the same
    expectSame(
      results.flatMap(({ like }) => [1 - like, like]),
      confidence,
    );
    expectSame(
      results.flatMap((result) => [...result.evidence]),
      evidence,
    );
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
}
