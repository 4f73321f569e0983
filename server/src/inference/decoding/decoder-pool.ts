import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import type { ChildRestart } from '../../child/kept-child.ts';
import { CommandError } from '../../command-error.ts';
import { type GrayLevels, isPrepared, type PreparedPhoto, type ReceivedPhoto } from '../../image/photo-bytes.ts';
import { preparedGray } from '../../image/prepared-gray.ts';
import type { DeviceKind } from '../../registry/choose-precision.ts';
import { type PermitOptions, PrioritySemaphore } from '../priority-semaphore.ts';
import { ChildDecoder, type ChildDecoderOptions, DecoderLost, type DecoderStats } from './child-decoder.ts';

/** Callbacks for logs. */
export interface DecoderEvents {
  /** Called when a decoder dies or is killed, or fails to start. */
  readonly onTrouble?: (error: Error) => void;
  /** Called when a decoder has a new process. `decoder` is its index in {@link DecoderPool.stats}. */
  readonly onRestart?: (restart: ChildRestart & { readonly decoder: number }) => void;
}

export interface DecoderPoolOptions extends DecoderEvents, Pick<ChildDecoderOptions, 'clock' | 'limits' | 'program'> {
  readonly decoders: number;
}

/** A decoded photo, and how long that took without the wait for a decoder. */
export interface DecodedPhoto {
  readonly gray: GrayLevels;
  readonly decodeMs: number;
}

/** How many decoders a photo may cost. */
const ATTEMPTS = 2;

/**
 * Each process takes about 90 MB, half of which it shares with the others. Eight decode 1,500 photos per second, more than
 * a CPU computes. A GPU is faster than that, so there the cores are the limit.
 */
const MAX_DECODERS = { cpu: 8, cuda: 32 };

/** Cores that decoders leave to others on a GPU: one to the process that feeds it, one to the server. */
const CORES_LEFT = { cpu: 0, cuda: 2 };

/** The least number of decoders, so that a photo that takes long doesn't stop all others. */
const MIN_DECODERS = 2;

/** Returns how many decoders a machine gets. On a CPU, that is one per core. */
export const plannedDecoders = (cores: number, device: DeviceKind = 'cpu'): number =>
  Math.min(Math.max(cores - CORES_LEFT[device], MIN_DECODERS), MAX_DECODERS[device]);

/**
 * Decodes photos of strangers in child processes, as many at a time as there are decoders. The others wait, `now` before
 * `ahead`. If a decoder dies, its photo is tried once more, so a photo that kills decoders is the only one to fail.
 */
export class DecoderPool {
  readonly #clock: DecoderPoolOptions['clock'];
  readonly #decoders: readonly ChildDecoder[];
  readonly #permits: PrioritySemaphore;
  /** Decoders without a photo. There is one for each permit, but it may be restarting. */
  readonly #free: Set<ChildDecoder>;

  private constructor({ clock }: DecoderPoolOptions, decoders: readonly ChildDecoder[]) {
    this.#clock = clock;
    this.#decoders = decoders;
    this.#permits = new PrioritySemaphore(decoders.length);
    this.#free = new Set(decoders);
  }

  /** Starts all decoders. @throws CommandError `decoders_unavailable` if one can't be started. */
  static async open(options: DecoderPoolOptions): Promise<DecoderPool> {
    const { decoders: count, clock, limits, program, onTrouble, onRestart } = options;
    const opened = await Promise.allSettled(
      Array.from({ length: count }, (_, decoder) =>
        ChildDecoder.open({
          ...{ clock, limits, program },
          ...(onTrouble && { onTrouble }),
          ...(onRestart && { onRestart: (restart) => onRestart({ decoder, ...restart }) }),
        }),
      ),
    );
    const decoders = opened.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
    const failed = opened.find((result) => result.status === 'rejected');
    if (!failed) return new DecoderPool(options, decoders);
    await Promise.all(decoders.map((decoder) => decoder.close()));
    const { message } = failed.reason as Error;
    throw new CommandError('decoders_unavailable', `can’t start a decoder: ${message}`, { cause: failed.reason });
  }

  /** True while at least one decoder can take a photo. */
  get alive(): boolean {
    return this.#decoders.some((decoder) => decoder.alive);
  }

  get stats(): readonly DecoderStats[] {
    return this.#decoders.map(({ stats }) => stats);
  }

  /**
   * Decodes a photo. A prepared photo that isn't compressed needs no decoder and no turn. A photo that nobody waits for
   * anymore leaves the queue. If it is being decoded, it keeps its decoder until it is done or has taken too long.
   *
   * @throws (rejects with) the signal's reason as soon as it aborts; SwipenetError about the photo;
   *   `resize_mode_changed` if it was prepared in another mode; `shutting_down`.
   */
  async decode(photo: ReceivedPhoto, resize: ResizeMode, options: PermitOptions): Promise<DecodedPhoto> {
    if (isPrepared(photo)) checkResize(photo, resize);
    if (isPrepared(photo) && !photo.gzip) return { gray: preparedGray(photo.bytes), decodeMs: 0 };
    const { signal } = options;
    const decoded = Promise.withResolvers<DecodedPhoto>();
    const turn = this.#permits.withPermit(async () => {
      const decoder = await this.#take(signal);
      try {
        decoded.resolve(await this.#decode(decoder, photo, resize, signal));
      } catch (error) {
        decoded.reject(error);
        // A photo that costs its decoder keeps its turn until there is a new process. Otherwise, a caller with such
        // photos would get one decoder after another, and the one that is left for the owner too.
        await decoder.ready();
      } finally {
        this.#free.add(decoder);
      }
    }, options);
    turn.catch(decoded.reject);
    return await unlessAborted(decoded.promise, signal);
  }

  /** Ends all decoders immediately. */
  async close(): Promise<void> {
    await Promise.all(this.#decoders.map((decoder) => decoder.close()));
  }

  async #decode(
    decoder: ChildDecoder,
    photo: ReceivedPhoto,
    resize: ResizeMode,
    signal: AbortSignal,
  ): Promise<DecodedPhoto> {
    const begin = this.#clock.now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { gray: await decoder.decode(photo, resize), decodeMs: this.#clock.now() - begin };
      } catch (error) {
        if (!(error instanceof DecoderLost)) throw error;
        if (attempt === ATTEMPTS) throw error.photoError();
        await decoder.ready();
        signal.throwIfAborted();
      }
    }
  }

  /** Takes a decoder that is alive. If all free ones are restarting, waits for the first of them. */
  async #take(signal: AbortSignal): Promise<ChildDecoder> {
    for (;;) {
      signal.throwIfAborted();
      const free = [...this.#free];
      const decoder = free.find(({ alive }) => alive);
      if (decoder) {
        this.#free.delete(decoder);
        return decoder;
      }
      await unlessAborted(Promise.race(free.map((other) => other.ready())), signal);
    }
  }
}

/** No photo is scored in another resize mode than its model's, which may have changed since the client asked. */
function checkResize({ resize: prepared }: PreparedPhoto, resize: ResizeMode): void {
  if (prepared === resize) return;
  const message = `the photos are prepared as ${prepared}, and ${resize} is needed; ask for the model and prepare them again`;
  throw new SwipenetError('resize_mode_changed', message);
}

/** Waits for a result, or rejects with the signal's reason. Aborting only ends the wait, not the work. */
async function unlessAborted<Result>(waiting: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const left = Promise.withResolvers<never>();
  const leave = () => left.reject(signal.reason);
  signal.addEventListener('abort', leave);
  try {
    return await Promise.race([waiting, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
    waiting.catch(() => {}); // it may fail when nobody waits for it anymore
  }
}
