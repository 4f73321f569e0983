import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client';
import type { ErrorCode } from '@swipenet/shared/contract/errors.ts';
import type { InferenceEvents } from '../inference/open-scorer.ts';
import type { ScoredPhoto } from '../inference/scorer.ts';

/** Triton's labels of a model. */
export interface ModelLabels {
  readonly model: string;
  readonly version: string;
}

const MODEL = ['model', 'version'] as const;

/** Triton's reasons why an inference request failed. */
const REASONS = ['REJECTED', 'CANCELED', 'BACKEND', 'OTHER'] as const;

/** Our codes in Triton's terms; any other is `OTHER`. */
const REASON_OF: Partial<Record<ErrorCode, (typeof REASONS)[number]>> = {
  queue_full: 'REJECTED',
  deadline_exceeded: 'REJECTED',
  request_aborted: 'CANCELED',
  engine_failed: 'BACKEND',
};

/** The sizes that batches are padded to on CUDA (inference/engine-plan.ts). */
const BATCH_SIZES = [1, 2, 4, 8, 16, 32];

/** From a cached photo's nothing to a request's deadline, in seconds. */
const PHOTO_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** The metrics that belong to a model, registered. */
export function modelInstruments(registers: Registry[]) {
  const counter = <Label extends string = never>(name: string, help: string, more: readonly Label[] = []) =>
    new Counter({ name, help, labelNames: [...MODEL, ...more], registers });
  const seconds = (name: string, help: string) =>
    new Histogram({ name, help, labelNames: MODEL, buckets: PHOTO_SECONDS, registers });
  const micros = (part: string, help: string) => counter(`nv_inference_${part}_duration_us`, help);
  return {
    success: counter('nv_inference_request_success', 'Requests to score photos that were answered; one counts as 1.'),
    failure: counter('nv_inference_request_failure', 'Requests to score photos that failed, by reason.', ['reason']),
    count: counter('nv_inference_count', 'Photos that went through the network; none that were cached.'),
    execCount: counter('nv_inference_exec_count', 'Batches that went through the network.'),
    pending: new Gauge({
      name: 'nv_inference_pending_request_count',
      help: 'Requests of which no photo has reached an engine yet.',
      labelNames: MODEL,
      registers,
    }),
    requestMicros: micros('request', 'Answered requests: time in all.'),
    queueMicros: micros('queue', 'Answered requests: the wait for an engine, of the photo that waited longest.'),
    inputMicros: micros('compute_input', 'Answered requests: decoding, of the photo that took longest.'),
    inferMicros: micros('compute_infer', 'Answered requests: the engine, of the photo that took longest.'),
    batchPhotos: new Histogram({
      name: 'swipenet_batch_photos',
      help: 'Photos in a batch, of batches that left for an engine.',
      labelNames: MODEL,
      buckets: BATCH_SIZES,
      registers,
    }),
    batches: counter('swipenet_batches_total', 'Batches that left for an engine, by why they left.', ['reason']),
    decode: seconds('swipenet_photo_decode_seconds', 'A photo’s way from bytes to gray pixels.'),
    queue: seconds('swipenet_photo_queue_seconds', 'A photo’s wait for an engine.'),
    infer: seconds('swipenet_photo_infer_seconds', 'A photo’s time in an engine, with its batch.'),
    photosFailed: counter('swipenet_photos_failed_total', 'Photos that were at fault, by error code.', ['code']),
  };
}

/** See {@link modelInstruments}. */
export type ModelInstruments = ReturnType<typeof modelInstruments>;

/** The sum of a metric over all its labels. */
export async function sumOf(metric: Pick<Counter<string> | Gauge<string>, 'get'>): Promise<number> {
  const { values } = await metric.get();
  return values.reduce((sum, { value }) => sum + value, 0);
}

