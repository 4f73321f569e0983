import { cpus } from 'node:os';
import { systemClock } from '@swipenet/server/clock.ts';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { cores } from '@swipenet/server/config/machine.ts';
import { buildServingModel } from '@swipenet/server/googlenet/serving-model.ts';
import { encodedPhoto, type PhotoCrop, photoCrop } from '@swipenet/server/image/photo-bytes.ts';
import { preprocessPhoto } from '@swipenet/server/image/preprocess.ts';
import { ChildEngine } from '@swipenet/server/inference/child-engine.ts';
import { modelOnDevice } from '@swipenet/server/inference/device-model.ts';
import { encodeModel, GraphBuilder } from '@swipenet/server/onnx/graph-builder.ts';
import { type InstalledModel, loadModel } from '@swipenet/server/registry/model-registry.ts';
import { type Device, openSession } from '@swipenet/server/runtime/session.ts';
import { formulaPhoto } from '../support/photos.ts';
import { randomWeights } from '../support/random-weights.ts';
import { threadsOn } from './device.ts';
import { type Contender, race } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Figure } from './report.ts';

/** Floating-point operations for one photo in GoogLeNet. Each multiply-add counts as two. */
export const FLOP_PER_PHOTO = 2 * 1.503e9;

/**
 * Matrix sizes for measuring peak speed, and the number of consecutive multiplications per run. A GPU needs enough work
 * that copying the matrices doesn't matter.
 */
const SGEMM = { cpu: { side: 1536, inARow: 1 }, cuda: { side: 4096, inARow: 64 } };
const PHOTO = photoCrop(new Uint8Array(224 * 224).fill(100));
const TURNS = 5;

/**
 * Measures the machine's limits and how close the parts get to them: peak matrix multiplication, the bare engine in the
 * layouts for its device, the same network with ONNX Runtime's own LRN op, and decoding.
 */
export async function limits({ device = 'cpu' }: BenchOptions): Promise<Figure[]> {
  const { close: closePeak, ...peak } = await sgemm(device);
  const model = await loadModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
  const opened = await Promise.all(layoutsOn(device).map((layout) => openLayout(model, layout)));
  const [band, op] = [await lrn('band', device), await lrn('op', device)];
  const decode = await decoding();
  const speeds = await race([peak, ...opened.map(({ contender }) => contender), band, op, decode], TURNS);
  await Promise.all([closePeak(), ...opened.map(({ close }) => close())]);

  const [peakSpeed, ...rest] = speeds;
  const photosPerSecondLimit = peakSpeed!.perSecond / FLOP_PER_PHOTO;
  const machine = machineOf(device);
  return [
    { key: 'sgemmGflopPerSecond', name: `sgemm peak (${machine})`, value: peakSpeed!.perSecond / 1e9, unit: 'GFLOP/s' },
    { key: 'photosPerSecondLimit', name: 'GoogLeNet at that peak', value: photosPerSecondLimit, unit: 'photos/s' },
    ...rest.map(({ key, name, perSecond, medianMs }) => {
      return {
        key,
        name,
        value: perSecond,
        unit: 'photos/s',
        ratioToLimit: perSecond / photosPerSecondLimit,
        medianMs,
      };
    }),
  ];
}

/** Describes the hardware behind a device's results. */
export const machineOf = (device: Device): string =>
  device === 'cpu' ? `${cpus()[0]?.model.trim()}, ${cores} cores` : device;

/** Multiplies float32 matrices as fast as the device can, with all cores, in the same runtime. */
export async function sgemm(device: Device): Promise<Contender & { close: () => Promise<void> }> {
  const { side, inARow } = SGEMM[device === 'cpu' ? 'cpu' : 'cuda'];
  const graph = new GraphBuilder('sgemm');
  const shape = [side, side];
  const [a, b] = [graph.input('a', 'float32', shape), graph.input('b', 'float32', shape)];
  let product = a;
  for (let count = 0; count < inARow; count += 1) product = graph.apply('MatMul', [product, b]);
  graph.output(product, 'c');
  const session = await openSession({ model: encodeModel(graph.build()), device, threads: threadsOn(device) });
  const matrix = { data: new Float32Array(side * side).fill(1 / side), shape }; // products neither grow nor vanish
  return {
    key: 'sgemm',
    name: 'sgemm',
    unitsPerRound: inARow * 2 * side ** 3,
    round: () => session.run({ a: matrix, b: matrix }),
    close: () => session.close(),
  };
}

/** How many engines to measure, with how many threads each, and how many photos per batch. */
export interface Layout {
  readonly key: string;
  readonly engines: number;
  readonly threads: number;
  readonly batch: number;
  readonly device: Device;
}

const layoutsOn = (device: Device): Layout[] =>
  device === 'cpu'
    ? [1, 4, 8].flatMap((batch) => [
        { key: `engineACoreBatch${batch}`, engines: cores, threads: 1, batch, device },
        { key: `oneEngineBatch${batch}`, engines: 1, threads: cores, batch, device },
      ])
    : [1, 8, 32].map((batch) => ({ key: `oneEngineBatch${batch}`, engines: 1, threads: 1, batch, device }));

/** Opens engines as a contender. A round is one batch on each engine. */
export async function openLayout(model: InstalledModel, { key, engines, threads, batch, device }: Layout) {
  const settings = {
    ...(await modelOnDevice(model, device)),
    device,
    threads,
    batchSizes: [],
    warmSizes: [batch],
  } as const;
  const opened = await Promise.all(
    Array.from({ length: engines }, () => ChildEngine.open({ settings, clock: systemClock })),
  );
  const photos = new Array<PhotoCrop>(batch).fill(PHOTO);
  const contender: Contender = {
    key,
    name: `engine ${engines} × ${threads} thread${threads > 1 ? 's' : ''}, batch ${batch}`,
    unitsPerRound: engines * batch,
    round: () => Promise.all(opened.map((engine) => engine.run(photos))),
  };
  return { contender, close: () => Promise.all(opened.map((engine) => engine.close())) };
}

async function lrn(lrnForm: 'band' | 'op', device: Device): Promise<Contender> {
  const model = buildServingModel({
    weights: randomWeights(1),
    mean: 114.7,
    temperature: 1,
    storage: 'float32',
    lrnForm,
  });
  const session = await openSession({ model, device, threads: threadsOn(device) });
  const photos = { data: new Uint8Array(8 * PHOTO.length).fill(100), shape: [8, 1, 224, 224] };
  const key = `sessionLrnAs${lrnForm === 'op' ? 'Op' : 'Band'}`;
  return { key, name: `session, batch 8, LRN as ${lrnForm}`, unitsPerRound: 8, round: () => session.run({ photos }) };
}

async function decoding(): Promise<Contender> {
  const photos = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      formulaPhoto(800 + index, 1000)
        .jpeg({ quality: 85 })
        .toBuffer(),
    ),
  );
  return {
    key: 'decode',
    name: 'decode 800 × 1000 JPEG',
    unitsPerRound: photos.length,
    round: () => Promise.all(photos.map((bytes) => preprocessPhoto(encodedPhoto(bytes), 'cover'))),
  };
}
