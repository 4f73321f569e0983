import { LABELS, signInMargin } from '@swipenet/shared/confidence.ts';
import { CROP_SIZE, EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { encodeModel, type Graph, GraphBuilder } from '../onnx/graph-builder.ts';
import { CAST_TO_FLOAT32, type Value } from '../onnx/shape-inference.ts';
import { Layers, type LrnForm } from './layers.ts';
import { googLeNetClassifier, googLeNetFeatures } from './network.ts';
import { checkWeights, type Weights } from './weights.ts';

export interface ServingModelOptions {
  readonly weights: Weights;
  /** Subtracted from the gray levels 0–255: one level, or the center of the mean image, 224 × 224, row-major. */
  readonly mean: number | Float32Array;
  /** Divides the logits before the softmax (Guo et al. 2017). 1 changes nothing. */
  readonly temperature: number;
  /** The format of the weights in the file. The model computes in float32 either way. */
  readonly storage: 'float32' | 'float16';
  /** `band` by default. Int8 models, benchmarks and tests use the others. */
  readonly lrnForm?: LrnForm;
}

/**
 * Builds a GoogLeNet for serving as a standard ONNX file:
 *
 *     photos      uint8   [N, 1, 224, 224]   gray levels
 *     confidence  float32 [N, classes]       NOPE, LIKE; they add up to 1
 *     evidence    float32 [N, 7, 7]          where in the photo LIKE − NOPE comes from, in logits
 *     features    float32 [N, 1856]          what a head learns from: the means of inception 5b (1,024) and 5a (832)
 *
 * `evidence` is the class activation map of LIKE minus that of NOPE (Zhou et al. 2016). It applies the classifier's
 * weights to every position of the last map instead of to its mean. Hence mean(evidence) + (bias LIKE − bias NOPE) is the
 * difference of the two logits before the temperature. A model with more or fewer than two classes has no `evidence`: it
 * only serves as a starting point for training.
 *
 * @throws CommandError `weights_invalid`.
 * @throws RangeError if the mean image has the wrong size.
 */
export function buildServingModel(options: ServingModelOptions): Uint8Array {
  return encodeModel(servingGraph(options));
}

/** Builds the graph that {@link buildServingModel} encodes. */
export function servingGraph({ weights, mean, temperature, storage, lrnForm }: ServingModelOptions): Graph {
  const classes = weights.get('loss3/classifier.weight')?.shape[0] ?? 2;
  checkWeights(weights, 1, classes);
  const graph = new GraphBuilder('googlenet');
  const layers = new Layers(
    graph,
    (name, shape) => {
      const data = weights.get(name)?.data ?? [];
      return storage === 'float16'
        ? graph.halfConstant(name, shape, data)
        : graph.constant(name, 'float32', shape, data);
    },
    lrnForm,
  );

  const photos = graph.input('photos', 'uint8', ['N', 1, CROP_SIZE, CROP_SIZE]);
  const meanLevels =
    typeof mean === 'number'
      ? graph.constant('mean', 'float32', [1, 1, 1, 1], [mean])
      : graph.constant('mean', 'float32', [1, 1, CROP_SIZE, CROP_SIZE], mean);
  const levels = graph.apply('Cast', [photos], CAST_TO_FLOAT32, 'levels');
  const before: Value[] = [];
  const last = googLeNetFeatures(layers, graph.apply('Sub', [levels, meanLevels], {}, 'centred'), {
    onModule: (module, output) => {
      if (module === '5a') before.push(layers.globalAveragePool(output, 'features/5a'));
    },
  });
  const { pooled, logits, weight } = googLeNetClassifier(layers, last, classes);

  const divisor = graph.constant('temperature', 'float32', [1], [temperature]);
  const tempered = graph.apply('Div', [logits, divisor], {}, 'tempered');
  graph.output(graph.apply('Softmax', [tempered], { axis: 1 }, 'softmax'), 'confidence');
  if (classes === 2) addEvidence(graph, last, weight);
  graph.output(graph.apply('Concat', [pooled, ...before], { axis: 1 }, 'features/both'), 'features');
  return graph.build();
}

/** Adds the evidence map as the second output. */
function addEvidence(graph: GraphBuilder, features: Value, weight: Value): void {
  // [-1, 1] · [2, 1024] gives LIKE's weights minus NOPE's. ONNX Runtime folds it into a constant when it loads the model.
  const likeMinusNope = graph.constant('evidence/classes', 'float32', [1, 2], LABELS.map(signInMargin));
  const difference = graph.apply('MatMul', [likeMinusNope, weight], {}, 'evidence/difference');
  const filterShape = graph.constant('evidence/filter_shape', 'int64', [4], [1, 1024, 1, 1]);
  const filter = graph.apply('Reshape', [difference, filterShape], {}, 'evidence/filter');
  const window = { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] };
  const map = graph.apply('Conv', [features, filter], window, 'evidence/map');
  const mapShape = graph.constant('evidence/map_shape', 'int64', [3], [-1, EVIDENCE_SIDE, EVIDENCE_SIDE]);
  graph.output(graph.apply('Reshape', [map, mapShape], {}, 'evidence/rows'), 'evidence');
}
