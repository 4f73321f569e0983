import type { BenchOptions } from '../options.ts';
import type { Figure } from '../report.ts';
import { startLoadGenerator, sumOf } from './load.ts';
import { startSwipenet } from './measured-server.ts';
import { benchPhotos } from './photos.ts';

const CLIENTS = 8;
const PHOTOS_PER_PROFILE = 6;

/** After this many photos, everything that is kept on purpose is in memory, and the small result cache is full. */
const SETTLED_PHOTOS = 2000;

/** Photos between two measurements of the memory. */
const STEP_PHOTOS = 500;

/**
 * Sends many photos through one server and compares its memory, including engines, after the first 2,000 and at the
 * end. The result cache is on, because it must not grow either. It is small enough to be full when the comparison
 * starts.
 */
export async function soak({ photos: total = 5000 }: BenchOptions): Promise<Figure[]> {
  const photos = await benchPhotos();
  const generator = startLoadGenerator(photos);
  const server = await startSwipenet(['--cache-photos', '1000']);
  const samples: { photos: number; rssBytes: number }[] = [];
  let [done, failures] = [0, 0];
  while (done < total) {
    const minRequests = Math.ceil(Math.min(STEP_PHOTOS, total - done) / PHOTOS_PER_PROFILE);
    const load = { clients: CLIENTS, photosPerRequest: PHOTOS_PER_PROFILE, seconds: 0, minRequests, maxSeconds: 600 };
    const result = await generator.run({ url: server.url, token: server.token, ...load });
    if (result.latenciesMs.length === 0) throw new Error(`nothing was answered: ${JSON.stringify(result.failures)}`);
    done += PHOTOS_PER_PROFILE * result.latenciesMs.length;
    failures += sumOf(result.failures) + sumOf(result.retryable) + result.hung;
    samples.push({ photos: done, rssBytes: server.usage().rssBytes });
  }
  generator.end();
  await server.stop();
  const settled = samples.find((sample) => sample.photos >= Math.min(SETTLED_PHOTOS, total / 2))!;
  const after = samples.filter((sample) => sample.photos >= settled.photos);
  const last = after.at(-1)!;
  const highest = Math.max(...after.map(({ rssBytes }) => rssBytes));
  return [
    { key: 'photos', name: 'photos', value: done, unit: '' },
    { key: 'failures', name: 'failed requests', value: failures, unit: '' },
    { key: 'settledMb', name: `memory after ${settled.photos}`, value: settled.rssBytes / 1e6, unit: 'MB' },
    { key: 'endMb', name: 'memory at the end', value: last.rssBytes / 1e6, unit: 'MB' },
    { key: 'highestMb', name: 'highest in between', value: highest / 1e6, unit: 'MB' },
    { key: 'growth', name: 'growth since then', value: last.rssBytes / settled.rssBytes, unit: '×' },
  ];
}
