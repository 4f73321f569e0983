import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import type { CropBatch } from '../image/photo-bytes.ts';
import { type OperatorTime, readProfile } from '../runtime/profile.ts';
import type { Device } from '../runtime/session.ts';
import { furthest } from './furthest.ts';
import type { OpenProbe, Probe, ProbeAnswer, ProbeModel } from './probe.ts';
import { testPhotos } from './test-photos.ts';

const PHOTO_BYTES = CROP_SIZE ** 2;

/** Batch sizes to try on every device, although a CPU normally gets photos one by one and a GPU batches of one size. */
export const BATCH_SIZES = [1, 2, 4, 8, 16, 32] as const;

/** Minimum time for measuring the speed of one batch size. */
const SPEED_MS = 300;

/** How to run a model on a device. */
export interface TrialOptions {
  readonly device: Device;
  /** Returns the examined model as a device runs it. Its errors are reported like errors of opening a session. */
  readonly modelOn: (device: Device) => Promise<ProbeModel>;
  /** Threads of a session on the CPU. A GPU uses one. */
  readonly cores: number;
  /** Lets a GPU compute with TF32. Off by default. */
  readonly tf32?: boolean;
  /** Batch sizes, ascending. */
  readonly batchSizes: readonly number[];
  readonly openProbe: OpenProbe;
  /** The current time in milliseconds, from any starting point. */
  readonly now: () => number;
}

/** The speed of one batch size, from bytes in this process to answers in it. */
export interface Speed {
  readonly batch: number;
  readonly photosPerSecond: number;
  readonly runs: number;
}

/** What it costs to change the batch size within one session. */
export interface BatchChange {
  /** The two sizes. */
  readonly sizes: readonly [number, number];
  /** How much longer a batch takes after one of the other size than after one of its own. */
  readonly msPerChange: number;
  /** The largest change of a confidence of the first size after batches of the other. */
  readonly difference: number;
}

/**
 * Runs a model on a device, in separate processes. Each step runs once, when it is first requested, so that several
 * checks can use its result.
 */
export class Trial {
  readonly #options: TrialOptions;
  readonly #photos: CropBatch;
  readonly #folder = once(() => mkdtemp(join(tmpdir(), 'swipenet-doctor-')));

  constructor(options: TrialOptions) {
    this.#options = options;
    this.#photos = testPhotos(this.largest);
  }

  /** The largest batch size, which is also the number of photos. */
  get largest(): number {
    return Math.max(...this.#options.batchSizes);
  }

  /**
   * Opens a strict session with a profile. @throws Error with ONNX Runtime's message and the process's standard error.
   */
  readonly session = once(async (): Promise<Probe> => {
    return this.#open(this.#options.device, join(await this.#folder(), 'run'));
  });

  /** Returns the answers for the first photos, by batch size. */
  readonly answers = once(async (): Promise<ReadonlyMap<number, ProbeAnswer>> => {
    const session = await this.session();
    const answers = new Map<number, ProbeAnswer>();
    for (const size of this.#options.batchSizes) answers.set(size, await session.run(this.#batch(0, size), size));
    return answers;
  });

  /** Returns where and how long each operator of those batches ran. Ends the session. */
  readonly profile = once(async (): Promise<readonly OperatorTime[]> => {
    const session = await this.session();
    await this.answers();
    await session.close();
    const [name] = await readdir(await this.#folder());
    if (name === undefined) throw new Error('ONNX Runtime wrote no profile');
    return readProfile(join(await this.#folder(), name));
  });

  /** Runs the same photos one by one on one CPU thread, and measures the speed. */
  readonly reference = once(async (): Promise<ProbeAnswer & { photosPerSecond: number }> => {
    const probe = await this.#open('cpu', undefined, 1);
    try {
      const answers: ProbeAnswer[] = [];
      const begin = this.#options.now();
      for (let photo = 0; photo < this.largest; photo += 1) answers.push(await probe.run(this.#batch(photo, 1), 1));
      const seconds = (this.#options.now() - begin) / 1000;
      return {
        likes: Float32Array.from(answers.flatMap(({ likes }) => [...likes])),
        evidence: Float32Array.from(answers.flatMap(({ evidence }) => [...evidence])),
        photosPerSecond: this.largest / seconds,
      };
    } finally {
      await probe.close();
    }
  });

  /** Measures the speed of each batch size after a warm-up run. */
  readonly speeds = once(async (): Promise<readonly Speed[]> => {
    const probe = await this.#open(this.#options.device);
    try {
      const speeds: Speed[] = [];
      for (const batch of this.#options.batchSizes) {
        const photos = this.#batch(0, batch);
        await probe.run(photos, batch);
        const begin = this.#options.now();
        let [runs, ms] = [0, 0];
        while (ms < SPEED_MS) {
          await probe.run(photos, batch);
          runs += 1;
          ms = this.#options.now() - begin;
        }
        speeds.push({ batch, photosPerSecond: (1000 * runs * batch) / ms, runs });
      }
      return speeds;
    } finally {
      await probe.close();
    }
  });

  /** Alternates between the largest batch size and a smaller one in a session that is warm for both. */
  readonly batchChange = once(async (): Promise<BatchChange> => {
    const { batchSizes, now } = this.#options;
    const sizes = [this.largest, batchSizes.at(-3) ?? batchSizes[0]!] as const;
    const probe = await this.#open(this.#options.device);
    try {
      const run = (size: number) => probe.run(this.#batch(0, size), size);
      /** Runs these sizes in turns, and returns how long a round takes. */
      const timed = async (round: readonly number[]) => {
        for (const size of round) await run(size);
        const begin = now();
        let [rounds, ms] = [0, 0];
        while (ms < SPEED_MS) {
          for (const size of round) await run(size);
          rounds += 1;
          ms = now() - begin;
        }
        return ms / rounds;
      };
      const before = await run(sizes[0]);
      const steadyMs = (await timed([sizes[0]])) + (await timed([sizes[1]]));
      const msPerChange = Math.max(0, (await timed(sizes)) - steadyMs) / sizes.length;
      const after = await run(sizes[0]);
      return { sizes, msPerChange, difference: furthest(after.likes, before.likes) };
    } finally {
      await probe.close();
    }
  });

  /** Closes whatever is still open. */
  async close(): Promise<void> {
    if (this.session.started)
      await this.session()
        .then((session) => session.close())
        .catch(() => {});
    if (this.#folder.started) await rm(await this.#folder(), { recursive: true, force: true });
  }

  async #open(
    device: Device,
    profilePrefix?: string,
    threads = device === 'cpu' ? this.#options.cores : 1,
  ): Promise<Probe> {
    const { openProbe, modelOn, tf32 = false } = this.#options;
    return openProbe({
      ...(await modelOn(device)),
      device,
      threads,
      tf32,
      ...(profilePrefix !== undefined && { profilePrefix }),
    });
  }

  #batch(first: number, size: number): CropBatch {
    return this.#photos.slice(first * PHOTO_BYTES, (first + size) * PHOTO_BYTES) as CropBatch;
  }
}

/** Returns a function that does its work on the first call and returns the same outcome to every caller. */
function once<Outcome>(work: () => Promise<Outcome>) {
  let outcome: Promise<Outcome> | undefined;
  const call = () => {
    outcome ??= work();
    return outcome;
  };
  return Object.defineProperty(call, 'started', { get: () => outcome !== undefined }) as typeof call & {
    readonly started: boolean;
  };
}
