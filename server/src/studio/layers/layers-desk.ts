import type { LayerName, LayerView } from '@swipenet/shared/contract/studio/layers.ts';
import type { Home } from '../../home/home.ts';
import { encodedPhoto } from '../../image/photo-bytes.ts';
import { centerCrop } from '../../image/preprocess.ts';
import type { DecoderPool } from '../../inference/decoding/decoder-pool.ts';
import type { LayerViewer } from '../../inference/layers/layer-viewer.ts';
import type { PermitOptions } from '../../inference/priority-semaphore.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { loadServedModel } from '../../registry/model-registry.ts';

/** What the desk needs from the rest of the server. */
export interface LayersDeskOptions {
  readonly home: Home;
  /** Returns the ID of the model that the server uses. */
  readonly servedId: () => string;
  /** Decode the photos, as for scoring. */
  readonly decoders: Pick<DecoderPool, 'decode'>;
  readonly viewer: Pick<LayerViewer, 'look' | 'close'>;
}

/** Shows what the layers of the model in use make of a photo. */
export class LayersDesk {
  readonly #options: LayersDeskOptions;

  constructor(options: LayersDeskOptions) {
    this.#options = options;
  }

  /**
   * Looks into a layer of the model in use, or of its parent if it is an int8 form. Throws SwipenetError about the photo;
   * CommandError `model_missing`, `model_invalid`, `model_hash_mismatch`; the signal's reason.
   */
  async look(photo: Uint8Array, layer: LayerName, options: Omit<PermitOptions, 'priority'>): Promise<LayerView> {
    const { home, servedId, decoders, viewer } = this.#options;
    const folders = modelFolders(home);
    const served = await loadServedModel(folders, servedId());
    const { quantization } = served.manifest;
    const model = quantization ? await loadServedModel(folders, quantization.parent) : served;
    const { resize } = model.manifest.preprocessing;
    const { gray } = await decoders.decode(encodedPhoto(photo), resize, { ...options, priority: 'ahead' });
    const { pixels, ...seen } = await viewer.look(model, { crop: centerCrop(gray), layer }, options.signal);
    return { model: model.manifest.id, layer, ...seen, pixels: Buffer.from(pixels).toString('base64') };
  }

  async close(): Promise<void> {
    await this.#options.viewer.close();
  }
}
