import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { NetworkNamespace } from '../../support/network-namespace.ts';
import { RealServer } from '../../support/real-server.ts';
import type { BenchOptions } from '../options.ts';
import type { BenchResult, Figure } from '../report.ts';
import { formatFigures } from '../report.ts';
import { percentile, startLoadGenerator, sumOf } from './load.ts';
import { benchPhotos } from './photos.ts';

const REPLICAS = 3;
const CLIENTS = 4;
const PHOTOS_PER_PROFILE = 4;
const EVERY_MS = 5_000;

/** Longer than a batch may take, so that a stalled replica is ejected. */
const STALLED_MS = 11_000;

/** What is done to a replica, and undone. */
const BLOWS = ['killed', 'stalled', 'cut off'] as const;

type Blow = (typeof BLOWS)[number];

/** A replica as a process of its own, in a network of its own if this machine allows it. */
interface Victim {
  readonly server: RealServer;
  readonly namespace: NetworkNamespace | undefined;
  isDown: boolean;
}

/** What happened. */
export interface ChaosResult {
  /** Why the replicas are on loopback, if they are. */
  readonly onLoopback: string | undefined;
  readonly blows: Readonly<Record<Blow, number>>;
  readonly requests: number;
  readonly latenciesMs: readonly number[];
  /** Requests that were refused with 503 and `Retry-After`, by code. */
  readonly retryable: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly wrong: number;
  readonly hung: number;
  /** Photos that went to a replica more than once, or whose request was refused after they had been sent. */
  readonly sentAgain: number;
  /** The most photos that can have been in flight at all blows together. */
  readonly inFlight: number;
}

/**
 * Puts load on a server in front of three others while one of them is killed, stalled or cut off every few seconds, and
 * compares every confidence with that of a single server.
 */
export async function disturbReplicas(
  seconds: number,
  { seed = 1, everyMs = EVERY_MS }: { readonly seed?: number; readonly everyMs?: number } = {},
): Promise<ChaosResult> {
  const photos = await benchPhotos();
  const namespaces = NetworkNamespace.several(REPLICAS);
  const onLoopback = typeof namespaces === 'string' ? namespaces : undefined;
  const networks = typeof namespaces === 'string' ? Array.from({ length: REPLICAS }, () => undefined) : namespaces;
  const opened: RealServer[] = [];
  const generator = startLoadGenerator(photos);
  try {
    const token = randomBytes(32).toString('base64url');
    const victims = await Promise.all(
      networks.map(async (namespace): Promise<Victim> => {
        const flags = ['--precision', 'fp32', '--rate-limit', '100000', '--rate-burst', '100000'];
        const address = namespace ? ['--host', namespace.address, '--insecure-bind'] : [];
        const server = await RealServer.start([...flags, ...address], { token, within: namespace?.within ?? [] });
        opened.push(server);
        return { server, namespace, isDown: false };
      }),
    );
    const likes = await likesOf(victims[0]!.server, photos);
    const urls = victims.flatMap(({ server }) => ['--engine-url', server.url]);
    const tokenFile = ['--engine-token-file', join(victims[0]!.server.home, 'token')];
    const limits = ['--cache-photos', '0', '--rate-limit', '100000', '--rate-burst', '100000', '--log-level', 'error'];
    const front = await RealServer.start(['--engine', 'oip', ...urls, ...tokenFile, '--engine-insecure', ...limits]);
    opened.push(front);
    const finished = new AbortController();
    const striking = strike(victims, everyMs, seededRandom(seed), finished.signal);
    const { url } = front;
    const sizes = { clients: CLIENTS, photosPerRequest: PHOTOS_PER_PROFILE, minRequests: 0 };
    const result = await generator.run({ url, token: front.token, ...sizes, seconds, maxSeconds: seconds, likes });
    finished.abort();
    const blows = await striking;
    const { retryable, failures, wrong, hung, latenciesMs } = result;
    return {
      ...{ onLoopback, blows, retryable, failures, wrong, hung, latenciesMs, requests: latenciesMs.length },
      sentAgain: (await photosSentBy(front)) - PHOTOS_PER_PROFILE * latenciesMs.length,
      inFlight: sumOf(blows) * CLIENTS * PHOTOS_PER_PROFILE,
    };
  } finally {
    generator.end();
    await Promise.all(opened.map((server) => server.remove()));
    if (typeof namespaces !== 'string') for (const namespace of namespaces) namespace.remove();
  }
}