/** A histogram's observations over all its labels, each in the smallest bucket that holds it; none beyond the largest. */
export async function bucketsOf(histogram: Histogram<string>): Promise<{ upTo: number; count: number }[]> {
  const { values } = await histogram.get();
  const cumulative = new Map<number, number>();
  for (const { labels, value } of values) {
    const upTo = Number((labels as { le?: string | number }).le);
    if (Number.isFinite(upTo)) cumulative.set(upTo, (cumulative.get(upTo) ?? 0) + value);
  }
  const sorted = [...cumulative].toSorted(([one], [other]) => one - other);
  return sorted.map(([upTo, count], at) => ({ upTo, count: count - (sorted[at - 1]?.[1] ?? 0) }));
}

/** What is counted of one model: an ear for its inference, and of the requests that ask it. */
export class ModelMetrics implements InferenceEvents {
  readonly #instruments: ModelInstruments;
  readonly #labels: { readonly model: string; readonly version: string };

  /** Every series whose labels are known begins at 0, so that a rate is right from the first event on. */
  constructor(instruments: ModelInstruments, labels: ModelLabels) {
    this.#instruments = instruments;
    this.#labels = { ...labels };
    const { failure, batches, photosFailed, batchPhotos, decode, queue, infer, ...counted } = instruments;
    for (const metric of Object.values(counted)) metric.inc(this.#labels, 0);
    for (const metric of [batchPhotos, decode, queue, infer]) metric.zero(this.#labels);
    for (const reason of REASONS) failure.inc({ ...this.#labels, reason }, 0);
  }

  /** A request waits from now on until a photo of it reaches an engine; the function, called any number of times, ends that. */
  pending(): () => void {
    let waits = true;
    this.#instruments.pending.inc(this.#labels);
    return () => {
      if (waits) this.#instruments.pending.dec(this.#labels);
      waits = false;
    };
  }

  /** A request was answered: with these photos, after so long. */
  succeeded(photos: readonly ScoredPhoto[], totalMs: number): void {
    const metrics = this.#instruments;
    const labels = this.#labels;
    const slowest = slowestOf(photos);
    metrics.success.inc(labels);
    metrics.requestMicros.inc(labels, microseconds(totalMs));
    metrics.queueMicros.inc(labels, microseconds(slowest.queueMs));
    metrics.inputMicros.inc(labels, microseconds(slowest.decodeMs));
    metrics.inferMicros.inc(labels, microseconds(slowest.inferMs));
    for (const photo of photos) {
      if ('error' in photo) {
        metrics.photosFailed.inc({ ...labels, code: photo.error.code });
        continue;
      }
      metrics.decode.observe(labels, photo.decodeMs / 1000);
      metrics.queue.observe(labels, photo.queueMs / 1000);
      metrics.infer.observe(labels, (photo.inferenceMs - photo.queueMs) / 1000);
    }
  }

  /** A request could not be answered; its own fault is no failure of the inference and is not told here. */
  failed(code: ErrorCode): void {
    this.#instruments.failure.inc({ ...this.#labels, reason: REASON_OF[code] ?? 'OTHER' });
  }

  readonly onFlush: NonNullable<InferenceEvents['onFlush']> = ({ reason, size }) => {
    this.#instruments.batchPhotos.observe(this.#labels, size);
    this.#instruments.batches.inc({ ...this.#labels, reason });
  };

  readonly onBatchEnd: NonNullable<InferenceEvents['onBatchEnd']> = ({ size, failed }) => {
    if (failed) return;
    this.#instruments.execCount.inc(this.#labels);
    this.#instruments.count.inc(this.#labels, size);
  };
}

const microseconds = (ms: number) => Math.round(ms * 1000);

/** The parts of a request's time, each of the photo that it was longest for (parts of different photos overlap). */
export function slowestOf(photos: readonly ScoredPhoto[]): { queueMs: number; decodeMs: number; inferMs: number } {
  const scored = photos.flatMap((photo) => ('error' in photo ? [] : [photo]));
  const longest = (part: (photo: (typeof scored)[number]) => number) => Math.max(0, ...scored.map(part));
  return {
    queueMs: longest(({ queueMs }) => queueMs),
    decodeMs: longest(({ decodeMs }) => decodeMs),
    inferMs: longest(({ queueMs, inferenceMs }) => inferenceMs - queueMs),
  };
}
