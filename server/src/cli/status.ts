import { setTimeout as sleep } from 'node:timers/promises';
import { type Gpus, type StatusAnswer, statusAnswerSchema } from '@swipenet/shared/contract/status.ts';
import { printable } from '@swipenet/shared/printable.ts';
import { allowsEscapes } from '../config/machine.ts';
import type { Home } from '../home/home.ts';
import { askServer } from '../http/ask-server.ts';
import { type StatusRates, StatusWindow } from '../observe/status-rates.ts';
import { defineCommand } from './command.ts';
import { megabytes, percent, spanOf, wholeNumber } from './format.ts';
import type { ProgressOutput } from './progress.ts';
import { stopOnSignal } from './signals.ts';

/** How often to query the server. */
const EVERY_MS = 1_000;

/** How far back the rates of the live view reach. */
const WINDOW_MS = 10_000;

/** `swipenet status`: shows what a running server is doing. On a terminal the view is live until Ctrl-C. */
export const statusCommand = defineCommand({
  name: 'status',
  summary: 'show what a running server is doing, live on a terminal',
  settings: ['home'],
  notes: '--json prints one status, with rates measured over a second.',
  run: async ({ settings: { home }, json }) => {
    if (json || !allowsEscapes(process.stdout)) return await statusOverASecond(home);
    await watchStatus(home);
    return undefined;
  },
  print: (shown) => (shown ? statusLines(shown.status, shown.rates).join('\n') : ''),
  toJson: (shown) => ({ ...shown?.status, rates: shown?.rates }),
});

const askStatus = async (home: Home) => (await askServer(home, 'status', statusAnswerSchema)).answer;

async function statusOverASecond(home: Home) {
  const window = new StatusWindow(WINDOW_MS);
  window.add(await askStatus(home));
  await sleep(EVERY_MS);
  const status = await askStatus(home);
  return { status, rates: window.add(status) };
}

/** Shows a live status until Ctrl-C. */
async function watchStatus(home: Home): Promise<void> {
  const window = new StatusWindow(WINDOW_MS);
  const live = new LiveLines(process.stdout);
  let status = await askStatus(home);
  using stopped = stopOnSignal(() => {});
  while (!stopped.aborted) {
    live.show([...statusLines(status, window.add(status)), 'Press Ctrl-C to quit.']);
    await sleep(EVERY_MS, undefined, { signal: stopped }).catch(() => {});
    if (!stopped.aborted) status = await askStatus(home);
  }
}

/** Lines on a terminal that are updated in place. Each is cut to the terminal's width. */
export class LiveLines {
  readonly #output: ProgressOutput;
  #shown = 0;

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  /** Replaces the previous lines. */
  show(lines: readonly string[]): void {
    const width = (this.#output.columns || 80) - 1;
    const up = this.#shown > 0 ? `\u001b[${this.#shown}A` : '';
    this.#output.write(`${up}\r\u001b[J${lines.map((line) => `${printable(line).slice(0, width)}\n`).join('')}`);
    this.#shown = lines.length;
  }
}

const STATES = { ready: 'ready', not_ready: 'NOT READY', shutting_down: 'shutting down' } as const;

/** Formats a server's status for people, one topic per line. */
export function statusLines(status: StatusAnswer, rates: StatusRates | null): string[] {
  const { device, model, requests, photos, queue, batches, cache, engines, decoders = [], server } = status;
  const perSecond = (rate: number | undefined) => (rate === undefined ? '' : `${rate.toFixed(1)}/s`).padEnd(9);
  const mean = rates?.photosPerBatch;
  const sizes = batches.sizes
    .filter(({ count }) => count > 0)
    .map(({ upTo, count }) => `${upTo}: ${wholeNumber(count)}`);
  return [
    `${model.id}${model.precision === 'int8' ? ' (int8)' : ''} on ${device.name} (${device.reason})  ${STATES[status.state]}  up ${spanOf(status.uptimeMs / 1000)}`,
    `  requests  ${perSecond(rates?.requestsPerSecond)} ${outcome(requests.succeeded, 'answered', requests.failed)}`,
    `  photos    ${perSecond(rates?.photosPerSecond)} ${outcome(photos.scored, 'scored', photos.failed)}${photos.prepared === undefined ? '' : `, ${wholeNumber(photos.prepared)} came prepared`}`,
    `  queue     ${queue.waiting} waiting, ${queue.running} running, ${queue.pendingRequests} requests pending`,
    `  batches   ${mean ? `${mean.toFixed(1)} photos on average; ` : ''}by size: ${sizes.join('  ') || 'none yet'}`,
    ...(cache
      ? [`  cache     ${wholeNumber(cache.hits)} of ${wholeNumber(cache.hits + cache.misses)} photos found`]
      : []),
    `  server    ${processWords(server, rates?.serverCores)}  event loop p99 ${server.eventLoopDelayP99Ms.toFixed(1)} ms`,
    ...engines.map((engine, at) =>
      engine.replica
        ? `  replica ${at} ${replicaWords(engine.replica)}`
        : `  engine ${at}  ${childWords(engine, rates?.engineCores[at])}`,
    ),
    ...decoders.map((decoder, at) => `  decoder ${at} ${childWords(decoder, rates?.decoderCores[at])}`),
    ...gpuLines(status.gpu),
  ];
}

const outcome = (done: number, word: string, failed: number) =>
  `${wholeNumber(done)} ${word}, ${wholeNumber(failed)} failed`;

/** Formats an engine on another machine. */
const replicaWords = ({
  url,
  fault,
  running,
  batches,
  failures,
}: NonNullable<StatusAnswer['engines'][number]['replica']>) =>
  `${url}  ${running} running, ${outcome(batches, 'batches', failures)}  ${fault ? `NOT USED: ${fault.message} (${fault.code})` : 'in use'}`;

/** Formats the process of an engine or a decoder. */
const childWords = (child: StatusAnswer['engines'][number], cores: number | null | undefined) =>
  `${processWords(child, cores)}  ${child.alive ? 'alive' : 'DOWN, restarting'}${restarts(child)}`;

/** Formats an engine's restarts by reason. Empty if there were none. */
function restarts({ restarts: counts }: StatusAnswer['engines'][number]): string {
  const counted = Object.entries(counts).filter(([, count]) => count > 0);
  return counted.length === 0
    ? ''
    : `  restarts: ${counted.map(([reason, count]) => `${wholeNumber(count)} ${reason}`).join(', ')}`;
}

function processWords(
  { pid, memoryBytes }: { readonly pid: number | null; readonly memoryBytes: number | null },
  cores: number | null | undefined,
): string {
  const memory = memoryBytes === null ? '? MB' : megabytes(memoryBytes, 0);
  return `pid ${pid ?? '?'}  ${memory}  ${typeof cores === 'number' ? cores.toFixed(2) : '?'} cores`;
}

function gpuLines(gpu: Gpus): string[] {
  if ('absent' in gpu) return [`  gpu       ${gpu.absent}`];
  const gigabytes = (bytes: number | null) => (bytes === null ? '?' : (bytes / 1e9).toFixed(1));
  return gpu.gpus.map(({ index, name, load, memoryUsedBytes, memoryTotalBytes, temperatureC, powerW }) =>
    [
      `  gpu ${index}     ${name}`,
      load === null ? 'load ?' : percent(load, 0),
      `${gigabytes(memoryUsedBytes)} of ${gigabytes(memoryTotalBytes)} GB`,
      ...(temperatureC === null ? [] : [`${temperatureC} °C`]),
      ...(powerW === null ? [] : [`${Math.round(powerW)} W`]),
    ].join('  '),
  );
}
