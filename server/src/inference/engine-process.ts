// The program of an engine's child process. ONNX Runtime blocks the thread it runs on and can take its process down:
// here it blocks and takes down nobody but itself. It imports as little as it can (no zod, no sharp): a killed engine is
// back the sooner.
import { readFile } from 'node:fs/promises';
import { likesOf } from '@swipenet/shared/confidence.ts';
import { CROP_SIZE, EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { serveParent } from '../child/serve-parent.ts';
import { sha256 } from '../files/sha256.ts';
import { openSession, type Session } from '../runtime/session.ts';
import type { EngineAnswer, EngineProtocol, EngineSettings } from './child-engine.ts';
import { paddedSize } from './engine-plan.ts';

const CROP_BYTES = CROP_SIZE ** 2;
const EVIDENCE_SIZE = EVIDENCE_SIDE ** 2;

let session: Session;
let settings: EngineSettings;

/** `[count, 1, 224, 224]` → the answer for `count` photos; a padded rest is computed and thrown away. */
async function run(photos: Uint8Array, count: number): Promise<EngineAnswer> {
  const size = paddedSize(count, settings.batchSizes);
  let data = photos;
  if (size > count) {
    data = new Uint8Array(size * CROP_BYTES);
    data.set(photos);
  }
  const { confidence, evidence } = await session.run({ photos: { data, shape: [size, 1, CROP_SIZE, CROP_SIZE] } });
  if (!confidence || !evidence) throw new Error('the model has no outputs named confidence and evidence');
  const likes = likesOf(confidence.data).slice(0, count);
  if (!likes.every((like) => like >= 0 && like <= 1)) throw new Error('a confidence is not a number from 0 to 1');
  return { likes, evidence: evidence.data.slice(0, count * EVIDENCE_SIZE), rssBytes: process.memoryUsage.rss() };
}

serveParent<EngineProtocol>({
  open: async (wanted) => {
    settings = wanted;
    const model = await readFile(wanted.modelPath);
    if (sha256(model) !== wanted.sha256) throw new Error('the model’s file is no longer the one that was checked');
    session = await openSession({ model, device: wanted.device, threads: wanted.threads });
    for (const size of wanted.warmSizes) await run(new Uint8Array(size * CROP_BYTES), size);
  },
  run: ({ photos, count }) => run(photos, count),
});
