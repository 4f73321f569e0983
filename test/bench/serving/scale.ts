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

/** A replica takes 20 ms per photo: 50 photos/s. Four of them leave this machine's cores to the server in front. */
const MS_PER_PHOTO = 20;
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
  const measure = (count: number, ms: number) =>
    scaled({ count, ms, sha256: manifest.model.sha256, generator, seconds, likes: photos.map(() => LIKE) });
  try {
    const figures: Figure[] = [];
    let single: Scaled | undefined;
    for (const count of COUNTS) {
      const now = await measure(count, MS_PER_PHOTO);
      single ??= now;
      const name = `${count} ${count === 1 ? 'replica' : 'replicas'}`;
      const limit = (1000 / MS_PER_PHOTO) * count;
      figures.push(
        {
          ...{ key: `x${count}.photosPerSecond`, name, value: now.photosPerSecond, unit: 'photos/s' },
          ratioToLimit: now.photosPerSecond / limit,
        },
        {
          ...{ key: `x${count}.linear`, name: '  relative to linear' },
          ...{ value: now.photosPerSecond / (single.photosPerSecond * count), unit: '×' },
        },
        { key: `x${count}.p50Ms`, name: '  p50', value: now.p50Ms, unit: 'ms' },
        { key: `x${count}.p99Ms`, name: '  p99', value: now.p99Ms, unit: 'ms' },
        { key: `x${count}.frontCores`, name: '  the server in front', value: now.frontCores, unit: 'cores' },
      );
    }
    const free = await measure(COUNTS.at(-1)!, 0);
    return [
      ...figures,
      { key: 'free.photosPerSecond', name: '4 that take no time', value: free.photosPerSecond, unit: 'photos/s' },
      { key: 'free.p99Ms', name: '  p99', value: free.p99Ms, unit: 'ms' },
      { key: 'free.frontCores', name: '  the server in front', value: free.frontCores, unit: 'cores' },
    ];
  } finally {
    generator.end();
  }
}

async function scaled({
  count,
  ms,
  sha256,
  generator,
  seconds,
  likes,
}: {
  readonly count: number;
  readonly ms: number;
  readonly sha256: string;
  readonly generator: LoadGenerator;
  readonly seconds: number;
  readonly likes: readonly number[];
}): Promise<Scaled> {
  const replicas = await Promise.all(Array.from({ length: count }, () => startTimed(sha256, ms)));
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

async function startTimed(sha256: string, ms: number): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(new URL('./timed-replica.ts', import.meta.url), [sha256, String(ms)], { execArgv: [] });
  const [port] = await once(child, 'message');
  return { child, url: `http://127.0.0.1:${port}` };
}
