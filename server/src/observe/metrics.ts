import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';
import type { EventLoopDelay } from './event-loop-delay.ts';
import { bucketsOf, type ModelLabels, ModelMetrics, modelInstruments, sumOf } from './model-metrics.ts';
import { replicaGauges } from './replica-metrics.ts';

/** Bucket bounds in seconds: OpenTelemetry's recommendation for this metric, plus the server's deadline of 20 s. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20];

/** Known methods. Any other is `_OTHER`, as in OpenTelemetry, so that a client can't create new series. */
const METHODS = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'];

/** The counters, summed over all models. */
export type MetricTotals = Pick<StatusAnswer, 'requests' | 'photos' | 'batches'> & {
  readonly pendingRequests: number;
};

/**
 * The server's metrics in Prometheus format. docs/observability.md lists them. Names follow Triton where the meaning is
 * the same, OpenTelemetry for HTTP, and the Prometheus client libraries for `process_`. The rest starts with
 * `swipenet_`. All labels come from closed sets, so a client can't create new series.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #models = new Map<string, ModelMetrics>();
  readonly #instruments = modelInstruments([this.#registry]);
  readonly #requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from a request’s headers to its response, by route template.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: REQUEST_SECONDS,
    registers: [this.#registry],
  });
  readonly #gauges = serverGauges([this.#registry]);

  /** The media type of {@link text}. */
  readonly contentType = this.#registry.contentType;

  /** Records a finished HTTP request. `route` is the route template, never the actual path. */
  answered(request: { method: string; route: string; status: number; seconds: number }): void {
    this.#requests.observe(
      {
        http_request_method: METHODS.includes(request.method) ? request.method : '_OTHER',
        http_route: request.route,
        http_response_status_code: request.status,
      },
      request.seconds,
    );
  }

  /**
   * Returns the metrics of a model, always the same object for the same model. The version label is the start of the
   * model file's SHA-256.
   */
  forModel({ id, sha256 }: { readonly id: string; readonly sha256: string }): ModelMetrics {
    const labels: ModelLabels = { model: id, version: sha256.slice(0, 12) };
    const key = `${labels.model}/${labels.version}`;
    const known = this.#models.get(key) ?? new ModelMetrics(this.#instruments, labels);
    this.#models.set(key, known);
    return known;
  }

  async totals(): Promise<MetricTotals> {
    const { success, failure, count, photosFailed, photosPrepared, execCount, batchPhotos, pending } =
      this.#instruments;
    const photos = await sumOf(count);
    const sizes = await bucketsOf(batchPhotos);
    return {
      requests: { succeeded: await sumOf(success), failed: await sumOf(failure) },
      photos: { scored: photos, failed: await sumOf(photosFailed), prepared: await sumOf(photosPrepared) },
      batches: { count: await sumOf(execCount), photos, sizes },
      pendingRequests: await sumOf(pending),
    };
  }

  /** Formats all metrics as text, after setting the gauges from `status`. */
  async text(status: StatusAnswer, delay: EventLoopDelay): Promise<string> {
    this.#gauges.set(status, delay);
    return await this.#registry.metrics();
  }
}

