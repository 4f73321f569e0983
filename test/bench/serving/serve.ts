import { cores } from '@swipenet/server/config/machine.ts';
import { readSettings } from '@swipenet/server/config/settings.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import { preparedType } from '@swipenet/shared/prepared-photo.ts';
import { FLOP_PER_PHOTO, machineOf, sgemm } from '../limits.ts';
import { race } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import type { Figure } from '../report.ts';
import { type LoadGenerator, percentile, startLoadGenerator, sumOf } from './load.ts';
import type { LoadResult } from './load-messages.ts';
import { BareParts } from './machine-limit.ts';
import { type MeasuredServer, startBaseline, startSwipenet } from './measured-server.ts';
import { benchPhotos, preparedPhotos } from './photos.ts';
import { precisions } from './precisions.ts';

const PHOTOS_PER_PROFILE = 6;
const CLIENTS = [1, 4, 16, 64];

/** The number of clients that saturates the machine. Its results are the headline. */
const FULL = 16;

/** Minimum number of requests for a p99. With fewer, none is reported. */
const REQUESTS_FOR_P99 = 300;

/** Number of measured starts, each of a complete server. */
const STARTS = 3;

/** The result of one load on one server, and its cost there. */
interface Phase extends LoadResult {
  readonly photosPerSecond: number;
  /** Share of all cores that the server and its engines used, from 0 to 1. */
  readonly cpuShare: number;
  readonly rssBytes: number;
  readonly loopP99Ms: number;
}

/**
 * Measures the server under load over loopback HTTP, next to the machine's limits and a plain baseline. All take turns
 * within one run. No two photos have the same bytes, and the result cache is off.
 */
export async function serve({ seconds = 20, device = 'cpu', ...flags }: BenchOptions): Promise<Figure[]> {
  const { precision } = readSettings(['precision'], flags);
  const photos = await benchPhotos();
  const { close: closePeak, ...peak } = await sgemm(device);
  const [peakSpeed] = await race([peak], 3);
  await closePeak();
  const inEachPrecision = device === 'cpu' ? await precisions() : []; // int8 is for the CPU
  const inPrecision = ['--precision', precision];
  const readyMs = await timeStarts(inPrecision, device);

  const parts = await BareParts.open(photos, { precision }, device);
  const generator = startLoadGenerator(photos);
  const { resize } = parts;
  const gray = await preparedPhotos(photos, resize);
  const preparing = startLoadGenerator(gray, preparedType({ resize, gzip: false }));
  const swipenet = await startSwipenet(['--cache-photos', '0', ...inPrecision], device);
  const baseline = await startBaseline(device);
  const figures: Figure[] = [];
  const phases = new Map<number, { own: Phase; plain: Phase; prepared: Phase }>();
  for (const clients of CLIENTS) {
    await parts.measure(Math.max(0.5, seconds / 8), PHOTOS_PER_PROFILE);
    const own = await putLoad(generator, swipenet, clients, seconds);
    const prepared = await putLoad(preparing, swipenet, clients, seconds);
    const plain = await putLoad(generator, baseline, clients, seconds);
    phases.set(clients, { own, plain, prepared });
    figures.push(...phaseFigures(`clients${clients}`, `${clients} client${clients > 1 ? 's' : ''}`, own));
    figures.push(...phaseFigures(`preparedClients${clients}`, `prepared, ${clients}`, prepared));
    figures.push(...phaseFigures(`baselineClients${clients}`, `baseline, ${clients}`, plain));
  }
  await parts.measure(Math.max(0.5, seconds / 8), PHOTOS_PER_PROFILE);
  const { limit, loneProfileMs, loneComputeMs } = parts;
  generator.end();
  preparing.end();
  await Promise.all([parts.close(), swipenet.stop(), baseline.stop()]);

  const full = phases.get(FULL)!;
  const lone = phases.get(1)!.own;
  const served = [...phases.values()].flatMap(({ own, prepared }) => [own, prepared]);
  const failures = served.reduce((sum, phase) => sum + sumOf(phase.failures) + phase.hung, 0);
  const { photosPerSecond } = full.own;
  const gflops = (peakSpeed?.perSecond ?? Number.NaN) / 1e9;
  return [
    { key: 'photosPerSecond', name: `photos, ${FULL} clients`, value: photosPerSecond, unit: 'photos/s' },
    { key: 'ratioToLimit', name: '  relative to decode and compute', value: photosPerSecond / limit.both, unit: '×' },
    {
      key: 'ratioToBaseline',
      name: '  relative to the baseline',
      value: photosPerSecond / full.plain.photosPerSecond,
      unit: '×',
    },
    ...tail('loneProfileRatio', '  single profile, p99 relative to its limit', lone, (p99) => p99 / loneProfileMs, '×'),
    {
      key: 'preparedPhotosPerSecond',
      name: `prepared photos, ${FULL} clients`,
      value: full.prepared.photosPerSecond,
      unit: 'photos/s',
    },
    {
      key: 'preparedRatioToOriginals',
      name: '  relative to the photos themselves',
      value: full.prepared.photosPerSecond / photosPerSecond,
      unit: '×',
    },
    {
      key: 'preparedRatioToCompute',
      name: '  relative to the engines alone',
      value: full.prepared.photosPerSecond / limit.compute,
      unit: '×',
    },
    ...tail(
      'preparedLoneProfileRatio',
      '  single profile, p99 relative to its computing time',
      phases.get(1)!.prepared,
      (p99) => p99 / loneComputeMs,
      '×',
    ),
    { key: 'eventLoopP99Ms', name: '  event loop delay, p99', value: full.own.loopP99Ms, unit: 'ms' },
    { key: 'readyMs', name: `ready after (median of ${STARTS})`, value: readyMs, unit: 'ms' },
    { key: 'failures', name: 'failed requests', value: failures, unit: '' },
    { key: 'sgemmGflopPerSecond', name: `sgemm peak (${machineOf(device)})`, value: gflops, unit: 'GFLOP/s' },
    {
      key: 'photosPerSecondAtPeak',
      name: 'GoogLeNet at that peak',
      value: (gflops * 1e9) / FLOP_PER_PHOTO,
      unit: 'photos/s',
    },
    { key: 'computePhotosPerSecond', name: 'engines alone', value: limit.compute, unit: 'photos/s' },
    { key: 'decodePhotosPerSecond', name: 'decoding alone', value: limit.decode, unit: 'photos/s' },
    { key: 'limitPhotosPerSecond', name: limitName(device), value: limit.both, unit: 'photos/s' },
    { key: 'loneProfileLimitMs', name: 'limit of a single profile', value: loneProfileMs, unit: 'ms' },
    ...inEachPrecision,
    ...figures,
  ];
}

