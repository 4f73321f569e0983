import { readFile } from 'node:fs/promises';
import { systemClock } from '@swipenet/server/clock.ts';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { type PhotoCrop, photoCrop } from '@swipenet/server/image/photo-bytes.ts';
import type { Engine, PhotoInference, RunOptions } from '@swipenet/server/inference/engine.ts';
import { openReplicas } from '@swipenet/server/inference/oip/open-replicas.ts';
import { VERDICTS } from '@swipenet/server/inference/oip/reading.ts';
import { ReplicaClient } from '@swipenet/server/inference/oip/replica-client.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import { goldenPhotos } from '@swipenet/server/runtime/golden-photos.ts';
import { openSession } from '@swipenet/server/runtime/session.ts';
import { OIP_LIMITS } from '@swipenet/shared/contract/oip.ts';
import { expect, onTestFinished } from 'vitest';
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

/** Returns photos as an engine gets them. */
export const cropsOf = (photos: Uint8Array): PhotoCrop[] =>
  Array.from({ length: photos.length / PHOTO }, (_, at) =>
    photoCrop(new Uint8Array(photos.subarray(at * PHOTO, (at + 1) * PHOTO))),
  );

/**
 * Opens our engine on somebody else's server, for the embedded model. It is closed with the test.
 *
 * @param id what the model is called there.
 * @throws CommandError `replicas_unavailable` with the reason.
 */
export async function openPeer(url: string, id: string = PEER_MODEL.manifest.id): Promise<Engine> {
  const model = { ...PEER_MODEL, manifest: { ...PEER_MODEL.manifest, id } };
  const form = { model, precision: 'fp32', reason: 'a test' } as const;
  const { engines } = await openReplicas(form, { urls: [url] }, { clock: systemClock });
  onTestFinished(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
  });
  return engines[0]!;
}

/** Returns what our engine asks such a server with, question by question. It is closed with the test. */
export function peerClient(url: string, id: string = PEER_MODEL.manifest.id): ReplicaClient {
  const client = new ReplicaClient({
    ...{ url, modelId: id, sha256: PEER_MODEL.manifest.model.sha256, reading: VERDICTS },
    ...{ maxBatch: OIP_LIMITS.maxPhotos, clock: systemClock },
    goldenResults: async () => {
      const photos = goldenPhotos();
      const outputs = await ownOutputs(Buffer.concat(photos));
      return VERDICTS.read(
        (name) => Float32Array.from(name === 'confidence' ? outputs.confidence : outputs.evidence),
        photos.length,
      );
    },
  });
  onTestFinished(() => client.close());
  return client;
}

/** Checks that results of the photos are those that we compute ourselves. */
export async function expectAgrees(results: readonly PhotoInference[], photos: Uint8Array): Promise<void> {
  const { confidence, evidence } = await ownOutputs(photos);
  const likes = results.map(({ like }) => like);
  expect(Math.max(...likes) - Math.min(...likes)).toBeGreaterThan(0.001); // the photos aren't all the same
  expectSame(
    likes.flatMap((like) => [1 - like, like]),
    confidence,
  );
  expectSame(
    results.flatMap((result) => [...result.evidence]),
    evidence,
  );
}

/** Has our engine run the photos on somebody else's server, and compares the results with our own. */
export async function expectReplicaAgrees(url: string, options?: RunOptions): Promise<void> {
  const engine = await openPeer(url);
  const photos = peerPhotos();
  await expectAgrees(await engine.run(cropsOf(photos), options), photos);
}
