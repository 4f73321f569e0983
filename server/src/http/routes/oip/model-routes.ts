import type { OipModel, OipReady, OipServer } from '@swipenet/shared/contract/oip.ts';
import type { Context } from 'hono';
import { modelConfig } from '../../../oip/model-config.ts';
import { OUTPUTS, PHOTOS, type TensorForm } from '../../../oip/tensors.ts';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';
import { assertReady } from '../health-routes.ts';
import { type Offering, servedAs, versionOf } from './served-model.ts';

/** The extensions of the protocol, by Triton's names: binary tensors, the config, and `priority` and `timeout`. */
const EXTENSIONS = ['binary_tensor_data', 'model_configuration', 'schedule_policy'];

/** `GET /v2`: describes the server. */
export function oipServerRoute({ served }: Pick<AppDependencies, 'served'>) {
  return (context: Context<AppEnv>): Response => {
    const { version = '0' } = served().answer;
    return context.json({ name: 'swipenet', version, extensions: EXTENSIONS } satisfies OipServer);
  };
}

/** `GET /v2/models/:model`: describes the model's inputs and outputs. */
export function oipModelRoute(offering: Offering) {
  return (context: Context<AppEnv>): Response => {
    const model = servedAs(context, offering);
    const metadata = ({ name, datatype, perPhoto }: TensorForm) => ({ name, datatype, shape: [-1, ...perPhoto] });
    const answer: OipModel = {
      name: context.req.param('model') ?? '',
      versions: [versionOf(model.answer.sha256)],
      platform: 'onnxruntime_onnx',
      inputs: [metadata(PHOTOS)],
      outputs: model.outputs.map((name) => metadata(OUTPUTS[name])),
    };
    return context.json(answer);
  };
}

/** `GET /v2/models/:model/ready`: returns 200 if the model can score photos, otherwise 503. */
export function oipModelReadyRoute(offering: Offering) {
  return (context: Context<AppEnv>): Response => {
    assertReady(servedAs(context, offering).state);
    return context.json({ name: context.req.param('model') ?? '', ready: true } satisfies OipReady);
  };
}

/** `GET /v2/models/:model/config`: returns what Triton's `config.pbtxt` has, with the SHA-256 of the model's file. */
export function oipModelConfigRoute(offering: Offering) {
  return (context: Context<AppEnv>): Response => {
    const model = servedAs(context, offering);
    const outputs = model.outputs.map((name) => OUTPUTS[name]);
    return context.json(modelConfig(context.req.param('model') ?? '', outputs, model.answer.sha256));
  };
}
