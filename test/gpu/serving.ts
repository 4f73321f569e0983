import type { Device } from '@swipenet/server/runtime/session.ts';
import type { Figure } from '../bench/report.ts';
import { percentile, startLoadGenerator, sumOf } from '../bench/serving/load.ts';
import { startSwipenet } from '../bench/serving/measured-server.ts';
import { benchPhotos } from '../bench/serving/photos.ts';
import type { Finding } from './section.ts';
import type { VerifySizes } from './sizes.ts';

const PHOTOS_PER_PROFILE = 6;

/** The kinds of photos that clients send. Photos that the extension has prepared are another one. */
const PHOTO_KINDS = [{ key: 'original', name: 'original photos', photos: benchPhotos }] as const;

/** Puts loads on a real server over HTTP. No two photos are the same, and the result cache is off. */
export async function measureServer(device: Device, sizes: VerifySizes, flags: readonly string[]): Promise<Finding> {
  const figures: Figure[] = [];
  let failed = 0;
  for (const { key, name, photos } of PHOTO_KINDS) {
    const generator = startLoadGenerator(await photos(sizes.scenes));
    const server = await startSwipenet(['--cache-photos', '0', ...flags], device);
    try {
      figures.push({ key: `${key}ReadyMs`, name: `${name}: ready after`, value: server.readyMs, unit: 'ms' });
      for (const clients of sizes.clients) {
        const { url, token } = server;
        const load = { url, token, clients, photosPerRequest: PHOTOS_PER_PROFILE, minRequests: 1 };
        const before = server.usage();
        const result = await generator.run({
          ...load,
          seconds: sizes.loadSeconds,
          maxSeconds: 2 * sizes.loadSeconds + 30,
        });
        const cpuMs = server.usage().cpuMs - before.cpuMs;
        failed += sumOf(result.failures) + result.hung;
        const figure = (part: string, what: string, value: number, unit: string) =>
          figures.push({
            key: `${key}Clients${clients}${part}`,
            name: `${name}, ${clients} clients: ${what}`,
            value,
            unit,
          });
        figure(
          'PhotosPerSecond',
          'photos',
          (PHOTOS_PER_PROFILE * result.latenciesMs.length) / result.seconds,
          'photos/s',
        );
        figure('P50Ms', 'p50', percentile(result.latenciesMs, 0.5), 'ms');
        figure('P99Ms', 'p99', percentile(result.latenciesMs, 0.99), 'ms');
        figure('Cores', 'cores used', cpuMs / (1000 * result.seconds), '');
      }
    } finally {
      generator.end();
      await server.stop();
    }
  }
  const best = Math.max(...figures.filter(({ unit }) => unit === 'photos/s').map(({ value }) => value));
  return {
    status: failed > 0 ? 'fail' : 'pass',
    summary: failed > 0 ? `${failed} requests failed` : `at best ${best.toFixed(0)} photos/s over HTTP`,
    figures,
  };
}
