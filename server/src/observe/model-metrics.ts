import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client';
import type { ErrorCode } from '@swipenet/shared/contract/errors.ts';
import type { InferenceEvents } from '../inference/open-scorer.ts';
import type { ScoredPhoto } from '../inference/scorer.ts';

/** Triton's labels for a model. */
export interface ModelLabels {
  readonly model: string;
  readonly version: string;
}

const MODEL = ['model', 'version'] as const;

/** Triton's reasons for a failed inference request. */
const REASONS = ['REJECTED', 'CANCELED', 'BACKEND', 'OTHER'] as const;

/** Maps our error codes to Triton's reasons. All others are `OTHER`. */
const REASON_OF: Partial<Record<ErrorCode, (typeof REASONS)[number]>> = {
  queue_full: 'REJECTED',
  deadline_exceeded: 'REJECTED',
  request_aborted: 'CANCELED',
  engine_failed: 'BACKEND',
};

/** The sizes that batches are padded to on CUDA (inference/engine-plan.ts). */
const BATCH_SIZES = [1, 2, 4, 8, 16, 32];

/** Bucket bounds in seconds, from a cached photo to a request's deadline. */
const PHOTO_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** Creates and registers the metrics that have a model as a label. */
export function modelInstruments(registers: Registry[]) {
  const counter = <Label extends string = never>(name: string, help: string, more: readonly Label[] = []) =>
    new Counter({ name, help, labelNames: [...MODEL, ...more], registers });
  const seconds = (name: string, help: string) =>
    new Histogram({ name, help, labelNames: MODEL, buckets: PHOTO_SECONDS, registers });
  const micros = (part: string, help: string) => counter(`nv_inference_${part}_duration_us`, help);
  return {
    success: counter(
      'nv_inference_request_success',
      'Successful score requests; each counts once, however many photos it has.',
    ),
    failure: counter('nv_inference_request_failure', 'Failed score requests, by reason.', ['reason']),
    count: counter('nv_inference_count', 'Photos that went through the network; cached ones don’t count.'),
    execCount: counter('nv_inference_exec_count', 'Batches that went through the network.'),
    pending: new Gauge({
      name: 'nv_inference_pending_request_count',
      help: 'Requests whose photos are all still waiting for an engine.',
      labelNames: MODEL,
      registers,
    }),
    requestMicros: micros('request', 'Successful requests: total time.'),
    queueMicros: micros('queue', 'Successful requests: longest wait of a photo for an engine.'),
    inputMicros: micros('compute_input', 'Successful requests: decoding time of the slowest photo.'),
    inferMicros: micros('compute_infer', 'Successful requests: inference time of the slowest photo.'),
    batchPhotos: new Histogram({
      name: 'swipenet_batch_photos',
      help: 'Photos per batch sent to an engine.',
      labelNames: MODEL,
      buckets: BATCH_SIZES,
      registers,
    }),
    batches: counter('swipenet_batches_total', 'Batches sent to an engine, by the reason for sending them.', [
      'reason',
    ]),
    decode: seconds('swipenet_photo_decode_seconds', 'Time to decode a photo to gray pixels.'),
    queue: seconds('swipenet_photo_queue_seconds', 'Time a photo waits for an engine.'),
    infer: seconds('swipenet_photo_infer_seconds', 'Inference time of a photo’s batch.'),
    photosPrepared: counter('swipenet_photos_prepared_total', 'Photos that the client had prepared.'),
    photosFailed: counter('swipenet_photos_failed_total', 'Photos that failed, by error code.', ['code']),
  };
}

export type ModelInstruments = ReturnType<typeof modelInstruments>;

/** Returns the sum of a metric over all labels. */
export async function sumOf(metric: Pick<Counter<string> | Gauge<string>, 'get'>): Promise<number> {
  const { values } = await metric.get();
  return values.reduce((sum, { value }) => sum + value, 0);
}

/**
 * Returns a histogram's counts summed over all labels, each observation in the smallest bucket that fits. Leaves out
 * observations beyond the largest bucket.
 */
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

/** The metrics of one model. Counts its inference events and the requests that use it. */
export class ModelMetrics implements InferenceEvents {
  readonly #instruments: ModelInstruments;
  readonly #labels: { readonly model: string; readonly version: string };

  /** Starts every series with known labels at 0, so that rates are right from the first event. */
  constructor(instruments: ModelInstruments, labels: ModelLabels) {
    this.#instruments = instruments;
    this.#labels = { ...labels };
    const { failure, batches, photosFailed, batchPhotos, decode, queue, infer, ...counted } = instruments;
    for (const metric of Object.values(counted)) metric.inc(this.#labels, 0);
    for (const metric of [batchPhotos, decode, queue, infer]) metric.zero(this.#labels);
    for (const reason of REASONS) failure.inc({ ...this.#labels, reason }, 0);
  }

  /** Counts a request as pending until the returned function is called, which may happen more than once. */
  pending(): () => void {
    let waits = true;
    this.#instruments.pending.inc(this.#labels);
    return () => {
      if (waits) this.#instruments.pending.dec(this.#labels);
      waits = false;
    };
  }

  /** Records a successful request with these photos that took `totalMs` milliseconds. */
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

  /** Counts photos that the client had prepared. */
  prepared(photos: number): void {
    this.#instruments.photosPrepared.inc(this.#labels, photos);
  }

  /** Records a failed request. Don't call it for invalid requests (4xx), which aren't inference failures. */
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

/** Returns the time of each stage for the photo that took longest in it. The stages of different photos overlap. */
export function slowestOf(photos: readonly ScoredPhoto[]): { queueMs: number; decodeMs: number; inferMs: number } {
  const scored = photos.flatMap((photo) => ('error' in photo ? [] : [photo]));
  const longest = (part: (photo: (typeof scored)[number]) => number) => Math.max(0, ...scored.map(part));
  return {
    queueMs: longest(({ queueMs }) => queueMs),
    decodeMs: longest(({ decodeMs }) => decodeMs),
    inferMs: longest(({ queueMs, inferenceMs }) => inferenceMs - queueMs),
  };
}
