import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@swipenet/shared/random.ts';
import type { BenchOptions } from '../options.ts';
import type { Figure } from '../report.ts';
import { percentile, startLoadGenerator, sumOf } from './load.ts';
import { BareParts } from './machine-limit.ts';
import { type MeasuredServer, startSwipenet } from './measured-server.ts';
import { benchPhotos } from './photos.ts';

const CLIENTS = 8;
const PHOTOS_PER_PROFILE = 6;
const KILL_EVERY_MS = 5000;

/** Answers are counted in spans of this length after each kill. */
const SPAN_MS = 250;

/** Full speed: this share of the speed before the first kill. */
const FULL_SPEED = 0.9;

/**
 * Kills one engine every five seconds under load, and looks whether anybody noticed: every request must be answered, with
 * the confidences that are known from the parts alone, or refused so that it may be tried again.
 *
 * @throws Error when an answer was wrong, hung, or failed in a way that tells no client to come again.
 */
export async function chaos({ seconds = 120, seed = 1 }: BenchOptions): Promise<Figure[]> {
  const photos = await benchPhotos();
  const parts = await BareParts.open(photos);
  const likes = await parts.likes();
  await parts.close();
  const generator = startLoadGenerator(photos);
  const server = await startSwipenet(['--cache-photos', '0']);
  const { url, token } = server;
  const load = { url, token, clients: CLIENTS, photosPerRequest: PHOTOS_PER_PROFILE, minRequests: 0, likes };
  const calm = await generator.run({ ...load, seconds: 10, maxSeconds: 10 });
  const over = new AbortController();
  const killing = killEngines(server, seededRandom(seed), over.signal);
  const result = await generator.run({ ...load, seconds, maxSeconds: seconds });
  over.abort();
  const kills = await killing;
  generator.end();
  const exitCode = await server.stop();

  const calmPerSecond = calm.latenciesMs.length / calm.seconds;
  const recovery = recoveryMs(kills, result.answeredAtMs, calmPerSecond);
  const failed = sumOf(result.failures) + result.wrong + result.hung;
  const { latenciesMs } = result;
  if (failed > 0 || exitCode !== 0) {
    const { wrong, hung, failures } = result;
    throw new Error(`not unharmed: ${JSON.stringify({ wrong, hung, failures, exitCode, kills: kills.length })}`);
  }
  return [
    { key: 'kills', name: 'engines killed', value: kills.length, unit: '' },
    { key: 'requests', name: 'requests answered', value: latenciesMs.length, unit: '' },
    { key: 'retryable', name: 'refused, to be tried again', value: sumOf(result.retryable), unit: '' },
    { key: 'wrong', name: 'wrong confidences', value: result.wrong, unit: '' },
    { key: 'hung', name: 'requests that hung', value: result.hung, unit: '' },
    {
      key: 'speed',
      name: 'speed of the calm before',
      value: latenciesMs.length / result.seconds / calmPerSecond,
      unit: '×',
    },
    { key: 'recoveryMs', name: `until ${FULL_SPEED} of it again`, value: recovery, unit: 'ms' },
    { key: 'p50Ms', name: `p50 (${latenciesMs.length} requests)`, value: percentile(latenciesMs, 0.5), unit: 'ms' },
    { key: 'longestMs', name: 'longest', value: Math.max(...latenciesMs), unit: 'ms' },
  ];
}

/** Kills an engine every so often; gives when, in milliseconds since the epoch. */
async function killEngines(server: MeasuredServer, random: () => number, signal: AbortSignal): Promise<number[]> {
  const kills: number[] = [];
  const pause = () => sleep(KILL_EVERY_MS, true, { signal }).catch(() => false);
  while (await pause()) {
    const engines = server.engines();
    const victim = engines[Math.floor(random() * engines.length)];
    if (victim === undefined) continue;
    process.kill(victim, 'SIGKILL');
    kills.push(performance.timeOrigin + performance.now());
  }
  return kills;
}

/**
 * How long after a kill the speed is full again: answers are counted by the time since the last kill, over all kills,
 * and from the span that is told on to the end of the five seconds their mean is full speed.
 */
function recoveryMs(kills: readonly number[], answeredAtMs: readonly number[], calmPerSecond: number): number {
  const spans = new Array<number>(KILL_EVERY_MS / SPAN_MS).fill(0);
  for (const at of answeredAtMs) {
    const kill = kills.findLast((moment) => moment <= at);
    const span = kill === undefined ? spans.length : Math.floor((at - kill) / SPAN_MS);
    if (span < spans.length) spans[span]! += 1;
  }
  const perSpan = (calmPerSecond * SPAN_MS * kills.length) / 1000;
  const from = spans.findIndex((_, index) => {
    const rest = spans.slice(index);
    return rest.reduce((sum, count) => sum + count, 0) >= FULL_SPEED * perSpan * rest.length;
  });
  return from < 0 ? Number.POSITIVE_INFINITY : from * SPAN_MS;
}
