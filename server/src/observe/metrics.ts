import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';
import type { EventLoopDelay } from './event-loop-delay.ts';
import { bucketsOf, type ModelLabels, ModelMetrics, modelInstruments, sumOf } from './model-metrics.ts';

/** Bucket bounds in seconds: OpenTelemetry's advice for this metric, and the 20 s after which the server gives up. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20];

/** The methods of routes and probes; any other is `_OTHER`, as OpenTelemetry has it, so a client can make no series. */
const METHODS = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'];

/** What the counters hold, summed over all models. */
export type MetricTotals = Pick<StatusAnswer, 'requests' | 'photos' | 'batches'> & {
  readonly pendingRequests: number;
};

/**
 * Everything that is counted, as Prometheus reads it (docs/observability.md lists the metrics). Triton's names where the
 * meaning is Triton's, OpenTelemetry's for HTTP, `process_` as every Prometheus client has it, `swipenet_` for the rest.
 * Labels come from closed sets: no client can make a new series.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #models = new Map<string, ModelMetrics>();
  readonly #instruments = modelInstruments([this.#registry]);
  readonly #requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from a request’s head to its answer, by route template.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: REQUEST_SECONDS,
    registers: [this.#registry],
  });
  readonly #gauges = serverGauges([this.#registry]);

  /** The media type of {@link text}. */
  readonly contentType = this.#registry.contentType;

  /** An HTTP request was answered. `route` is a route's template, never a path as it came. */
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

  /** The metrics of one model; the same for the same model. Its version is the begin of its file's SHA-256. */
  forModel({ id, sha256 }: { readonly id: string; readonly sha256: string }): ModelMetrics {
    const labels: ModelLabels = { model: id, version: sha256.slice(0, 12) };
    const key = `${labels.model}/${labels.version}`;
    const known = this.#models.get(key) ?? new ModelMetrics(this.#instruments, labels);
    this.#models.set(key, known);
    return known;
  }

  /** See {@link MetricTotals}. */
  async totals(): Promise<MetricTotals> {
    const { success, failure, count, photosFailed, execCount, batchPhotos, pending } = this.#instruments;
    const photos = await sumOf(count);
    const sizes = await bucketsOf(batchPhotos);
    return {
      requests: { succeeded: await sumOf(success), failed: await sumOf(failure) },
      photos: { scored: photos, failed: await sumOf(photosFailed) },
      batches: { count: await sumOf(execCount), photos, sizes },
      pendingRequests: await sumOf(pending),
    };
  }

  /** All metrics as text, with the gauges as `status` has them. */
  async text(status: StatusAnswer, delay: EventLoopDelay): Promise<string> {
    this.#gauges.set(status, delay);
    return await this.#registry.metrics();
  }
}

/** What is read at the moment of asking. */
function serverGauges(registers: Registry[]) {
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name, help, labelNames, registers });
  const ready = gauge('swipenet_ready', '1 while requests are taken: an engine is alive and warm on the set device.');
  const info = gauge('swipenet_model_info', 'Which model answers, how and on what; always 1.', [
    'model',
    'sha256',
    'precision',
    'device',
    'execution_provider',
  ]);
  const waiting = gauge('swipenet_photos_waiting', 'Photos that wait for an engine.');
  const running = gauge('swipenet_photos_running', 'Photos that are in an engine.');
  const engines = gauge('swipenet_engines', 'Engines that are set.');
  const alive = gauge('swipenet_engines_alive', 'Engines that are alive and warm.');
  const memory = gauge('swipenet_engine_memory_bytes', 'Resident memory of an engine’s process.', ['engine']);
  const cpu = gauge('swipenet_engine_cpu_seconds', 'Processor time of an engine’s process since it began.', ['engine']);
  const restarts = new Counter({
    name: 'swipenet_engine_restarts_total',
    help: 'New processes of an engine, by why its last one had to go.',
    labelNames: ['engine', 'reason'],
    registers,
  });
  const delays = gauge(
    'swipenet_event_loop_delay_seconds',
    'How late the event loop was since the last scrape; quantile 1 is the maximum.',
    ['quantile'],
  );
  const uptime = gauge('swipenet_uptime_seconds', 'Time since the server began.');
  const resident = gauge('process_resident_memory_bytes', 'Resident memory of the server’s process.');
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const processor = counter('process_cpu_seconds_total', 'Processor time of the server’s process.');
  const cacheHits = counter('swipenet_cache_hits_total', 'Photos whose answer was known already.');
  const cacheMisses = counter('swipenet_cache_misses_total', 'Photos that were looked up and not known.');
  const gpuLoad = gauge('nv_gpu_utilization', 'GPU load, 0 to 1.', ['gpu_uuid']);
  const gpuUsed = gauge('nv_gpu_memory_used_bytes', 'GPU memory in use.', ['gpu_uuid']);
  const gpuTotal = gauge('nv_gpu_memory_total_bytes', 'GPU memory.', ['gpu_uuid']);
  return {
    set(status: StatusAnswer, delay: EventLoopDelay): void {
      for (const perItem of [info, memory, cpu, restarts, gpuLoad, gpuUsed, gpuTotal]) perItem.reset();
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
