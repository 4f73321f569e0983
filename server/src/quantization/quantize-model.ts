import { readFile } from 'node:fs/promises';
import { buildInt8Model, int8SourceGraph, KEPT_IN_FLOAT } from '../googlenet/int8-model.ts';
import { centerCrop } from '../image/preprocess.ts';
import { type FileNetwork, grayNetwork, readNetwork } from '../interchange/import-network.ts';
import type { Graph } from '../onnx/graph-builder.ts';
import type { Activations } from '../onnx/quantize-graph.ts';
import { ruleOf } from '../registry/manifest.ts';
import type { InstalledModel } from '../registry/model-folder.ts';
import type { CalibrationMethod, Faithfulness } from '../registry/quantization.ts';
import { scoreLevels } from '../training/evaluation/score-levels.ts';
import { calibrate } from './calibrate.ts';
import { faithfulnessOf } from './faithfulness.ts';
import type { QuantizationPhoto, QuantizationPhotos } from './quantization-photos.ts';

export interface QuantizeChoices {
  readonly photos: Pick<QuantizationPhotos, 'calibration' | 'evaluation'>;
  readonly method: CalibrationMethod;
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
 * compares the confidences of both models on the evaluation photos. Blocks the event loop for the duration of each photo.
 *
 * @throws CommandError `weights_invalid` if the file isn't a float GoogLeNet.
 */
export async function quantizeModel(
  { manifest, modelPath }: InstalledModel,
  { photos, method }: QuantizeChoices,
  { threads, onProgress }: QuantizeWork,
): Promise<Int8Model> {
  const model = await readFile(modelPath);
  const source = sourceOf(readNetwork(model));
  const { calibration, evaluation } = photos;
  const { histograms, means } = await calibrate(source, crops(calibration), {
    threads,
    kept: KEPT_IN_FLOAT,
    onProgress: (done) => onProgress?.('collecting ranges', done, calibration.length),
  });
  const ranges = new Map([...histograms].map(([name, histogram]) => [name, histogram.range(method)]));
  const activations = { ranges, means };
  const bytes = buildInt8Model(source, activations);
  const score = async (title: string, file: Uint8Array) => {
    const likes: number[] = [];
    for await (const like of scoreLevels(file, levelsOf(evaluation), threads)) {
      likes.push(like);
      onProgress?.(title, likes.length, evaluation.length);
    }
    return likes;
  };
  const parent = await score('evaluating the model', model);
  const int8 = await score('evaluating its int8 form', bytes);
  const compared = evaluation.map(({ label }, index) => {
    return { ...(label && { label }), model: int8[index]!, parent: parent[index]! };
  });
  // Under every rule, a photo's own verdict is that of a profile with only this photo.
  const { threshold } = ruleOf(manifest);
  return { bytes, faithfulness: faithfulnessOf(compared, threshold), source, activations };
}

function sourceOf(read: FileNetwork): Graph {
  const { weights, mean } = grayNetwork(read, undefined);
  return int8SourceGraph({ weights, mean, temperature: read.temperature ?? 1 });
}

function* crops(photos: readonly QuantizationPhoto[]) {
  for (const { levels } of photos) yield centerCrop(levels);
}

async function* levelsOf(photos: readonly QuantizationPhoto[]) {
  for (const { levels } of photos) yield levels;
}
