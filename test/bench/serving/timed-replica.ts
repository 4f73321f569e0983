// node timed-replica.ts SHA256 BATCH-MS PHOTO-MS: a replica that takes a fixed time per batch and per photo, and computes
// nothing. It works on one batch at a time, and every photo is a LIKE of 0.75. Only time is simulated: the protocol is the
// real one.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesOfTensors, JSON_LENGTH_HEADER, joinMessage, splitMessage } from '@swipenet/server/oip/message.ts';
import { bytesOfFloats, OUTPUTS, PHOTOS, readLevels, valuesPerPhoto } from '@swipenet/server/oip/tensors.ts';
import { oipInferRequestSchema, SHA256_PARAMETER } from '@swipenet/shared/contract/oip.ts';

const [sha256 = '', perBatch, perPhoto] = process.argv.slice(2);
const NEEDED = [OUTPUTS.confidence, OUTPUTS.evidence];
const MAX_JSON_BYTES = 1e6;

/** When the batches that it has are done. */
let busyUntilMs = 0;

async function infer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const header = request.headers[JSON_LENGTH_HEADER.toLowerCase()] as string;
  const { json, binary } = splitMessage(Buffer.concat(chunks), header, MAX_JSON_BYTES);
  const { inputs } = oipInferRequestSchema.parse(json);
  const levels = readLevels(inputs[0]!, bytesOfTensors(inputs, binary).get(PHOTOS.name));
  const photos = levels.length / valuesPerPhoto(PHOTOS);
  busyUntilMs = Math.max(busyUntilMs, performance.now()) + Number(perBatch) + photos * Number(perPhoto);
  const left = busyUntilMs - performance.now();
  if (left > 0) await sleep(left);
  // The server in front refuses a model that gives the two test photos the same evidence.
  const evidence = Float32Array.from({ length: photos * 49 }, (_, at) => levels[Math.floor(at / 49) * 224 ** 2]!);
  const values = [Float32Array.from({ length: photos * 2 }, (_, at) => (at % 2 ? 0.75 : 0.25)), evidence];
  const outputs = NEEDED.map(({ name, datatype, perPhoto: shape }, at) => ({
    ...{ name, datatype, shape: [photos, ...shape], parameters: { binary_data_size: values[at]!.byteLength } },
  }));
  const parameters = { [SHA256_PARAMETER]: sha256 };
  const { body, jsonLength } = joinMessage({ model_name: 'swipenet', parameters, outputs }, values.map(bytesOfFloats));
  response.writeHead(200, { [JSON_LENGTH_HEADER]: String(jsonLength) }).end(body);
}

const answers: Readonly<Record<string, object>> = {
  '/v2': { name: 'timed', version: '1', extensions: ['binary_tensor_data'] },
  ready: { ready: true },
  config: { name: 'swipenet', parameters: { [SHA256_PARAMETER]: { string_value: sha256 } } },
  metadata: { name: 'swipenet', inputs: [], outputs: [] },
};

const server = createServer((request, response) => {
  const path = request.url ?? '';
  if (path.endsWith('/infer')) return void infer(request, response).catch(() => response.destroy());
  const answer = answers[path] ?? answers[path.split('/').at(-1)!] ?? answers.metadata;
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
