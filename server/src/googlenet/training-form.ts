import type { Shape, Value } from '../onnx/shape-inference.ts';
import type { Layers } from './layers.ts';
import { filtersAt, googLeNetFeatures, type InceptionName } from './network.ts';

/** Where dropout stands, and the share of elements it drops (Caffe's `bvlc_googlenet/train_val.prototxt`, as DIGITS has it). */
export const DROPOUT_RATIOS = { 'loss1/drop_fc': 0.7, 'loss2/drop_fc': 0.7, 'pool5/drop_7x7_s1': 0.4 } as const;

/** The name of a dropout layer. */
export type DropoutName = keyof typeof DROPOUT_RATIOS;

/** Where a dropout's mask comes from: uint8 `[N, C]`, see Layers.dropout. */
export type MaskSource = (name: DropoutName, shape: Shape) => Value;

/** How much the loss of each classifier counts, the one that stays first; in this order the graph gives them. */
export const LOSS_WEIGHTS = { loss3: 1, loss1: 0.3, loss2: 0.3 } as const;

/** A classifier. */
export interface Head {
  readonly name: keyof typeof LOSS_WEIGHTS;
  /** `[N, classes]`. */
  readonly logits: Value;
}

/** The auxiliary classifiers (the paper's section 5): which module each looks at. */
const AUXILIARY: Partial<Record<InceptionName, 'loss1' | 'loss2'>> = { '4a': 'loss1', '4d': 'loss2' };

/** How a network for training differs from GoogLeNet itself. */
export interface TrainingFormOptions {
  readonly classes: number;
  /** Share of the paper's filters, 1 for GoogLeNet itself. */
  readonly width: number;
}

/**
 * GoogLeNet as it is trained: the network of googLeNetFeatures with dropout before its classifier and two auxiliary
 * classifiers, whose losses keep a gradient alive in the lower layers and which are thrown away afterwards.
 *
 * @param photos `[N, 1, side, side]`, mean subtracted; a side of 65 or more.
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
