// The program of an engine's child process. ONNX Runtime blocks its thread and can crash its process, so it has a
// process of its own. The program imports as little as it can (no zod, no sharp), so that a killed engine restarts
// quickly.
import { LABELS, likesOf } from '@swipenet/shared/confidence.ts';
import { CROP_SIZE, EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { serveParent } from '../child/serve-parent.ts';
import { toFloat16 } from '../runtime/float16.ts';
import { scoreGoldenPhotos } from '../runtime/golden-photos.ts';
import type { Session } from '../runtime/session.ts';
import { BatchSessions } from './batch-sessions.ts';
import type { EngineAnswer, EngineProtocol } from './child-engine.ts';
import { readModelFile } from './read-model-file.ts';

const CROP_BYTES = CROP_SIZE ** 2;
const EVIDENCE_SIZE = EVIDENCE_SIDE ** 2;

let session: Session;
let hasExactFeatures = false;

/** Runs `[count, 1, 224, 224]`. */
async function run(photos: Uint8Array, count: number): Promise<EngineAnswer> {
  const { confidence, evidence, features } = await session.run({
    photos: { data: photos, shape: [count, 1, CROP_SIZE, CROP_SIZE] },
  });
  if (!confidence) throw new Error('the model has no output named confidence');
  // A starting point such as `base` has other classes, so its photos are neither LIKE nor NOPE. Only its features count.
  const isStart = confidence.shape[1] !== LABELS.length;
  if (!isStart && !evidence) throw new Error('the model has no output named evidence');
  const likes = isStart ? new Float32Array(count) : likesOf(confidence.data);
  if (!likes.every((like) => like >= 0 && like <= 1))
    throw new Error('the model returned a confidence that is not between 0 and 1');
  return {
    likes,
    evidence: evidence?.data ?? new Float32Array(count * EVIDENCE_SIZE),
    features: featuresAsAsked(features?.data ?? new Float32Array()),
    rssBytes: process.memoryUsage.rss(),
  };
}

const featuresAsAsked = (features: Float32Array) => (hasExactFeatures ? features : toFloat16(features));

serveParent<EngineProtocol>({
  open: async ({ bytes, device, threads, batchSizes, warmSizes, exactFeatures = false, ...file }) => {
    hasExactFeatures = exactFeatures;
    const model = bytes ?? (await readModelFile(file));
    session = await BatchSessions.open({ model, device, threads }, batchSizes);
    await scoreGoldenPhotos(session);
    for (const size of warmSizes) await run(new Uint8Array(size * CROP_BYTES), size);
  },
  run: ({ photos, count }) => run(photos, count),
});
