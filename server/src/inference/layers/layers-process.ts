// The program of the process that looks into layers. ONNX Runtime blocks its thread and can crash its process, so it has
// a process of its own.
import { likesOf } from '@swipenet/shared/confidence.ts';
import type { LayerName } from '@swipenet/shared/contract/studio/layers.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import type { Exchange } from '../../child/protocol.ts';
import { serveParent } from '../../child/serve-parent.ts';
import { withObservedValues } from '../../onnx/observe-values.ts';
import { openSession, type Session } from '../../runtime/session.ts';
import { readModelFile } from '../read-model-file.ts';
import { describeLayer, type LayerActivity } from './layer-statistics.ts';
import { LAYER_VALUES } from './layer-values.ts';

/** A photo, `[224, 224]` gray levels, and the layer to look into. */
export interface LayerQuestion {
  readonly crop: Uint8Array;
  readonly layer: LayerName;
}

/** The photo's LIKE confidence, and what the layer makes of it. */
export type LayerAnswer = LayerActivity & { readonly like: number };

/** The questions that the process answers: `open` opens a model's file, then `look` looks into its layers. */
export type LayersProtocol = {
  readonly open: Exchange<{ readonly modelPath: string; readonly sha256: string }, void>;
  readonly look: Exchange<LayerQuestion, LayerAnswer>;
};

let session: Session;

serveParent<LayersProtocol>({
  open: async (file) => {
    const model = withObservedValues(await readModelFile(file), Object.values(LAYER_VALUES));
    session = await openSession({ model, device: 'cpu', threads: 1 });
  },
  look: async ({ crop, layer }) => {
    const outputs = await session.run({ photos: { data: crop, shape: [1, 1, CROP_SIZE, CROP_SIZE] } });
    const { data, shape } = outputs[LAYER_VALUES[layer].name]!;
    return { like: likesOf(outputs.confidence!.data)[0]!, ...describeLayer(data, shape[1]!) };
  },
});
