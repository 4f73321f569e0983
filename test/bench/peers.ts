import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { cores } from '@swipenet/server/config/machine.ts';
import { encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { preprocessPhoto } from '@swipenet/server/image/preprocess.ts';
import { exportNetwork } from '@swipenet/server/interchange/export-network.ts';
import { readNetwork } from '@swipenet/server/interchange/import-network.ts';
import { type InstalledModel, loadModel } from '@swipenet/server/registry/model-registry.ts';
import { openSession } from '@swipenet/server/runtime/session.ts';
import { openLayout } from './limits.ts';
import { type Contender, race } from './measure.ts';
import { installPeers, openPeer, type PeerTask } from './peers/python-peer.ts';
import { type BenchResult, type Figure, formatFigures } from './report.ts';
import { benchPhotos } from './serving/photos.ts';
import { openStep, STEP } from './training.ts';

const BATCHES = [1, 8] as const;
const TURNS = 6;
const STEP_TURNS = 4;
const ROUNDS_PER_TURN = { score: 4, step: 1 };

/** How far a peer's confidences may be from ours. Runtimes round int8 differently. */
const TOLERANCE = { fp32: 1e-4, int8: 0.05 };

type Precision = keyof typeof TOLERANCE;

/** The peers, and the file format in which each gets the network. */
const SCORERS = [
  { runtime: 'onnxruntime', name: 'onnxruntime (Python)', precisions: ['fp32', 'int8'] },
  { runtime: 'openvino', name: 'OpenVINO', precisions: ['fp32', 'int8'] },
  { runtime: 'opencv', name: 'OpenCV DNN', precisions: ['fp32', 'int8'] },
  { runtime: 'pytorch', name: 'PyTorch', precisions: ['fp32'] },
] as const;

/** Something to measure, and how to end it. */
interface Entrant {
  readonly contender: Contender;
  readonly close: () => unknown;
}

/** What the peers get: the files of the network and the photos. */
interface Given {
  readonly python: string;
  readonly models: Readonly<Record<Precision, InstalledModel>>;
  readonly safetensors: string;
  readonly temperature: number;
  /** Gray levels `[8, 1, 224, 224]`. */
  readonly photos: string;
  /** Our LIKE confidences of these photos. */
  readonly likes: Readonly<Record<Precision, readonly number[]>>;
}

/**
 * Measures the same network on the same photos in other runtimes, in turns with ours: scoring batches of 1 and 8, in
 * float and int8, with all cores, and a training step. A peer that can't run the model, or computes other confidences,
 * is left out, with the reason.
 */
export async function peersBench(): Promise<BenchResult> {
  const python = installPeers();
  const folder = await mkdtemp(join(tmpdir(), 'swipenet-peers-'));
  const leftOut: string[] = [];
  try {
    const given = await prepare(python, folder);
    const figures: Figure[] = [];
    for (const precision of ['fp32', 'int8'] as const) {
      for (const batch of BATCHES) figures.push(...(await raceScorers(given, precision, batch, leftOut)));
    }
    figures.push(...(await raceSteps(given, leftOut)));
    return { figures, text: [formatFigures(figures), ...leftOut].join('\n') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes the network and the photos to files, and scores the photos. */
async function prepare(python: string, folder: string): Promise<Given> {
  const folders = [EMBEDDED_MODEL.folder];
  const models = {
    fp32: await loadModel(folders, EMBEDDED_MODEL.id),
    int8: await loadModel(folders, `${EMBEDDED_MODEL.id}-int8`),
  };
  const crops = (await benchPhotos()).slice(0, 8).map((photo) => preprocessPhoto(encodedPhoto(photo), 'cover'));
  const levels = Buffer.concat(await Promise.all(crops));
  const [photos, safetensors] = [join(folder, 'photos.bin'), join(folder, 'model.safetensors')];
  const file = await readFile(models.fp32.modelPath);
  await writeFile(photos, levels);
  await writeFile(safetensors, exportNetwork(file, 'safetensors', {}));
  const likes = { fp32: await likesOf(models.fp32, levels), int8: await likesOf(models.int8, levels) };
  return { python, models, safetensors, temperature: readNetwork(file).temperature ?? 1, photos, likes };
}

async function likesOf({ modelPath }: InstalledModel, levels: Uint8Array): Promise<number[]> {
  const session = await openSession({ model: await readFile(modelPath), device: 'cpu', threads: cores });
  const { confidence } = await session.run({ photos: { data: levels, shape: [8, 1, 224, 224] } });
  await session.close();
  return Array.from({ length: 8 }, (_, photo) => Number(confidence!.data[2 * photo + 1]));
}

async function raceScorers(
  given: Given,
  precision: Precision,
  batch: (typeof BATCHES)[number],
  leftOut: string[],
): Promise<Figure[]> {
  const { models, safetensors, likes } = given;
  const key = `${precision}Batch${batch}`;
  const layout = batch === 1 ? { engines: 1, threads: cores } : { engines: cores, threads: 1 };
  const ours = await openLayout(models[precision], { key: `${key}Swipenet`, ...layout, batch, device: 'cpu' });
  const peers = SCORERS.filter(({ precisions }) => (precisions as readonly Precision[]).includes(precision));
  const opened: Entrant[] = [ours];
  for (const { runtime, name } of peers) {
    const file = models[runtime === 'openvino' ? 'fp32' : precision].modelPath; // OpenVINO quantizes it itself
    const model = runtime === 'pytorch' ? safetensors : file;
    const task = { runtime, task: 'score', precision, model, batch } as const;
    const peer = await openEntrant(given, `${key}${runtime}`, name, task, (theirs) => {
      const off = Math.max(...theirs.map((like, photo) => Math.abs(like - likes[precision][photo]!)));
      return off <= TOLERANCE[precision] ? undefined : `its confidences are off by ${off.toFixed(4)}`;
    });
    if (typeof peer === 'string') leftOut.push(`left out: ${name}, ${precision}, batch ${batch}: ${peer}`);
    else opened.push(peer);
  }
  return await raced(opened, TURNS, ROUNDS_PER_TURN.score, 'photos/s', `${precision}, batch ${batch}`);
}

async function raceSteps(given: Given, leftOut: string[]): Promise<Figure[]> {
  const ours = await openStep('cpu');
  const task = {
    runtime: 'pytorch',
    task: 'train',
    precision: 'fp32',
    model: given.safetensors,
    batch: STEP.batchSize,
  } as const;
  const peer = await openEntrant(given, 'stepPytorch', 'PyTorch', task, () => undefined);
  if (typeof peer === 'string') leftOut.push(`left out: PyTorch, training step: ${peer}`);
  const opened = typeof peer === 'string' ? [ours] : [ours, peer];
  return await raced(opened, STEP_TURNS, ROUNDS_PER_TURN.step, 'images/s', `training step, batch ${STEP.batchSize}`);
}

/** Opens a peer, or returns why it can't take part. */
async function openEntrant(
  { python, temperature, photos }: Given,
  key: string,
  name: string,
  task: Omit<PeerTask, 'temperature' | 'photos' | 'threads'>,
  faultOf: (likes: readonly number[]) => string | undefined,
): Promise<Entrant | string> {
  try {
    const peer = await openPeer(python, { ...task, temperature, photos, threads: cores });
    const fault = faultOf(peer.likes);
    const unitsPerRound = task.batch;
    if (!fault) {
      const contender = { key, name: `${name} ${peer.version}`, unitsPerRound, round: peer.round };
      return { contender, close: peer.close };
    }
    peer.close();
    return fault;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Lets entrants take turns, then ends them. The first one is ours. */
async function raced(
  entrants: readonly Entrant[],
  turns: number,
  roundsPerTurn: number,
  unit: string,
  what: string,
): Promise<Figure[]> {
  const speeds = await race(
    entrants.map(({ contender }) => contender),
    turns,
    roundsPerTurn,
  );
  await Promise.all(entrants.map(({ close }) => close()));
  const [ours] = speeds;
  return speeds.flatMap(({ key, name, perSecond, medianMs }, place) => {
    if (place === 0) return [{ key, name: `${what}: Swipenet, ${name}`, value: perSecond, unit, medianMs }];
    const ratio = perSecond / ours!.perSecond;
    return [
      { key, name: `  ${name}`, value: perSecond, unit, medianMs },
      { key: `${key}Ratio`, name: '    relative to ours', value: ratio, unit: '×' },
    ];
  });
}