const limitName = (device: Device) =>
  device === 'cpu' ? 'limit: 1 / (1/decode + 1/compute)' : 'limit: the slower of decoding and computing';

async function timeStarts(flags: readonly string[], device: Device): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const server = await startSwipenet(flags, device);
    times.push(server.readyMs);
    await server.stop();
  }
  return percentile(times, 0.5);
}

async function putLoad(
  generator: LoadGenerator,
  server: MeasuredServer,
  clients: number,
  seconds: number,
): Promise<Phase> {
  const { url, token } = server;
  const load = { url, token, clients, photosPerRequest: PHOTOS_PER_PROFILE };
  await generator.run({ ...load, seconds: seconds / 10, minRequests: 0, maxSeconds: seconds / 10 }); // warm up
  await server.loopDelayMs();
  const before = server.usage();
  const minRequests = REQUESTS_FOR_P99;
  const result = await generator.run({ ...load, seconds, minRequests, maxSeconds: 1.8 * seconds });
  const after = server.usage();
  return {
    ...result,
    photosPerSecond: (PHOTOS_PER_PROFILE * result.latenciesMs.length) / result.seconds,
    cpuShare: (after.cpuMs - before.cpuMs) / (1000 * result.seconds * cores),
    rssBytes: after.rssBytes,
    loopP99Ms: await server.loopDelayMs(),
  };
}

function phaseFigures(key: string, name: string, phase: Phase): Figure[] {
  const { latenciesMs, photosPerSecond } = phase;
  const figure = (part: string, what: string, value: number, unit: string): Figure => {
    return { key: key + part, name: `${name}: ${what}`, value, unit };
  };
  return [
    figure('PhotosPerSecond', 'photos', photosPerSecond, 'photos/s'),
    figure('ProfilesPerSecond', 'profiles', photosPerSecond / PHOTOS_PER_PROFILE, 'profiles/s'),
    figure('Requests', 'requests', latenciesMs.length, ''),
    figure('P50Ms', 'p50', percentile(latenciesMs, 0.5), 'ms'),
    figure('P95Ms', 'p95', percentile(latenciesMs, 0.95), 'ms'),
    ...tail(`${key}P99Ms`, `${name}: p99`, phase, (p99) => p99, 'ms'),
    figure('CpuShare', 'CPU, of all cores', phase.cpuShare, '×'),
    figure('MemoryMb', 'memory with engines', phase.rssBytes / 1e6, 'MB'),
    figure('LoopP99Ms', 'event loop delay, p99', phase.loopP99Ms, 'ms'),
    figure('GeneratorCpuShare', 'CPU of the load generator', phase.cpuMs / (1000 * phase.seconds * cores), '×'),
  ];
}

/** Returns a result for the 99th percentile if there were enough requests. */
function tail(key: string, name: string, phase: Phase, of: (p99: number) => number, unit: string): Figure[] {
  const { latenciesMs } = phase;
  if (latenciesMs.length < REQUESTS_FOR_P99) return [];
  return [{ key, name: `${name} (${latenciesMs.length} requests)`, value: of(percentile(latenciesMs, 0.99)), unit }];
}