/** `npm run bench -- replica-chaos`. @throws Error if a client noticed more than it may. */
export async function replicaChaos({ seconds = 120, seed = 1 }: BenchOptions): Promise<BenchResult> {
  const result = await disturbReplicas(seconds, { seed });
  const { blows, requests, latenciesMs, retryable, failures, wrong, hung, sentAgain, inFlight, onLoopback } = result;
  if (wrong + hung + sumOf(failures) > 0 || sentAgain > inFlight) {
    throw new Error(`clients noticed: ${JSON.stringify({ wrong, hung, failures, sentAgain, inFlight, blows })}`);
  }
  const figures: Figure[] = [
    ...BLOWS.map((blow) => ({ key: blow, name: `replicas ${blow}`, value: blows[blow], unit: '' })),
    { key: 'requests', name: 'requests answered', value: requests, unit: '' },
    { key: 'retryable', name: 'refused, to be retried', value: sumOf(retryable), unit: '' },
    { key: 'wrong', name: 'wrong confidences', value: wrong, unit: '' },
    { key: 'hung', name: 'requests that hung', value: hung, unit: '' },
    { key: 'sentAgain', name: 'photos sent again', value: sentAgain, unit: '' },
    { key: 'inFlight', name: 'most that were in flight', value: inFlight, unit: '' },
    { key: 'p50Ms', name: 'p50', value: percentile(latenciesMs, 0.5), unit: 'ms' },
    { key: 'longestMs', name: 'longest', value: Math.max(...latenciesMs), unit: 'ms' },
  ];
  const where = onLoopback === undefined ? 'Each replica has a network of its own.' : `On loopback: ${onLoopback}.`;
  return { figures, text: `${where}\n${formatFigures(figures)}` };
}

/** Strikes one replica after the other. At least one is always left alone. Undoes everything before it returns. */
async function strike(victims: readonly Victim[], everyMs: number, random: () => number, signal: AbortSignal) {
  const blows: Record<Blow, number> = { killed: 0, stalled: 0, 'cut off': 0 };
  const repairs: Promise<void>[] = [];
  const possible = BLOWS.filter((blow) => blow !== 'cut off' || victims.every(({ namespace }) => namespace));
  while (await sleep(everyMs, true, { signal }).catch(() => false)) {
    const up = victims.filter(({ isDown }) => !isDown);
    if (up.length < 2) continue;
    const victim = up[Math.floor(random() * up.length)]!;
    const blow = possible[sumOf(blows) % possible.length]!;
    blows[blow] += 1;
    repairs.push(strikeOne(victim, blow, signal));
  }
  await Promise.all(repairs);
  return blows;
}

async function strikeOne(victim: Victim, blow: Blow, signal: AbortSignal): Promise<void> {
  const { server, namespace } = victim;
  victim.isDown = true;
  if (blow === 'killed') {
    await server.kill();
    await server.startAgain();
  } else {
    if (blow === 'stalled') server.stall();
    else namespace!.cut();
    await sleep(STALLED_MS, undefined, { signal }).catch(() => {}); // the run is over
    if (blow === 'stalled') server.resume();
    else namespace!.mend();
  }
  victim.isDown = false;
}

/** Returns the confidences of photos from a single server. */
async function likesOf({ url, token }: RealServer, photos: readonly Uint8Array[]): Promise<number[]> {
  const likes: number[] = [];
  for (const photo of photos) {
    const body = new FormData();
    body.append('photo', new Blob([photo as Uint8Array<ArrayBuffer>]), 'photo.jpg');
    const response = await fetch(`${url}/v1/score`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body,
    });
    const [scored] = scoreAnswerSchema.parse(await response.json()).photos;
    if (!scored || 'error' in scored) throw new Error('a photo of the benchmark can’t be read');
    likes.push(scored.like);
  }
  return likes;
}

/** Returns how many photos a server has sent to replicas, each as often as it was sent. */
async function photosSentBy({ url, token }: RealServer): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${token}` } });
  const sums = [...(await response.text()).matchAll(/^swipenet_batch_photos_sum(?:\{.*\})? (\d+)$/gm)];
  return sums.reduce((sum, [, photos]) => sum + Number(photos), 0);
}
