import { readFile } from 'node:fs/promises';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { OIP_LIMITS } from '@swipenet/shared/contract/oip.ts';
import type { ChildRestart } from '../../child/kept-child.ts';
import type { Clock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { likeOf, type ReadHead, readHead } from '../../googlenet/linear-head.ts';
import { photoCrop } from '../../image/photo-bytes.ts';
import { type ModelForm, precisionOf } from '../../registry/choose-precision.ts';
import { isServed } from '../../registry/model-registry.ts';
import { goldenPhotos } from '../../runtime/golden-photos.ts';
import { ChildEngine } from '../child-engine.ts';
import type { Engine, EngineEvents, PhotoInference } from '../engine.ts';
import type { EnginePlan } from '../engine-plan.ts';
import { readModelFile } from '../read-model-file.ts';
import { HeadEngine } from './head-engine.ts';
import { featuresBut, type Reading, VERDICTS } from './reading.ts';
import { Replica } from './replica.ts';

/** The machines that run the network in place of this one. */
export interface RemoteEngines {
  readonly urls: readonly string[];
  /** The file with the token for all of them, if they need one. */
  readonly tokenFile?: string | undefined;
}

/** A profile's photos stay together, because a request costs a round trip. */
const SMALLEST_BATCH = 8;

/** How far a head's confidence may be from that of its whole model on the same machine. */
const HEAD_TOLERANCE = 1e-5;

/** Returns how batches are made for replicas. */
const planReplicas = (replicas: number): EnginePlan => ({
  ...{ engines: replicas, threadsPerEngine: 1, maxBatch: OIP_LIMITS.maxPhotos, smallestBatch: SMALLEST_BATCH },
  ...{ batchSizes: [], warmSizes: [], tf32: false, maxRssBytes: Number.POSITIVE_INFINITY },
});

/** The model that replicas must have, and what becomes of their results. */
interface Replicated {
  readonly id: string;
  readonly sha256: string;
  readonly reading: Reading;
  /** This machine's own results of the two test photos. */
  readonly goldenResults: () => Promise<readonly PhotoInference[]>;
  /** The head to apply to what they return, if the model is one. */
  readonly head?: ReadHead;
}

/** Open replicas, and how batches are made for them. */
interface OpenReplicas {
  readonly engines: readonly Engine[];
  readonly plan: EnginePlan;
  readonly reason: string;
}

/**
 * Opens replicas for a model. The ones that have it are used, and the others as soon as they have it. Of a head that was
 * learned from swipes, they run only the network below it, so that a new head needs nothing new on them.
 *
 * @param openEngine opens the model on this machine, to compare a replica that doesn't say which file it uses, and to
 *   check a head.
 * @throws CommandError `replicas_unavailable` if no replica has the model, with the reason of each; `model_not_served` for
 *   a head that can't be taken from its network; `option_invalid` if the token can't be read.
 */
export async function openReplicas(
  form: ModelForm,
  { urls, tokenFile }: RemoteEngines,
  {
    clock,
    events,
    openEngine = ChildEngine.open,
  }: {
    readonly clock: Clock;
    readonly events?: EngineEvents | undefined;
    readonly openEngine?: typeof ChildEngine.open;
  },
): Promise<OpenReplicas> {
  const token = tokenFile === undefined ? undefined : await readTokenFile(tokenFile);
  const { id, sha256, reading, goldenResults, head } = await replicatedOf(form, clock, openEngine);
  const plan = planReplicas(urls.length);
  const replicas = await Promise.all(
    urls.map((url, engine) =>
      Replica.open({
        ...{ url, token, modelId: id, sha256, reading, maxBatch: plan.maxBatch, goldenResults, clock },
        ...(events?.onTrouble && { onTrouble: events.onTrouble }),
        ...(events?.onRestart && { onRestart: (restart: ChildRestart) => events.onRestart?.({ engine, ...restart }) }),
      }),
    ),
  );
  const ready = replicas.filter(({ alive }) => alive);
  if (ready.length > 0) {
    const engines = head ? replicas.map((replica) => new HeadEngine(replica, head)) : replicas;
    return { engines, plan, reason: urls.join(', ') };
  }
  await Promise.all(replicas.map((replica) => replica.close()));
  const why = replicas.map(({ url, fault }) => `${url}: ${fault?.message} (${fault?.code})`).join('; ');
  throw new CommandError('replicas_unavailable', `no replica can run ${id}: ${why}`);
}

/** Returns what replicas run of a model: the model, or the network below a head. */
async function replicatedOf(
  { model: { manifest, modelPath } }: ModelForm,
  clock: Clock,
  openEngine: typeof ChildEngine.open,
): Promise<Replicated> {
  const { id, headOf, model } = manifest;
  const file = { modelPath, sha256: model.sha256 };
  const goldenResults = once(() => scoreGoldenHere(file, clock, openEngine));
  if (!headOf) {
    const reading = isServed(manifest) ? VERDICTS : featuresBut();
    return { id, sha256: model.sha256, reading, goldenResults };
  }
  const refuse = (why: string, cause?: unknown) =>
    new CommandError('model_not_served', `can’t use ${id} with --engine oip: ${why}; use --engine local`, { cause });
  if (precisionOf(manifest) === 'int8') throw refuse('heads on replicas need --precision auto or fp32');
  const head = readHeadOr(await readModelFile(file), (cause) => refuse(cause.message, cause));
  for (const { like, features } of await goldenResults()) {
    if (Math.abs(likeOf(head, features) - like) > HEAD_TOLERANCE) throw refuse('it isn’t a head on its features');
  }
  return { id: headOf.id, sha256: headOf.sha256, reading: featuresBut(head.spare), goldenResults, head };
}

function readHeadOr(bytes: Uint8Array, refusal: (cause: Error) => Error): ReadHead {
  try {
    return readHead(bytes);
  } catch (error) {
    throw refusal(error as Error);
  }
}

/** Computes something when it is first needed. After a failure, the next call tries again. */
function once<Result>(compute: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= compute().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}

/** Scores the two test photos on this machine's CPU. */
async function scoreGoldenHere(
  file: { readonly modelPath: string; readonly sha256: string },
  clock: Clock,
  openEngine: typeof ChildEngine.open,
): Promise<readonly PhotoInference[]> {
  const exact = { batchSizes: [], warmSizes: [], exactFeatures: true } as const;
  const engine = await openEngine({ settings: { ...file, device: 'cpu', threads: 1, ...exact }, clock });
  try {
    return await engine.run(goldenPhotos().map((photo) => photoCrop(photo)));
  } finally {
    await engine.close();
  }
}

async function readTokenFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError('option_invalid', `--engine-token-file: can’t read ${path} (${systemCodeOf(cause)})`, {
      cause,
    });
  });
  const token = text.trim();
  if (/^[\x21-\x7e]{1,1000}$/.test(token)) return token;
  throw new CommandError('option_invalid', `--engine-token-file: ${path} must have one line, the token`);
}