/** The metrics that are set from the status at each scrape. */
function serverGauges(registers: Registry[]) {
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name, help, labelNames, registers });
  const ready = gauge(
    'swipenet_ready',
    '1 if the server accepts requests: an engine is warm on the chosen device, and a decoder runs.',
  );
  const info = gauge('swipenet_model_info', 'The current model, its precision and device; always 1.', [
    'model',
    'sha256',
    'precision',
    'device',
    'execution_provider',
  ]);
  const waiting = gauge('swipenet_photos_waiting', 'Photos waiting for an engine.');
  const running = gauge('swipenet_photos_running', 'Photos in an engine.');
  const engines = gauge('swipenet_engines', 'Engines configured.');
  const alive = gauge('swipenet_engines_alive', 'Engines alive and warm.');
  const memory = gauge('swipenet_engine_memory_bytes', 'Resident memory of an engine process.', ['engine']);
  const cpu = gauge('swipenet_engine_cpu_seconds', 'CPU time of an engine process since it started.', ['engine']);
  const restarts = new Counter({
    name: 'swipenet_engine_restarts_total',
    help: 'Restarts of an engine, by reason.',
    labelNames: ['engine', 'reason'],
    registers,
  });
  const decoders = gauge('swipenet_decoders', 'Decoders configured.');
  const decodersAlive = gauge('swipenet_decoders_alive', 'Decoders alive.');
  const decoderMemory = gauge('swipenet_decoder_memory_bytes', 'Resident memory of a decoder process.', ['decoder']);
  const decoderRestarts = new Counter({
    name: 'swipenet_decoder_restarts_total',
    help: 'Restarts of a decoder, by reason.',
    labelNames: ['decoder', 'reason'],
    registers,
  });
  const replicas = replicaGauges(registers);
  const delays = gauge(
    'swipenet_event_loop_delay_seconds',
    'Event loop delay since the last scrape; quantile 1 is the maximum.',
    ['quantile'],
  );
  const uptime = gauge('swipenet_uptime_seconds', 'Time since the server started.');
  const resident = gauge('process_resident_memory_bytes', 'Resident memory of the server process.');
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const processor = counter('process_cpu_seconds_total', 'CPU time of the server process.');
  const cacheHits = counter('swipenet_cache_hits_total', 'Photos found in the result cache.');
  const cacheMisses = counter('swipenet_cache_misses_total', 'Photos not found in the result cache.');
  const gpuLoad = gauge('nv_gpu_utilization', 'GPU load, 0 to 1.', ['gpu_uuid']);
  const gpuUsed = gauge('nv_gpu_memory_used_bytes', 'GPU memory in use.', ['gpu_uuid']);
  const gpuTotal = gauge('nv_gpu_memory_total_bytes', 'GPU memory.', ['gpu_uuid']);
  return {
    set(status: StatusAnswer, delay: EventLoopDelay): void {
      for (const perItem of [info, memory, cpu, restarts, gpuLoad, gpuUsed, gpuTotal]) perItem.reset();
      for (const perItem of [decoderMemory, decoderRestarts]) perItem.reset();
      ready.set(status.state === 'ready' ? 1 : 0);
      const { name: device, executionProvider: execution_provider } = status.device;
      const { id: model, sha256, precision = 'fp32' } = status.model;
      info.set({ model, sha256, precision, device, execution_provider }, 1);
      waiting.set(status.queue.waiting);
      running.set(status.queue.running);
      engines.set(status.engines.length);
      alive.set(status.engines.filter((engine) => engine.alive).length);
      for (const [engine, { memoryBytes, cpuSeconds, restarts: counts }] of status.engines.entries()) {
        for (const [reason, count] of Object.entries(counts)) restarts.inc({ engine, reason }, count);
        if (memoryBytes !== null) memory.set({ engine }, memoryBytes);
        if (cpuSeconds !== null) cpu.set({ engine }, cpuSeconds);
      }
      replicas.set(status.engines);
      const { decoders: all = [] } = status;
      decoders.set(all.length);
      decodersAlive.set(all.filter((decoder) => decoder.alive).length);
      for (const [decoder, { memoryBytes, restarts: counts }] of all.entries()) {
        for (const [reason, count] of Object.entries(counts)) decoderRestarts.inc({ decoder, reason }, count);
        if (memoryBytes !== null) decoderMemory.set({ decoder }, memoryBytes);
      }
      for (const [quantile, ms] of [
        [0.5, delay.p50Ms],
        [0.99, delay.p99Ms],
        [1, delay.maxMs],
      ] as const) {
        delays.set({ quantile }, ms / 1000);
      }
      uptime.set(status.uptimeMs / 1000);
      resident.set(status.server.memoryBytes ?? 0);
      for (const [total, value] of [
        [processor, status.server.cpuSeconds],
        [cacheHits, status.cache?.hits],
        [cacheMisses, status.cache?.misses],
      ] as const) {
        total.reset();
        total.inc(value ?? 0);
      }
      for (const { uuid: gpu_uuid, load, memoryUsedBytes, memoryTotalBytes } of 'gpus' in status.gpu
        ? status.gpu.gpus
        : []) {
        if (load !== null) gpuLoad.set({ gpu_uuid }, load);
        if (memoryUsedBytes !== null) gpuUsed.set({ gpu_uuid }, memoryUsedBytes);
        if (memoryTotalBytes !== null) gpuTotal.set({ gpu_uuid }, memoryTotalBytes);
      }
    },
  };
}
