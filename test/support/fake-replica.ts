import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { bytesOfTensors, JSON_LENGTH_HEADER, joinMessage, splitMessage } from '@swipenet/server/oip/message.ts';
import {
  bytesOfFloats,
  OUTPUTS,
  type OutputName,
  PHOTOS,
  readLevels,
  valuesPerPhoto,
} from '@swipenet/server/oip/tensors.ts';
import { type OipInferAnswer, oipInferRequestSchema, SHA256_PARAMETER } from '@swipenet/shared/contract/oip.ts';
import { onTestFinished } from 'vitest';
import type { Certificate } from '../twins/certificate.ts';

const PHOTO = 224 ** 2;

/** A request to run the network. */
export interface AskedOf {
  readonly headers: IncomingMessage['headers'];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly isBinary: boolean;
  /** The names of the outputs that it wants. */
  readonly outputs: readonly string[];
  /** `[N, 50176]` */
  readonly photos: readonly Uint8Array[];
}

/** What a replica does. Tests change it while it runs. */
export interface Behavior {
  /** The SHA-256 that its configuration names, or null if it has no such route. */
  sha256: string | null;
  names: readonly string[];
  extensions: readonly string[];
  acceptsBinary: boolean;
  /** The status of its readiness. */
  ready: number;
  maxBatch: number;
  /** The outputs that its model has. */
  outputNames: readonly OutputName[];
  /** Changes its metadata. */
  metadata: (metadata: Metadata) => unknown;
  /** Waits before it answers. */
  hold: (asked: AskedOf) => Promise<void>;
  /** Changes the outputs before they are sent. */
  outputs: (outputs: FakeOutput[]) => FakeOutput[];
  /** Changes the JSON of an answer. */
  answer: (answer: OipInferAnswer) => unknown;
  /** Responds in place of everything else. Returns false to leave it. */
  respond: (request: IncomingMessage, response: ServerResponse) => boolean;
}

interface Metadata {
  readonly inputs: object[];
  readonly outputs: object[];
}

/** An output of a fake replica. */
export interface FakeOutput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The result that every fake replica gives a photo: its first level, and its mean level. */
export function fakeResult(photo: Uint8Array) {
  const mean = photo.reduce((sum, level) => sum + level, 0) / photo.length;
  const features = Float32Array.from({ length: valuesPerPhoto(OUTPUTS.features) }, (_, at) =>
    at % 2 ? 0.1 : mean / 256,
  );
  return { like: photo[0]! / 256, evidence: new Float32Array(49).fill(mean), features };
}

/** A server of the Open Inference Protocol on this machine, which a test has do what it likes. */
export class FakeReplica {
  readonly asked: AskedOf[] = [];
  readonly behavior: Behavior;
  readonly #server: Server;

  readonly #protocol: 'http' | 'https';

  private constructor(behavior: Behavior, certificate: Certificate | undefined) {
    this.behavior = behavior;
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      void this.#answer(request, response).catch(() => response.destroy());
    this.#protocol = certificate ? 'https' : 'http';
    this.#server = certificate ? createTlsServer(certificate, answer) : createServer(answer);
  }

  /** Starts a replica. It ends with the test. */
  static async start(change: Partial<Behavior> = {}, certificate?: Certificate): Promise<FakeReplica> {
    const behavior: Behavior = {
      ...{ sha256: null, names: ['swipenet'], extensions: ['binary_tensor_data'], acceptsBinary: true, ready: 200 },
      ...{
        maxBatch: 32,
        outputNames: ['confidence', 'evidence'],
        metadata: (metadata) => metadata,
        hold: async () => {},
        outputs: (outputs) => outputs,
      },
      ...{ answer: (answer) => answer, respond: () => false },
      ...change,
    };
    const replica = new FakeReplica(behavior, certificate);
    await replica.#listen(0);
    onTestFinished(() => replica.stop());
    return replica;
  }

  #port = 0;

