import { readFile } from 'node:fs/promises';
import { likesOf } from '@swipenet/shared/confidence.ts';
import { LAYERS } from '@swipenet/shared/contract/studio/layers.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { EMBEDDED_MODEL } from '../../config/embedded-model.ts';
import { preprocessPhoto } from '../../image/preprocess.ts';
import { drawPhoto } from '../../pictures/draw-photo.ts';
import { loadServedModel } from '../../registry/model-registry.ts';
import { openSession } from '../../runtime/session.ts';
import { type LayersChild, LayerViewer } from './layer-viewer.ts';

const never = new AbortController().signal;
const quality = () => loadServedModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);

/** A viewer whose processes answer what the test says, and are counted. */
function viewerOf(answers: LayersChild['ask']) {
  const clock = new ManualClock();
  const log: string[] = [];
  const start = (): LayersChild => {
    log.push('start');
    const child = { alive: true, exited: Promise.resolve() };
    const kill = () => {
      child.alive = false;
      log.push('kill');
    };
    const ask: LayersChild['ask'] = (type, ...question) => {
      log.push(type);
      return answers(type, ...question);
    };
    return Object.assign(child, { ask, kill });
  };
  return { viewer: new LayerViewer({ clock, start }), clock, log };
}

describe('looking into layers', () => {
  it('gives the confidence of the model itself, which follows from the activations of the last layer', async () => {
    const clock = new ManualClock();
    const viewer = new LayerViewer({ clock });
    onTestFinished(() => viewer.close());
    const model = await quality();
    const crop = await preprocessPhoto(await drawPhoto({ scene: 'lake', seed: 1, faults: [] }), 'cover');
    const session = await openSession({ model: await readFile(model.modelPath), device: 'cpu', threads: 1 });
    const { confidence } = await session.run({ photos: { data: crop, shape: [1, 1, CROP_SIZE, CROP_SIZE] } });
    await session.close();
    const expected = likesOf(confidence!.data)[0]!;

    const { like, maps } = await viewer.look(model, { crop, layer: 'classifier' }, never);
    expect(like).toBeCloseTo(expected, 6);
    const logit = (channel: number) => maps.find((map) => map.channel === channel)!.mean;
    const margin = (logit(1) - logit(0)) / model.manifest.temperature;
    expect(1 / (1 + Math.exp(-margin))).toBeCloseTo(expected, 5);

    const sizes: [string, number, number][] = [];
    for (const layer of LAYERS) {
      const seen = await viewer.look(model, { crop, layer }, never);
      sizes.push([layer, seen.maps.length, seen.side]);
      expect(seen.pixels).toHaveLength(seen.maps.length * seen.side ** 2);
    }
    expect(sizes).toEqual([
      ['conv1', 64, 112],
      ['conv2', 192, 56],
      ['inception_3a', 256, 28],
      ['inception_3b', 480, 28],
      ['inception_4a', 512, 14],
      ['inception_4b', 512, 14],
      ['inception_4c', 512, 14],
      ['inception_4d', 528, 14],
      ['inception_4e', 832, 14],
      ['inception_5a', 832, 7],
      ['inception_5b', 1024, 7],
      ['pool5', 1024, 1],
      ['classifier', 2, 1],
    ]);
  });

  it('starts a process when somebody looks, and ends it a minute after the last time', async () => {
    const { viewer, clock, log } = viewerOf(async () => undefined as never);
    const model = await quality();
    const question = { crop: new Uint8Array(), layer: 'conv1' } as const;
    await viewer.look(model, question, never);
    clock.advance(59_000);
    await viewer.look(model, question, never);
    clock.advance(59_000);
    expect(log).toEqual(['start', 'open', 'look', 'look']);
    clock.advance(1_000);
    await expect.poll(() => log.at(-1)).toBe('kill');
    await viewer.look(model, question, never);
    const other = { ...model, manifest: { ...model.manifest, model: { ...model.manifest.model, sha256: 'other' } } };
    await viewer.look(other, question, never);
    expect(log.slice(5)).toEqual(['start', 'open', 'look', 'kill', 'start', 'open', 'look']);
  });

  it('says why it can’t look, and starts again the next time; nobody waits for a page that is gone', async () => {
    let isBroken = true;
    const { viewer, log } = viewerOf(async () => {
      if (isBroken) throw new Error('the model has no value pool5/flat\nlast words');
      return undefined as never;
    });
    const model = await quality();
    const question = { crop: new Uint8Array(), layer: 'conv1' } as const;
    await expect(viewer.look(model, question, never)).rejects.toMatchObject({
      code: 'model_invalid',
      message: 'can’t look into the model quality: the model has no value pool5/flat',
    });
    isBroken = false;
    await expect(viewer.look(model, question, AbortSignal.abort())).rejects.toThrow('aborted');
    await viewer.look(model, question, never);
    expect(log).toEqual(['start', 'open', 'kill', 'start', 'open', 'look']);
  });
});
