import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { CAST_TO_FLOAT32, type Value } from '../../onnx/shape-inference.ts';
import { centerOf } from '../dataset/batches/augment.ts';

/** Where the crops of a batch are in their 256 × 256 photos: `[N]` each, int32 (`placeOf` in dataset/batches/augment.ts). */
export interface CropPlaces {
  readonly origins: Value;
  readonly directions: Value;
}

/**
 * Subtracts the mean from crops, each at the crop's own position and mirrored like it, as Caffe's DataTransformer does
 * (src/caffe/data_transformer.cpp). That happens in the graph so that a photo travels to the device as bytes.
 *
 * @param photos uint8 `[N, 1, size, size]`.
 * @param mean gray levels, `[256, 256]`.
 * @returns float32 `[N, 1, size, size]`.
 */
export function centerCrops(
  graph: GraphBuilder,
  photos: Value,
  { origins, directions }: CropPlaces,
  mean: Float32Array,
): Value {
  const [count, , size] = photos.shape as [number, number, number];
  const line = Array.from({ length: size }, (_, index) => index);
  const eachPhoto = graph.ints([count, 1, 1, 1]);
  const rows = graph.constant(
    'crop/rows',
    'int32',
    [1, 1, size, 1],
    line.map((row) => row * DECODED_SIZE),
  );
  const columns = graph.constant('crop/columns', 'int32', [1, 1, 1, size], line);
  const starts = graph.apply('Add', [graph.apply('Reshape', [origins, eachPhoto]), rows]);
  const steps = graph.apply('Mul', [graph.apply('Reshape', [directions, eachPhoto]), columns]);
  const places = graph.apply('Add', [starts, steps], {}, 'crop/places');
  const levels = graph.constant('mean', 'float32', [mean.length], mean);
  const subtracted = graph.apply('Gather', [levels, places], { axis: 0 }, 'crop/mean');
  return graph.apply('Sub', [asFloats(graph, photos), subtracted], {}, 'centered');
}

/** Subtracts the mean from center crops, uint8 `[N, 1, size, size]`, for any N. */
export function centerCenterCrops(graph: GraphBuilder, photos: Value, mean: Float32Array): Value {
  const size = photos.shape[2] as number;
  const { left, top } = centerOf(size);
  const center = Float32Array.from({ length: size * size }, (_, at) => {
    return mean[(top + Math.floor(at / size)) * DECODED_SIZE + left + (at % size)]!;
  });
  const subtracted = graph.constant('mean', 'float32', [1, 1, size, size], center);
  return graph.apply('Sub', [asFloats(graph, photos), subtracted], {}, 'centered');
}

const asFloats = (graph: GraphBuilder, photos: Value) => graph.apply('Cast', [photos], CAST_TO_FLOAT32, 'levels');
