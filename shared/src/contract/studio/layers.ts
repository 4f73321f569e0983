import * as z from 'zod/mini';
import { fractionSchema } from '../../fraction.ts';

/** The layers of GoogLeNet that can be looked into, from the first to the last. */
export const LAYERS = [
  'conv1',
  'conv2',
  'inception_3a',
  'inception_3b',
  'inception_4a',
  'inception_4b',
  'inception_4c',
  'inception_4d',
  'inception_4e',
  'inception_5a',
  'inception_5b',
  'pool5',
  'classifier',
] as const;

export type LayerName = (typeof LAYERS)[number];

const countSchema = z.int().check(z.gte(0));

/** What a layer makes of one photo. */
export const layerViewSchema = z.object({
  /** The ID of the fp32 model. */
  model: z.string(),
  /** The photo's LIKE confidence, by the same computation. */
  like: fractionSchema,
  layer: z.enum(LAYERS),
  /** The width and height of each map. It is 1 for layers after the last map. */
  side: countSchema,
  /** Of all activations of the layer. */
  statistics: z.object({
    mean: z.number(),
    deviation: z.number(),
    least: z.number(),
    most: z.number(),
    /** The fraction that is exactly 0, which ReLU makes of everything negative. */
    zeros: fractionSchema,
    /** How many there are in each of equal spans from `least` to `most`. */
    histogram: z.array(countSchema),
  }),
  /** The maps, by their mean, the largest first. A channel is its place in the layer, starting at 0. */
  maps: z.array(z.object({ channel: countSchema, mean: z.number(), most: z.number() })),
  /**
   * Their gray levels in base64, `[maps, side, side]`: each map from its own least value, black, to its own most, white.
   */
  pixels: z.string(),
});

export type LayerView = z.infer<typeof layerViewSchema>;
