import type { Gpus, StatusAnswer } from '@swipenet/shared/contract/status.ts';
import { spanOf } from './progress.ts';
import type { StatusRates } from './status-rates.ts';

const whole = new Intl.NumberFormat('en');

const STATES = { ready: 'ready', not_ready: 'NOT READY', shutting_down: 'shutting down' } as const;

/** A server's status for people, one thing a line. */
export function statusLines(status: StatusAnswer, rates: StatusRates | null): string[] {
  const { device, model, requests, photos, queue, batches, cache, engines, server } = status;
  const perSecond = (rate: number | undefined) => (rate === undefined ? '' : `${rate.toFixed(1)}/s`).padEnd(9);
  const mean = rates?.photosPerBatch;
  const sizes = batches.sizes
    .filter(({ count }) => count > 0)
    .map(({ upTo, count }) => `${upTo}: ${whole.format(count)}`);
  return [
    `${model.id}${model.precision === 'int8' ? ' (int8)' : ''} on ${device.name} (${device.reason})  ${STATES[status.state]}  up ${spanOf(status.uptimeMs / 1000)}`,
    `  requests  ${perSecond(rates?.requestsPerSecond)} ${outcome(requests.succeeded, 'answered', requests.failed)}`,
    `  photos    ${perSecond(rates?.photosPerSecond)} ${outcome(photos.scored, 'scored', photos.failed)}`,
    `  queue     ${queue.waiting} waiting, ${queue.running} running, ${queue.pendingRequests} requests pending`,
    `  batches   ${mean ? `${mean.toFixed(1)} photos now; ` : ''}by size: ${sizes.join('  ') || 'none yet'}`,
    ...(cache
      ? [`  cache     ${whole.format(cache.hits)} of ${whole.format(cache.hits + cache.misses)} photos were known`]
      : []),
    `  server    ${process(server, rates?.serverCores)}  event loop p99 ${server.eventLoopDelayP99Ms.toFixed(1)} ms`,
    ...engines.map(
      (engine, at) =>
        `  engine ${at}  ${process(engine, rates?.engineCores[at])}  ${engine.alive ? 'alive' : 'DOWN, being restarted'}${restarts(engine)}`,
    ),
    ...gpuLines(status.gpu),
  ];
}

const outcome = (done: number, word: string, failed: number) =>
  `${whole.format(done)} ${word}, ${whole.format(failed)} failed`;

/** New processes of an engine, by reason; nothing where it has its first. */
function restarts({ restarts: counts }: StatusAnswer['engines'][number]): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return told.length === 0
    ? ''
    : `  restarts: ${told.map(([reason, count]) => `${whole.format(count)} ${reason}`).join(', ')}`;
}

function process(
  { pid, memoryBytes }: { readonly pid: number | null; readonly memoryBytes: number | null },
  cores: number | null | undefined,
): string {
  const memory = memoryBytes === null ? '? MB' : `${Math.round(memoryBytes / 1e6)} MB`;
  return `pid ${pid ?? '?'}  ${memory}  ${typeof cores === 'number' ? cores.toFixed(2) : '?'} cores`;
}

function gpuLines(gpu: Gpus): string[] {
  if ('absent' in gpu) return [`  gpu       ${gpu.absent}`];
  const gigabytes = (bytes: number | null) => (bytes === null ? '?' : (bytes / 1e9).toFixed(1));
  return gpu.gpus.map(({ index, name, load, memoryUsedBytes, memoryTotalBytes, temperatureC, powerW }) =>
    [
      `  gpu ${index}     ${name}`,
      load === null ? 'load ?' : `${Math.round(load * 100)} %`,
      `${gigabytes(memoryUsedBytes)} of ${gigabytes(memoryTotalBytes)} GB`,
      ...(temperatureC === null ? [] : [`${temperatureC} °C`]),
      ...(powerW === null ? [] : [`${Math.round(powerW)} W`]),
    ].join('  '),
  );
}
