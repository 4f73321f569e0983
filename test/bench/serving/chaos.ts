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

/** Responses are counted in intervals of this length after each kill. */
const INTERVAL_MS = 250;

/** Full speed, relative to the speed before the first kill. */
const FULL_SPEED = 0.9;

/**
 * Kills an engine and a decoder every five seconds under load and checks that clients don't notice. Every request must be answered
 * with the confidences that the bare parts return, or refused so that the client may retry.
 *
 * @throws Error if a response was wrong, hung, or failed without telling the client to retry.
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
  const finished = new AbortController();
  const killing = killWorkers(server, seededRandom(seed), finished.signal);
  const result = await generator.run({ ...load, seconds, maxSeconds: seconds });
  finished.abort();
  const kills = await killing;
  generator.end();
  const exitCode = await server.stop();

  const calmPerSecond = calm.latenciesMs.length / calm.seconds;
  const recovery = recoveryMs(kills, result.answeredAtMs, calmPerSecond);
  const failed = sumOf(result.failures) + result.wrong + result.hung;
  const { latenciesMs } = result;
  if (failed > 0 || exitCode !== 0) {
    const { wrong, hung, failures } = result;
    throw new Error(
      `clients noticed the kills: ${JSON.stringify({ wrong, hung, failures, exitCode, kills: kills.length })}`,
    );
  }
  return [
    { key: 'kills', name: 'engines killed, and decoders', value: kills.length, unit: '' },
    { key: 'requests', name: 'requests answered', value: latenciesMs.length, unit: '' },
    { key: 'retryable', name: 'refused, to be retried', value: sumOf(result.retryable), unit: '' },
    { key: 'wrong', name: 'wrong confidences', value: result.wrong, unit: '' },
    { key: 'hung', name: 'requests that hung', value: result.hung, unit: '' },
    {
      key: 'speed',
      name: 'speed relative to before the kills',
      value: latenciesMs.length / result.seconds / calmPerSecond,
      unit: '×',
    },
    { key: 'recoveryMs', name: `time until ${FULL_SPEED} of that speed`, value: recovery, unit: 'ms' },
    { key: 'p50Ms', name: `p50 (${latenciesMs.length} requests)`, value: percentile(latenciesMs, 0.5), unit: 'ms' },
    { key: 'longestMs', name: 'longest', value: Math.max(...latenciesMs), unit: 'ms' },
  ];
}

/** Kills an engine and a decoder at regular intervals. Returns when, in milliseconds since the epoch. */
async function killWorkers(server: MeasuredServer, random: () => number, signal: AbortSignal): Promise<number[]> {
  const kills: number[] = [];
  const pause = () => sleep(KILL_EVERY_MS, true, { signal }).catch(() => false);
  while (await pause()) {
    const { engines, decoders } = server.workers();
    for (const workers of [engines, decoders]) {
      const victim = workers[Math.floor(random() * workers.length)];
      if (victim !== undefined) process.kill(victim, 'SIGKILL');
    }
    kills.push(performance.timeOrigin + performance.now());
  }
  return kills;
}

/**
 * Returns how long it takes to get back to full speed after a kill. Responses are counted by the time since the last
 * kill, added up over all kills. From the returned time to the end of the five seconds, the mean is full speed.
 */
function recoveryMs(kills: readonly number[], answeredAtMs: readonly number[], calmPerSecond: number): number {
  const intervals = new Array<number>(KILL_EVERY_MS / INTERVAL_MS).fill(0);
  for (const at of answeredAtMs) {
    const kill = kills.findLast((moment) => moment <= at);
    const interval = kill === undefined ? intervals.length : Math.floor((at - kill) / INTERVAL_MS);
    if (interval < intervals.length) intervals[interval]! += 1;
  }
  const perInterval = (calmPerSecond * INTERVAL_MS * kills.length) / 1000;
  const from = intervals.findIndex((_, index) => {
    const rest = intervals.slice(index);
    return rest.reduce((sum, count) => sum + count, 0) >= FULL_SPEED * perInterval * rest.length;
  });
  return from < 0 ? Number.POSITIVE_INFINITY : from * INTERVAL_MS;
}
