// The program of an engine's child process. ONNX Runtime blocks its thread and can crash its process, so it has a
// process of its own. The program imports as little as it can (no zod, no sharp), so that a killed engine restarts
// quickly.
import { readFile } from 'node:fs/promises';
import { LABELS, likesOf } from '@swipenet/shared/confidence.ts';
import { CROP_SIZE, EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { serveParent } from '../child/serve-parent.ts';
import { sha256 } from '../files/sha256.ts';
import { toFloat16 } from '../runtime/float16.ts';
import { scoreGoldenPhotos } from '../runtime/golden-photos.ts';
import { openSession, type Session } from '../runtime/session.ts';
import type { EngineAnswer, EngineProtocol, EngineSettings } from './child-engine.ts';
import { paddedSize } from './engine-plan.ts';

const CROP_BYTES = CROP_SIZE ** 2;
const EVIDENCE_SIZE = EVIDENCE_SIDE ** 2;

let session: Session;
let settings: EngineSettings;

/** Runs `[count, 1, 224, 224]`. The results of padding are discarded. */
async function run(photos: Uint8Array, count: number): Promise<EngineAnswer> {
  const size = paddedSize(count, settings.batchSizes);
  let data = photos;
  if (size > count) {
    data = new Uint8Array(size * CROP_BYTES);
    data.set(photos);
  }
  const { confidence, evidence, features } = await session.run({
    photos: { data, shape: [size, 1, CROP_SIZE, CROP_SIZE] },
  });
  if (!confidence) throw new Error('the model has no output named confidence');
  // A starting point such as `base` has other classes, so its photos are neither LIKE nor NOPE. Only its features count.
  const isStart = confidence.shape[1] !== LABELS.length;
  if (!isStart && !evidence) throw new Error('the model has no output named evidence');
  const likes = isStart ? new Float32Array(count) : likesOf(confidence.data).slice(0, count);
  if (!likes.every((like) => like >= 0 && like <= 1))
    throw new Error('the model returned a confidence that is not between 0 and 1');
  return {
    likes,
    evidence: evidence ? evidence.data.slice(0, count * EVIDENCE_SIZE) : new Float32Array(count * EVIDENCE_SIZE),
    features: toFloat16(features?.data.subarray(0, (count * features.data.length) / size) ?? new Float32Array()),
    rssBytes: process.memoryUsage.rss(),
  };
}

serveParent<EngineProtocol>({
  open: async (requested) => {
    settings = requested;
    const model = await readFile(requested.modelPath);
    if (sha256(model) !== requested.sha256) throw new Error('the model file has changed since it was checked');
    session = await openSession({ model, device: requested.device, threads: requested.threads });
    await scoreGoldenPhotos(session);
    for (const size of requested.warmSizes) await run(new Uint8Array(size * CROP_BYTES), size);
  },
  run: ({ photos, count }) => run(photos, count),
});
