import { readFile } from 'node:fs/promises';
import { buildInt8Model, int8SourceGraph, KEPT_IN_FLOAT } from '../googlenet/int8-model.ts';
import { centerCrop } from '../image/preprocess.ts';
import { type FileNetwork, grayNetwork, readNetwork } from '../interchange/import-network.ts';
import { encodeModel, type Graph } from '../onnx/graph-builder.ts';
import type { Activations } from '../onnx/quantize-graph.ts';
import { type Manifest, ruleOf } from '../registry/manifest.ts';
import { type InstalledModel, isServed } from '../registry/model-registry.ts';
import type { CalibrationMethod, Faithfulness } from '../registry/quantization.ts';
import { featuresOfLevels, scoreLevels } from '../training/evaluation/score-levels.ts';
import { FEATURE_COUNT } from '../training/head/feature-model.ts';
import { calibrate } from './calibrate.ts';
import { faithfulnessOf, featureFaithfulnessOf } from './faithfulness.ts';
import type { QuantizationPhoto, QuantizationPhotos } from './quantization-photos.ts';
import type { QuantizedBody } from './quantized-body.ts';

export interface QuantizeChoices {
  readonly photos: Pick<QuantizationPhotos, 'calibration' | 'evaluation'>;
  readonly method: CalibrationMethod;
  /** Layers that are quantized already. Their ranges are used too, instead of collecting them. */
  readonly body: QuantizedBody | undefined;
}

/** The resources and callbacks of the work. */
export interface QuantizeWork {
  readonly threads: number;
  readonly onProgress?: (title: string, done: number, total: number) => void;
}

/** A model's int8 form. */
export interface Int8Model {
  readonly bytes: Uint8Array;
  readonly faithfulness: Faithfulness;
  /** The float graph it was made from, for comparing layer by layer. */
  readonly source: Graph;
  readonly activations: Activations;
}

/**
 * Makes a model's int8 form. Collects the range of every activation over the calibration photos, quantizes the graph, and
 * compares the confidences of both models on the evaluation photos, or the features if the model has no confidences.
 * Blocks the event loop for the duration of each photo.
 *
 * @throws CommandError `weights_invalid` if the file isn't a float GoogLeNet.
 */
export async function quantizeModel(
  { manifest, modelPath }: InstalledModel,
  { photos, method, body }: QuantizeChoices,
  work: QuantizeWork,
): Promise<Int8Model> {
  const model = await readFile(modelPath);
  const source = sourceOf(readNetwork(model));
  const activations = body?.activations ?? (await measured(source, photos.calibration, method, work));
  const bytes = buildInt8Model(source, activations);
  const compare = isServed(manifest) ? compareConfidences : compareFeatures;
  const faithfulness = await compare({ manifest, model, source, int8: bytes, photos: photos.evaluation }, work);
  return { bytes, faithfulness, source, activations };
}

/** Measures a graph's activations on calibration photos. */
async function measured(
  source: Graph,
  photos: readonly QuantizationPhoto[],
  method: CalibrationMethod,
  { threads, onProgress }: QuantizeWork,
): Promise<Activations> {
  const { histograms, means } = await calibrate(source, crops(photos), {
    threads,
    kept: KEPT_IN_FLOAT,
    onProgress: (done) => onProgress?.('collecting ranges', done, photos.length),
  });
  return { means, ranges: new Map([...histograms].map(([name, histogram]) => [name, histogram.range(method)])) };
}

/** A model, its int8 form, and photos to compare them on. */
interface Comparison {
  readonly manifest: Manifest;
  /** The model's file. */
  readonly model: Uint8Array;
  readonly source: Graph;
  readonly int8: Uint8Array;
  readonly photos: readonly QuantizationPhoto[];
}

async function compareConfidences(
  { manifest, model, int8, photos }: Comparison,
  work: QuantizeWork,
): Promise<Faithfulness> {
  const parents = await collected(
    'evaluating the model',
    scoreLevels(model, levelsOf(photos), work.threads),
    photos,
    work,
  );
  const likes = await collected(
    'evaluating its int8 form',
    scoreLevels(int8, levelsOf(photos), work.threads),
    photos,
    work,
  );
  const compared = photos.map(({ label }, index) => {
    return { ...(label && { label }), model: likes[index]!, parent: parents[index]! };
  });
  // Under every rule, a photo's own verdict is that of a profile with only this photo.
  return faithfulnessOf(compared, ruleOf(manifest).threshold);
}

async function compareFeatures({ source, int8, photos }: Comparison, work: QuantizeWork): Promise<Faithfulness> {
  const rowsOf = async (title: string, file: Uint8Array) => {
    const rows = await collected(title, featuresOfLevels(file, levelsOf(photos), work.threads), photos, work);
    const all = new Float32Array(rows.length * FEATURE_COUNT);
    for (const [photo, row] of rows.entries()) all.set(row, photo * FEATURE_COUNT);
    return all;
  };
  // The model's own file may be older than the output `features`.
  const parent = await rowsOf('evaluating the model', encodeModel(source));
  return featureFaithfulnessOf(await rowsOf('evaluating its int8 form', int8), parent);
}

/** Collects results, one per photo. */
async function collected<Result>(
  title: string,
  results: AsyncIterable<Result>,
  photos: readonly unknown[],
  { onProgress }: QuantizeWork,
): Promise<Result[]> {
  const all: Result[] = [];
  for await (const result of results) {
    all.push(result);
    onProgress?.(title, all.length, photos.length);
  }
  return all;
}

function sourceOf(read: FileNetwork): Graph {
  const { weights, mean } = grayNetwork(read);
  return int8SourceGraph({ weights, mean, temperature: read.temperature ?? 1 });
}

function* crops(photos: readonly QuantizationPhoto[]) {
  for (const { levels } of photos) yield centerCrop(levels);
}

async function* levelsOf(photos: readonly QuantizationPhoto[]) {
  for (const { levels } of photos) yield levels;
}