  get url(): string {
    return `${this.#protocol}://127.0.0.1:${this.#port}`;
  }

  /** Closes it with all connections, as a crash would. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Starts it again at the same address. */
  async startAgain(): Promise<void> {
    await this.#listen(this.#port);
  }

  async #listen(port: number): Promise<void> {
    const listening = Promise.withResolvers<void>();
    this.#server.listen(port, '127.0.0.1', listening.resolve);
    await listening.promise;
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { behavior } = this;
    const chunks: Uint8Array[] = [];
    for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (behavior.respond(request, response)) return;
    const json = (status: number, answer: unknown) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    const path = request.url ?? '';
    if (path === '/v2') return void json(200, { name: 'fake', version: '1', extensions: behavior.extensions });
    const [, , , model = '', route = ''] = path.split('/');
    if (!behavior.names.includes(model)) return void json(404, { error: `no model ${model}` });
    if (route === 'ready') return void json(behavior.ready, { name: model, ready: behavior.ready === 200 });
    if (route === '')
      return void json(200, { name: model, ...(behavior.metadata(metadata(behavior.outputNames)) as object) });
    if (route === 'config') {
      if (behavior.sha256 === null) return void json(404, { error: 'no such route' });
      const parameters = { [SHA256_PARAMETER]: { string_value: behavior.sha256 } };
      return void json(200, { name: model, max_batch_size: behavior.maxBatch, parameters });
    }
    const asked = readAsked(request, body);
    if (asked.isBinary && !behavior.acceptsBinary) return void json(400, { error: 'not JSON' });
    this.asked.push(asked);
    await behavior.hold(asked);
    this.#sendResults(asked, response);
  }

  #sendResults({ photos, isBinary }: AskedOf, response: ServerResponse): void {
    const results = photos.map(fakeResult);
    const values = (name: OutputName) =>
      results.flatMap(({ like, ...maps }) => (name === 'confidence' ? [1 - like, like] : [...maps[name]]));
    const outputs = this.behavior.outputs(
      this.behavior.outputNames.map((name) => {
        const { datatype, perPhoto } = OUTPUTS[name];
        return { name, datatype, shape: [photos.length, ...perPhoto], values: Float32Array.from(values(name)) };
      }),
    );
    const answer = this.behavior.answer({
      model_name: 'swipenet',
      outputs: outputs.map(({ values, shape, ...output }) => ({
        ...{ ...output, shape: [...shape] },
        ...(isBinary ? { parameters: { binary_data_size: values.byteLength } } : { data: [...values] }),
      })),
    });
    const { body, jsonLength } = joinMessage(
      answer,
      isBinary ? outputs.map(({ values }) => bytesOfFloats(values)) : [],
    );
    response.writeHead(200, isBinary ? { [JSON_LENGTH_HEADER]: String(jsonLength) } : {}).end(body);
  }
}

const metadata = (outputNames: readonly OutputName[]): Metadata => {
  const of = ({ name, datatype, perPhoto }: typeof PHOTOS) => ({ name, datatype, shape: [-1, ...perPhoto] });
  return { inputs: [of(PHOTOS)], outputs: outputNames.map((name) => of(OUTPUTS[name])) };
};

function readAsked({ headers }: IncomingMessage, body: Uint8Array): AskedOf {
  const jsonLength = headers[JSON_LENGTH_HEADER.toLowerCase()];
  const { json, binary } = splitMessage(body, typeof jsonLength === 'string' ? jsonLength : undefined, 1e8);
  const { inputs, outputs = [], parameters = {} } = oipInferRequestSchema.parse(json);
  const levels = readLevels(inputs[0]!, bytesOfTensors(inputs, binary).get(PHOTOS.name));
  const photos = Array.from({ length: levels.length / PHOTO }, (_, at) => levels.slice(at * PHOTO, (at + 1) * PHOTO));
  return { headers, parameters, isBinary: jsonLength !== undefined, outputs: outputs.map(({ name }) => name), photos };
}
