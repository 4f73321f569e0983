import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { type OipInferAnswer, SHA256_PARAMETER } from '@swipenet/shared/contract/oip.ts';
import type { Context } from 'hono';
import type { TimedInference } from '../../../inference/scorer.ts';
import { JSON_LENGTH_HEADER, joinMessage } from '../../../oip/message.ts';
import { bytesOfFloats, OUTPUTS, type OutputName, PHOTOS, valuesPerPhoto } from '../../../oip/tensors.ts';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';
import { GrowingBytes } from '../../form/growing-bytes.ts';
import { assertReady } from '../health-routes.ts';
import { DEADLINE_MS } from '../score-route.ts';
import { type InferRequest, readInferRequest } from './infer-request.ts';
import { servedAs, versionOf } from './served-model.ts';

/**
 * `POST /v2/models/:model/infer`: runs the network on photos that are ready for it. They aren't cached: the server in
 * front of this one has a cache of its own, and knows the photos as they were sent.
 */
export function oipInferRoute(dependencies: AppDependencies) {
  const { deadline, now, metrics } = dependencies;
  return async (context: Context<AppEnv>): Promise<Response> => {
    const start = now();
    const model = servedAs(context, dependencies);
    assertReady(model.state);
    const latest = deadline(DEADLINE_MS);
    const request = readInferRequest(await readBody(context), context.req.header(JSON_LENGTH_HEADER), model.outputs);
    const timeoutMs = Math.min(request.timeoutMs ?? DEADLINE_MS, DEADLINE_MS);
    const signal = AbortSignal.any([
      context.req.raw.signal,
      latest,
      ...(request.timeoutMs ? [deadline(timeoutMs)] : []),
    ]);
    context.set('model', model.answer);
    const started = metrics.forModel(model.answer).pending();
    const { photos, priority } = request;
    const options = { priority, signal, caller: context.get('caller'), until: start + timeoutMs, onStart: started };
    const inferred = await model.scorer.infer(photos, options).finally(started);
    context.set('scored', inferred);
    return answerOf(request, inferred, model.answer.sha256, context);
  };
}

async function readBody(context: Context<AppEnv>): Promise<Uint8Array> {
  const bytes = new GrowingBytes(valuesPerPhoto(PHOTOS));
  for await (const chunk of context.get('body')) bytes.append(chunk);
  return bytes.joined();
}

function answerOf(
  { id, outputs }: InferRequest,
  photos: readonly TimedInference[],
  sha256: string,
  context: Context<AppEnv>,
): Response {
  const binary: Uint8Array[] = [];
  const answer: OipInferAnswer = {
    model_name: context.req.param('model') ?? '',
    model_version: versionOf(sha256),
    ...(id !== undefined && { id }),
    parameters: { [SHA256_PARAMETER]: sha256 },
    outputs: outputs.map(({ name, isBinary }) => {
      const values = outputOf(name, photos);
      const { datatype, perPhoto } = OUTPUTS[name];
      const tensor = { name, datatype, shape: [photos.length, ...perPhoto] };
      if (!isBinary) return { ...tensor, data: [...values] };
      binary.push(bytesOfFloats(values));
      return { ...tensor, parameters: { binary_data_size: values.byteLength } };
    }),
  };
  if (binary.length === 0) return context.json(answer);
  const { body, jsonLength } = joinMessage(answer, binary);
  const headers = { 'Content-Type': 'application/octet-stream', [JSON_LENGTH_HEADER]: String(jsonLength) };
  return context.body(body as Uint8Array<ArrayBuffer>, 200, headers);
}

/** Joins an output of all photos: `[N, …]`. Throws SwipenetError `engine_failed` if a value isn't a finite number. */
function outputOf(name: OutputName, photos: readonly TimedInference[]): Float32Array {
  const perPhoto = valuesPerPhoto(OUTPUTS[name]);
  const values = new Float32Array(photos.length * perPhoto);
  for (const [index, photo] of photos.entries()) {
    // The engine keeps only the confidence in LIKE. The two add up to 1, because they come from a softmax.
    const part = name === 'confidence' ? [1 - photo.like, photo.like] : photo[name];
    if (part.length !== perPhoto) throw new SwipenetError('engine_failed', `the model returned no ${name}`);
    values.set(part, index * perPhoto);
  }
  if (values.every(Number.isFinite)) return values;
  throw new SwipenetError('engine_failed', `the model returned a value of ${name} that is not a finite number`);
}
