import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import {
  OIP_MODEL,
  type OipModel,
  oipConfigSchema,
  oipModelSchema,
  oipServerSchema,
  SHA256_PARAMETER,
} from '@swipenet/shared/contract/oip.ts';
import type { Priority } from '@swipenet/shared/contract/score.ts';
import type { Clock } from '../../clock.ts';
import { type PhotoCrop, photoCrop } from '../../image/photo-bytes.ts';
import { JSON_LENGTH_HEADER } from '../../oip/message.ts';
import { OUTPUTS, type OutputName, PHOTOS, type TensorForm } from '../../oip/tensors.ts';
import { goldenPhotos } from '../../runtime/golden-photos.ts';
import type { PhotoInference } from '../engine.ts';
import { type Exchanged, exchange } from './exchange.ts';
import {
  type Inferred,
  inferRequest,
  maxAnswerBytes,
  otherFile,
  readInferAnswer,
  type TensorFormat,
} from './infer-message.ts';
import type { Reading } from './reading.ts';
import { ReplicaFault, type ReplicaFaultCode } from './replica-fault.ts';

/** A replica, and the model that it must have. */
export interface ReplicaOptions {
  /** Its base URL, such as `https://gpu.example`. */
  readonly url: string;
  readonly token?: string | undefined;
  /** The model's ID. A replica offers the model under it or as `swipenet`. */
  readonly modelId: string;
  /** SHA-256 of the model's file, in hex. */
  readonly sha256: string;
  readonly reading: Reading;
  /** The most photos of a batch. */
  readonly maxBatch: number;
  /** Returns this machine's own results of the two test photos, for replicas that don't say which file they use. */
  readonly goldenResults: () => Promise<readonly PhotoInference[]>;
  readonly clock: Clock;
}

/** A model that a replica has, after it was proven to be the right one. */
export interface ProvenModel {
  readonly name: string;
  readonly version: string | undefined;
  readonly format: TensorFormat;
  /** How it was proven: by the SHA-256 of its file, or by its results of two test photos. */
  readonly by: 'sha256' | 'photos';
}

const SHORT_ANSWER_BYTES = 1_000_000;

/** Longer than a batch may take: KServe's SDK and MLServer answer nothing while they compute one (November 2026). */
const SHORT_ANSWER_MS = 10_000;

/** Results of the same file on another kind of device differ by about 1e-5. */
const TOLERANCE = 1e-4;

/** Answers that say that a server doesn't accept binary tensors: it may also fail on them, or take them for JSON. */
const WITHOUT_BINARY: readonly ReplicaFaultCode[] = ['replica_refuses', 'replica_failed', 'replica_answer_invalid'];

