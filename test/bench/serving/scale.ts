import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { loadModel } from '@swipenet/server/registry/model-registry.ts';
import { preparedType } from '@swipenet/shared/prepared-photo.ts';
import type { BenchOptions } from '../options.ts';
import type { Figure } from '../report.ts';
import { type LoadGenerator, percentile, startLoadGenerator, sumOf } from './load.ts';
import { startSwipenet } from './measured-server.ts';
import { benchPhotos, preparedPhotos } from './photos.ts';

/** How long a replica takes. */
interface Times {
  readonly key: string;
  readonly name: string;
  readonly perBatchMs: number;
  readonly perPhotoMs: number;
}

/** So slow that four of them leave this machine's cores to the server in front. */
const TIMES: readonly Times[] = [
  { key: 'batch', name: '100 ms per batch, as on a GPU', perBatchMs: 100, perPhotoMs: 0 },
  { key: 'photo', name: '20 ms per photo, as on a CPU', perBatchMs: 0, perPhotoMs: 20 },
];

const FREE = { perBatchMs: 0, perPhotoMs: 0 };

const COUNTS = [1, 2, 4];
const CLIENTS_PER_REPLICA = 4;
const PHOTOS_PER_PROFILE = 6;

/** Confidences must be those of the replicas. */
const LIKE = 0.75;

interface Scaled {
  readonly photosPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of the server in front, in cores. */
  readonly frontCores: number;
}

/**
 * Measures one server in front of 1, 2 and 4 replicas that only take time, with prepared photos and as many clients per
 * replica. Throughput should grow with the replicas, and p99 should stay. Then the same with replicas that take no time:
 * what the server in front can carry.
 *
 * @throws Error if a request failed or had a wrong confidence.
 */
export async function scaleBench({ seconds = 10 }: BenchOptions): Promise<Figure[]> {
  const { manifest } = await loadModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
  const { resize } = manifest.preprocessing;
  const photos = await preparedPhotos(await benchPhotos(), resize);
  const generator = startLoadGenerator(photos, preparedType({ resize, gzip: false }));
  const measure = (count: number, times: Omit<Times, 'key' | 'name'>) =>
    scaled({ count, ...times, sha256: manifest.model.sha256, generator, seconds, likes: photos.map(() => LIKE) });
  try {
    const figures: Figure[] = [];
    for (const { key, name, ...times } of TIMES) {
      let single: Scaled | undefined;
      for (const count of COUNTS) {
        const now = await measure(count, times);
        single ??= now;
        figures.push(...figuresOf(`${key}.x${count}`, `${name}, × ${count}`, now), {
          ...{ key: `${key}.x${count}.linear`, name: '  relative to linear' },
          ...{ value: now.photosPerSecond / (single.photosPerSecond * count), unit: '×' },
        });
      }
    }
    const most = COUNTS.at(-1)!;
    return [...figures, ...figuresOf('free', `no time, × ${most}`, await measure(most, FREE))];
  } finally {
    generator.end();
  }
}

const figuresOf = (key: string, name: string, { photosPerSecond, p50Ms, p99Ms, frontCores }: Scaled): Figure[] => [
  { key: `${key}.photosPerSecond`, name, value: photosPerSecond, unit: 'photos/s' },
  { key: `${key}.p50Ms`, name: '  p50', value: p50Ms, unit: 'ms' },
  { key: `${key}.p99Ms`, name: '  p99', value: p99Ms, unit: 'ms' },
  { key: `${key}.frontCores`, name: '  the server in front', value: frontCores, unit: 'cores' },
];

async function scaled({
  count,
  perBatchMs,
  perPhotoMs,
  sha256,
  generator,
  seconds,
  likes,
}: {
  readonly count: number;
  readonly perBatchMs: number;
  readonly perPhotoMs: number;
  readonly sha256: string;
  readonly generator: LoadGenerator;
  readonly seconds: number;
  readonly likes: readonly number[];
}): Promise<Scaled> {
  const replicas = await Promise.all(
    Array.from({ length: count }, () => startTimed([sha256, String(perBatchMs), String(perPhotoMs)])),
  );
  const urls = replicas.flatMap(({ url }) => ['--engine-url', url]);
  const server = await startSwipenet(['--precision', 'fp32', '--cache-photos', '0', '--engine', 'oip', ...urls]);
  try {
    const { url, token } = server;
    const load = { url, token, clients: CLIENTS_PER_REPLICA * count, photosPerRequest: PHOTOS_PER_PROFILE, likes };
    await generator.run({ ...load, seconds: 2, maxSeconds: 2, minRequests: 0 }); // warms up
    const before = server.usage();
    const result = await generator.run({ ...load, seconds, maxSeconds: seconds, minRequests: 0 });
    const cpuMs = server.usage().cpuMs - before.cpuMs;
    const { wrong, hung, failures, retryable, latenciesMs } = result;
    if (wrong + hung + sumOf(failures) + sumOf(retryable) > 0)
      throw new Error(`requests failed: ${JSON.stringify({ wrong, hung, failures, retryable })}`);
    return {
      photosPerSecond: (latenciesMs.length * PHOTOS_PER_PROFILE) / result.seconds,
      ...{ p50Ms: percentile(latenciesMs, 0.5), p99Ms: percentile(latenciesMs, 0.99) },
      frontCores: cpuMs / 1000 / result.seconds,
    };
  } finally {
    await server.stop();
    for (const { child } of replicas) child.disconnect();
  }
}

async function startTimed(parameters: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(new URL('./timed-replica.ts', import.meta.url), parameters, { execArgv: [] });
  const [port] = await once(child, 'message');
  return { child, url: `http://127.0.0.1:${port}` };
}
