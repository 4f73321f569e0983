import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { reduceSum, scale } from '../../onnx/operations.ts';
import type { Value } from '../../onnx/shape-inference.ts';

/**
 * Adds the softmax cross-entropy, averaged over a batch, in nats: −(1/batchSize) Σ targets · log softmax(logits). The
 * losses of all parts of a batch add up to that of the batch.
 *
 * @param logits `[N, classes]`.
 * @param targets `[N, classes]`, 0 or more. A photo with a label has 1 there and 0 elsewhere. A photo that is partly one
 *   class and partly another has its shares. A row's sum is the photo's weight, and need not be 1.
 * @param batchSize the number of photos in the whole batch, N or more.
 * @returns a scalar.
 */
export function softmaxCrossEntropy(graph: GraphBuilder, logits: Value, targets: Value, batchSize: number): Value {
  const logProbabilities = graph.apply('LogSoftmax', [logits], { axis: 1 });
  const picked = reduceSum(graph, graph.apply('Mul', [logProbabilities, targets]), [0, 1]);
  return scale(graph, picked, -1 / batchSize);
}

/** Converts labels `[N]` to targets for {@link softmaxCrossEntropy}, `[N, classes]`. */
export function oneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  const targets = new Float32Array(labels.length * classes);
  for (let index = 0; index < labels.length; index += 1) targets[index * classes + labels[index]!] = 1;
  return targets;
}
