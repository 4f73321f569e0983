import { systemClock } from '@swipenet/server/clock.ts';
import { cores } from '@swipenet/server/config/machine.ts';
import { encodedPhoto, type PhotoCrop } from '@swipenet/server/image/photo-bytes.ts';
import { preprocessPhoto } from '@swipenet/server/image/preprocess.ts';
import { ChildEngine } from '@swipenet/server/inference/child-engine.ts';
import { modelOnDevice } from '@swipenet/server/inference/device-model.ts';
import { drawPhoto } from '@swipenet/server/pictures/draw-photo.ts';
import { faithfulnessOf } from '@swipenet/server/quantization/faithfulness.ts';
import { ruleOf } from '@swipenet/server/registry/manifest.ts';
import type { InstalledModel } from '@swipenet/server/registry/model-registry.ts';
import { faithfulnessWords, gateFailures, tooFewToJudge } from '@swipenet/server/registry/quantization.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import type { Finding } from './section.ts';

const BATCH = 4;

/**
 * Scores portraits in float32 and in float16, and judges float16 by the gate that int8 forms have to pass. A CPU runs the
 * graphs that CUDA would, but ONNX Runtime computes most of a float16 graph there in float32.
 *
 * @param count of photos. On fewer than the gate asks for, only a dry run makes sense.
 */
export async function judgeFloat16(model: InstalledModel, device: Device, count: number): Promise<Finding> {
  const { resize } = model.manifest.preprocessing;
  const photos: PhotoCrop[] = [];
  for (let seed = 0; seed < count; seed += 1) {
    const file = await drawPhoto({ scene: 'portrait', seed, faults: [] });
    photos.push(await preprocessPhoto(encodedPhoto(file), resize));
  }
  const likesIn = async (precision: 'fp32' | 'fp16') => {
    const threads = device === 'cpu' ? cores : 1;
    const onCuda = await modelOnDevice(model, 'cuda:0', precision);
    const settings = { ...onCuda, device, threads, batchSizes: [BATCH], warmSizes: [] };
    const engine = await ChildEngine.open({ settings, clock: systemClock });
    try {
      const likes: number[] = [];
      for (let at = 0; at < photos.length; at += BATCH) {
        likes.push(...(await engine.run(photos.slice(at, at + BATCH))).map(({ like }) => like));
      }
      return likes;
    } finally {
      await engine.close();
    }
  };
  const [parents, likes] = [await likesIn('fp32'), await likesIn('fp16')];
  const compared = likes.map((like, index) => ({ model: like, parent: parents[index]! }));
  const faithfulness = faithfulnessOf(compared, ruleOf(model.manifest).threshold);
  const few = tooFewToJudge(count);
  const failures = gateFailures(faithfulness).filter((failure) => failure !== few);
  const { largestDifference, meanDifference } = faithfulness;
  return {
    status: failures.length > 0 ? 'fail' : 'pass',
    summary: [faithfulnessWords(faithfulness), ...(few ? [few] : []), ...failures].join('; '),
    figures: [
      { key: 'largestDifference', name: 'largest difference of a confidence', value: largestDifference, unit: '' },
      { key: 'meanDifference', name: 'mean difference', value: meanDifference, unit: '' },
    ],
    details: faithfulness,
  };
}
