import type { Shape, Value } from '../onnx/shape-inference.ts';
import type { Layers } from './layers.ts';
import { filtersAt, googLeNetFeatures, type InceptionName } from './network.ts';

/** The dropout layers and the share of elements each drops (Caffe's `bvlc_googlenet/train_val.prototxt`, as in DIGITS). */
export const DROPOUT_RATIOS = { 'loss1/drop_fc': 0.7, 'loss2/drop_fc': 0.7, 'pool5/drop_7x7_s1': 0.4 } as const;

export type DropoutName = keyof typeof DROPOUT_RATIOS;

/** Provides the mask of a dropout layer, uint8 `[N, C]` (see `Layers.dropout`). */
export type MaskSource = (name: DropoutName, shape: Shape) => Value;

/** The weight of each classifier's loss. The graph returns the classifiers in this order, the permanent one first. */
export const LOSS_WEIGHTS = { loss3: 1, loss1: 0.3, loss2: 0.3 } as const;

/** One of the network's classifiers. */
export interface Head {
  readonly name: keyof typeof LOSS_WEIGHTS;
  /** `[N, classes]`. */
  readonly logits: Value;
}

/** The auxiliary classifiers (section 5 of the paper) by the module whose output they read. */
const AUXILIARY: Partial<Record<InceptionName, 'loss1' | 'loss2'>> = { '4a': 'loss1', '4d': 'loss2' };

/** How the training network differs from GoogLeNet itself. */
export interface TrainingFormOptions {
  readonly classes: number;
  /** Share of the paper's filters. 1 is GoogLeNet itself. */
  readonly width: number;
}

/**
 * GoogLeNet in training form: with dropout before the classifier, and with two auxiliary classifiers. Their losses keep
 * the gradient in the lower layers from vanishing. After training they are discarded.
 *
 * @param photos `[N, 1, side, side]`, mean subtracted. `side` is at least 65.
 * @returns the heads in the order of {@link LOSS_WEIGHTS}.
 */
export function googLeNetForTraining(
  layers: Layers,
  photos: Value,
  masks: MaskSource,
  { classes, width }: TrainingFormOptions,
): readonly [Head, ...Head[]] {
  const auxiliary: Head[] = [];
  const features = googLeNetFeatures(layers, photos, {
    width,
    onModule: (module, output) => {
      const name = AUXILIARY[module];
      if (!name) return;
      const pooled = layers.averagePool(output, `${name}/ave_pool`, { kernel: 5, stride: 3 });
      const conv = layers.convRelu(pooled, `${name}/conv`, filtersAt(width, 128), { kernel: 1 });
      const fc = layers.linear(layers.flatten(conv, `${name}/flat`), `${name}/fc`, filtersAt(width, 1024)).logits;
      const hidden = drop(layers, layers.relu(fc, `${name}/relu_fc`), `${name}/drop_fc`, masks);
      const { logits } = layers.linear(hidden, `${name}/classifier`, classes);
      auxiliary.push({ name, logits });
    },
  });
  const mean = drop(layers, layers.globalAveragePool(features, 'pool5'), 'pool5/drop_7x7_s1', masks);
  const { logits } = layers.linear(mean, 'loss3/classifier', classes);
  return [{ name: 'loss3', logits }, ...auxiliary];
}

function drop(layers: Layers, x: Value, name: DropoutName, masks: MaskSource): Value {
  return layers.dropout(x, masks(name, x.shape), name, DROPOUT_RATIOS[name]);
}