/** Speaks the Open Inference Protocol with one replica. */
export class ReplicaClient {
  readonly #options: ReplicaOptions;
  readonly #agent: Agent;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    const agent = { keepAlive: true, scheduling: 'lifo' } as const;
    this.#agent = options.url.startsWith('https:') ? new TlsAgent(agent) : new Agent(agent);
  }

  /**
   * Proves that the replica has the model and computes it right.
   *
   * @throws ReplicaFault with what is wrong.
   */
  async prove(signal: AbortSignal): Promise<ProvenModel> {
    const answer = await this.#get('/v2', signal);
    requireSuccess(answer);
    const server = oipServerSchema.safeParse(jsonOf(answer)).data;
    if (!server) throw new ReplicaFault('replica_answer_invalid', 'it doesn’t speak the Open Inference Protocol');
    const faults: ReplicaFault[] = [];
    for (const name of new Set([this.#options.modelId, OIP_MODEL])) {
      try {
        return await this.#proveNamed(name, server.extensions.includes('binary_tensor_data'), signal);
      } catch (error) {
        if (!(error instanceof ReplicaFault && MAY_HAVE_ANOTHER.includes(error.code))) throw error;
        faults.push(error);
      }
    }
    throw faults.find(({ code }) => code === 'replica_model_mismatch') ?? faults[0];
  }

  /**
   * Checks that the replica is ready and still has the model.
   *
   * @throws ReplicaFault with what is wrong.
   */
  async check(model: ProvenModel, signal: AbortSignal): Promise<void> {
    await this.#requireReady(model.name, signal);
    if (model.by === 'photos') await this.#compare(await this.#runGolden(model, signal));
    else if (!(await this.#saysSha256(model.name, signal))) {
      throw new ReplicaFault('replica_model_mismatch', 'it no longer says which file its model has');
    }
  }

  /**
   * Runs the network.
   *
   * @throws ReplicaFault with what is wrong.
   */
  async infer(
    photos: readonly PhotoCrop[],
    model: ProvenModel,
    {
      priority,
      timeoutMs,
      signal,
    }: { readonly priority: Priority; readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<Inferred> {
    const { sha256, reading, clock } = this.#options;
    const { outputs } = reading;
    const { body, headers } = inferRequest(photos, { outputs, format: model.format, priority, timeoutMs });
    const answer = await exchange({
      ...{ url: this.#urlOf(`/v2/models/${encodeURIComponent(model.name)}/infer`), agent: this.#agent, method: 'POST' },
      ...{ body, headers: { ...headers, ...this.#authorization } },
      ...{ maxBytes: maxAnswerBytes(photos.length, outputs), timeoutMs, clock, signal },
    });
    requireSuccess(answer);
    const jsonLength = answer.headers[JSON_LENGTH_HEADER.toLowerCase()];
    const expected = { photos: photos.length, reading, sha256, version: model.version };
    return readInferAnswer(answer.bytes, typeof jsonLength === 'string' ? jsonLength : undefined, expected);
  }

  /** Closes its connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #proveNamed(name: string, hasBinary: boolean, signal: AbortSignal): Promise<ProvenModel> {
    await this.#requireReady(name, signal);
    const listed = oipModelSchema.safeParse(jsonOf(await this.#get(`/v2/models/${encodeURIComponent(name)}`, signal)));
    requireForms(listed.data, this.#options.reading.outputs);
    const by = (await this.#saysSha256(name, signal)) ? 'sha256' : 'photos';
    const model = { name, version: undefined, format: 'binary', by } as const;
    const { format, golden } = hasBinary
      ? { format: 'binary' as const, golden: await this.#runGolden(model, signal) }
      : await this.#findFormat(model, signal);
    if (by === 'photos') await this.#compare(golden);
    return { name, version: golden.version, format, by };
  }

  /** Tries binary tensors once, because a server needn't say that it accepts them. */
  async #findFormat(model: ProvenModel, signal: AbortSignal) {
    try {
      return { format: 'binary' as const, golden: await this.#runGolden(model, signal) };
    } catch (error) {
      if (!(error instanceof ReplicaFault && WITHOUT_BINARY.includes(error.code))) throw error;
      return { format: 'json' as const, golden: await this.#runGolden({ ...model, format: 'json' }, signal) };
    }
  }

  /** Runs the two test photos, which no working model mistakes for each other. */
  async #runGolden(model: ProvenModel, signal: AbortSignal): Promise<Inferred> {
    const crops = goldenPhotos().map((photo) => photoCrop(photo));
    const options = { priority: 'now', timeoutMs: SHORT_ANSWER_MS, signal } as const;
    const golden = await onceMore(() => this.infer(crops, model, options));
    const [card, rings] = golden.photos.map(({ evidence, features }) => (evidence.length > 0 ? evidence : features));
    if (card!.some((value, at) => value !== rings![at])) return golden;
    throw new ReplicaFault('replica_model_mismatch', 'its model gives two different test photos the same result');
  }

  /** Compares results of the test photos with those of this machine. */
  async #compare({ photos }: Inferred): Promise<void> {
    const { reading, goldenResults } = this.#options;
    const wanted = (await goldenResults()).flatMap(reading.numbers);
    const difference = Math.max(
      ...photos
        .flatMap(reading.numbers)
        .map((value, at) => Math.abs(value - wanted[at]!) / Math.max(1, Math.abs(wanted[at]!))),
    );
    if (difference <= TOLERANCE) return;
    const message = `its results of two test photos differ from this machine’s by ${difference.toPrecision(2)}`;
    throw new ReplicaFault('replica_model_mismatch', message);
  }

  async #requireReady(name: string, signal: AbortSignal): Promise<void> {
    const answer = await this.#ask(`/v2/models/${encodeURIComponent(name)}/ready`, signal);
    if (answer.status === 200) return;
    if (answer.status === 401 || answer.status === 403) requireSuccess(answer);
    // KServe and Swipenet say 503 of a model that isn't ready. Triton says 400, also of an unknown one.
    if (answer.status !== 503) requireNotBusy(answer);
    throw new ReplicaFault('replica_not_ready', `it has no ready model named ${name} (${answer.status})`);
  }

  /** Returns true if the model's configuration names the right file, and false if it names none. */
  async #saysSha256(name: string, signal: AbortSignal): Promise<boolean> {
    const { sha256, maxBatch } = this.#options;
    const answer = await this.#get(`/v2/models/${encodeURIComponent(name)}/config`, signal);
    if (answer.status !== 200) return false;
    const config = oipConfigSchema.safeParse(jsonOf(answer)).data;
    const actual = config?.parameters?.[SHA256_PARAMETER]?.string_value;
    if (actual !== undefined && actual !== sha256) throw otherFile(actual, sha256);
    const most = config?.max_batch_size || maxBatch; // 0 means that the model counts photos itself
    if (most >= maxBatch) return actual !== undefined;
    throw new ReplicaFault('replica_model_mismatch', `its max_batch_size is ${most}, and ${maxBatch} is needed`);
  }

  async #get(path: string, signal: AbortSignal): Promise<Exchanged> {
    const answer = await this.#ask(path, signal);
    requireNotBusy(answer);
    return answer;
  }

  async #ask(path: string, signal: AbortSignal): Promise<Exchanged> {
    const options = {
      ...{ url: this.#urlOf(path), agent: this.#agent, headers: this.#authorization, signal },
      ...{ maxBytes: SHORT_ANSWER_BYTES, timeoutMs: SHORT_ANSWER_MS, clock: this.#options.clock },
    };
    return await onceMore(() => exchange({ ...options, method: 'GET' }));
  }

  #urlOf(path: string): URL {
    return new URL(this.#options.url.replace(/\/$/, '') + path);
  }

  get #authorization(): Readonly<Record<string, string>> {
    const { token } = this.#options;
    return token === undefined ? {} : { Authorization: `Bearer ${token}` };
  }
}

/** Tries a check again if the replica closed the connection. The batcher does so for photos. */
const onceMore = <Result>(attempt: () => Promise<Result>): Promise<Result> =>
  attempt().catch((error: unknown) => {
    if (error instanceof ReplicaFault && error.code === 'replica_connection_lost') return attempt();
    throw error;
  });

/** What may be wrong with one name of a model, while another name is right. */
const MAY_HAVE_ANOTHER: readonly ReplicaFaultCode[] = ['replica_not_ready', 'replica_model_mismatch'];

/** Throws ReplicaFault if a server lists tensors of other types or shapes. Some list none. */
function requireForms(model: OipModel | undefined, outputs: readonly OutputName[]): void {
  if (!model) return;
  const forms: readonly [string, OipModel['inputs'], readonly TensorForm[]][] = [
    ['input', model.inputs, [PHOTOS]],
    ['output', model.outputs, outputs.map((name) => OUTPUTS[name])],
  ];
  for (const [kind, listed, needed] of forms) {
    if (listed.length === 0) continue;
    for (const { name, datatype, perPhoto } of needed) {
      const found = listed.find((tensor) => tensor.name === name);
      const isRight = found?.datatype === datatype && String(found.shape.slice(1)) === String(perPhoto);
      if (isRight) continue;
      const actual = found ? `${found.datatype} [${found.shape.join(', ')}]` : 'missing';
      const message = `its ${kind} ${name} must be ${datatype} [N, ${perPhoto.join(', ')}] and is ${actual}`;
      throw new ReplicaFault('replica_model_mismatch', message);
    }
  }
}

/** Throws ReplicaFault if a replica doesn't respond with 200. */
function requireSuccess(answer: Exchanged): void {
  if (answer.status === 200) return;
  requireNotBusy(answer);
  throw new ReplicaFault('replica_refuses', `it refused the request (${answer.status}): ${messageOf(answer)}`);
}

function requireNotBusy(answer: Exchanged): void {
  if (answer.status === 429 || answer.status === 503) {
    throw new ReplicaFault('replica_busy', `it has no capacity (${answer.status}): ${messageOf(answer)}`);
  }
  // Some servers say 501 of routes that they don't have.
  if (answer.status >= 500 && answer.status !== 501) {
    throw new ReplicaFault('replica_failed', `it failed (${answer.status}): ${messageOf(answer)}`);
  }
}

/** Returns the start of a response's text, which says what is wrong in the words of the replica. */
const messageOf = ({ bytes }: Exchanged): string => new TextDecoder().decode(bytes.subarray(0, 200));

function jsonOf({ bytes }: Exchanged): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
