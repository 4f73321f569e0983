import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { Layers } from '../../googlenet/layers.ts';
import { googLeNetFeatures } from '../../googlenet/network.ts';
import type { Weights } from '../../googlenet/weights.ts';
import { encodeModel, GraphBuilder } from '../../onnx/graph-builder.ts';

export { FEATURE_COUNT, FEATURE_COUNTS } from '../../googlenet/linear-head.ts';

/**
 * Builds the model that computes features, as the bytes of an ONNX file: photos float32 `[N, 1, 224, 224]`, mean
 * subtracted, → `features` float32 `[N, 1856]`. The features are the spatial means of inception 5b (pool5, the input of
 * GoogLeNet's classifier) and of inception 5a before it.
 */
export function buildFeatureModel(weights: Weights): Uint8Array {
  const graph = new GraphBuilder('features');
  const layers = new Layers(graph, (name, shape) => graph.constant(name, 'float32', shape, weights.get(name)!.data));
  const photos = graph.input('photos', 'float32', ['N', 1, CROP_SIZE, CROP_SIZE]);
  const before = { means: photos };
  const last = googLeNetFeatures(layers, photos, {
    onModule: (module, output) => {
      if (module === '5a') before.means = layers.globalAveragePool(output, 'features/5a');
    },
  });
  const means = [layers.globalAveragePool(last, 'features/5b'), before.means];
  graph.output(graph.apply('Concat', means, { axis: 1 }, 'features/both'), 'features');
  return encodeModel(graph.build());
}
