import type { Precision } from '@swipenet/shared/contract/model.ts';
import { precisionOf } from './choose-precision.ts';
import type { Manifest } from './manifest.ts';

/** The network body that computed features: all layers but the classifier. Features of different bodies don't mix. */
export interface NetworkBody {
  /** SHA-256 of the `model.onnx` of the network for heads, in hex. */
  readonly sha256: string;
  readonly precision: Precision;
}

/** Returns the body that a model shares with a network for heads such as `base`. Undefined for any other model. */
export function bodyOf(manifest: Manifest): NetworkBody | undefined {
  const { headOf, spareFilters, quantization, model } = manifest;
  const sha256 = headOf?.sha256 ?? (spareFilters && (quantization?.parentSha256 ?? model.sha256));
  return sha256 === undefined ? undefined : { sha256, precision: precisionOf(manifest) };
}
