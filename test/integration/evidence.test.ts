import { readFile } from 'node:fs/promises';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import type { Picture } from '@swipenet/server/image/develop.ts';
import { encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { preprocessPhoto } from '@swipenet/server/image/preprocess.ts';
import { sharp } from '@swipenet/server/image/sharp.ts';
import { drawPicture } from '@swipenet/server/pictures/draw-photo.ts';
import { loadModel } from '@swipenet/server/registry/model-registry.ts';
import { openSession } from '@swipenet/server/runtime/session.ts';
import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { EMBEDDED_INT8 } from '../support/model-forms.ts';

const SEEDS = Array.from({ length: 20 }, (_, at) => at + 1);
const HALVES = ['left', 'right'] as const;
type Half = (typeof HALVES)[number];

/** A photo of which one half is sharp and the other one blurred. */
interface HalfSharp {
  readonly seed: number;
  readonly sharpHalf: Half;
  readonly crop: Uint8Array;
}

/** Blurs the other half of a picture. */
async function halfSharp({ width, height, pixels }: Picture, sharpHalf: Half): Promise<Uint8Array> {
  const raw = { raw: { width, height, channels: 3 as const } };
  const mixed = new Uint8Array(
    await sharp(pixels, raw)
      .blur(width / 80)
      .raw()
      .toBuffer(),
  );
  const [begin, end] = sharpHalf === 'left' ? [0, width >> 1] : [width >> 1, width];
  for (let row = 0; row < height; row += 1) {
    const [from, to] = [3 * (row * width + begin), 3 * (row * width + end)];
    mixed.set(pixels.subarray(from, to), from);
  }
  const png = await sharp(mixed, raw).png({ compressionLevel: 0 }).toBuffer();
  return await preprocessPhoto(encodedPhoto(new Uint8Array(png)), 'cover');
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean evidence of a half. The middle column lies on both, so it counts for neither. */
function evidenceIn(map: readonly number[], half: Half): number {
  const middle = (EVIDENCE_SIDE - 1) / 2;
  return mean(map.filter((_, at) => (half === 'left' ? at % EVIDENCE_SIDE < middle : at % EVIDENCE_SIDE > middle)));
}

// The embedded model learned whether a photo is sharp, among other things.
describe.each([EMBEDDED_MODEL.id, EMBEDDED_INT8])('the evidence of the model %s', (id) => {
  let photos: (HalfSharp & { readonly map: readonly number[]; readonly logit: number })[];

  beforeAll(async () => {
    const plans = SEEDS.flatMap((seed) => HALVES.map((sharpHalf) => ({ seed, sharpHalf })));
    const made = await Promise.all(
      plans.map(async (plan): Promise<HalfSharp> => {
        const picture = await drawPicture({ scene: 'portrait', seed: plan.seed, faults: [] });
        return { ...plan, crop: await halfSharp(picture, plan.sharpHalf) };
      }),
    );
    const { modelPath } = await loadModel([EMBEDDED_MODEL.folder], id);
    const session = await openSession({ model: await readFile(modelPath), device: 'cpu', threads: 2 });
    photos = [];
    for (const photo of made) {
      const { confidence, evidence } = await session.run({ photos: { data: photo.crop, shape: [1, 1, 224, 224] } });
      const [nope = 0, like = 0] = confidence!.data;
      photos.push({ ...photo, map: [...evidence!.data], logit: Math.log(like / nope) });
    }
    await session.close();
  });

  it('explains every confidence: the difference of the logits is the map’s mean, scaled and shifted alike', () => {
    const points = photos.map(({ map, logit }) => ({ x: mean(map), logit })).toSorted((one, other) => one.x - other.x);
    const [first, last] = [points[0]!, points.at(-1)!];
    expect(last.x - first.x, 'the photos differ').toBeGreaterThan(1);
    const slope = (last.logit - first.logit) / (last.x - first.x); // 1 divided by the model's temperature
    expect(slope).toBeGreaterThan(0);
    for (const { x, logit } of points) expect(logit).toBeCloseTo(first.logit + slope * (x - first.x), 2);
  });

  it('lights up where the photo is sharp: nearly every half has more evidence for LIKE if it is the sharp one', () => {
    const gains = SEEDS.flatMap((seed) => {
      const of = (sharpHalf: Half) => photos.find((photo) => photo.seed === seed && photo.sharpHalf === sharpHalf)!.map;
      return [
        evidenceIn(of('left'), 'left') - evidenceIn(of('right'), 'left'),
        evidenceIn(of('right'), 'right') - evidenceIn(of('left'), 'right'),
      ];
    });
    // The network also sees what a half shows, so not every one gains: 35 of 40, by 3.9 logits on average (2026-11). By
    // chance, 30 would in one of a thousand runs.
    expect(gains.filter((gain) => gain > 0).length).toBeGreaterThanOrEqual(30);
    expect(mean(gains)).toBeGreaterThan(2);
  });
});
