import { SwipenetError } from '@swipenet/shared/contract/error-codes.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { type ChildEvents, KeptChild } from '../../child/kept-child.ts';
import type { Exchange } from '../../child/protocol.ts';
import type { Clock } from '../../clock.ts';
import { type GrayLevels, grayLevels, type ReceivedPhoto } from '../../image/photo-bytes.ts';
import type { EngineStats } from '../engine.ts';

/** What one photo may cost its decoder. */
export interface DecodeLimits {
  /** CPU time, so that a busy machine takes nothing from a photo. */
  readonly cpuMs: number;
  /** By how much the process may grow while it decodes. */
  readonly grownBytes: number;
}

/** A photo to decode. */
interface DecodeQuestion {
  readonly photo: ReceivedPhoto;
  readonly resize: ResizeMode;
}

/** What became of a photo. After `exceeded`, the process still decodes it and has to be killed. */
export type DecodeAnswer =
  | { readonly gray: Uint8Array; readonly rssBytes: number }
  | { readonly error: PhotoFault }
  | { readonly exceeded: keyof DecodeLimits };

/** A `SwipenetError` about a photo on its way between processes. */
export interface PhotoFault {
  readonly code: SwipenetError['code'];
  readonly message: string;
  /** The message of its cause. */
  readonly cause: string | undefined;
}

/** The questions that a decoder's process answers: `open` sets its limits, then `decode` decodes photos. */
export type DecoderProtocol = {
  readonly open: Exchange<DecodeLimits, void>;
  readonly decode: Exchange<DecodeQuestion, DecodeAnswer>;
};

/** How to run a decoder's process. Tests pass other limits, and programs that misbehave. */
export interface ChildDecoderOptions extends ChildEvents {
  readonly clock: Clock;
  readonly limits?: DecodeLimits | undefined;
  readonly program?: URL | undefined;
}

/** What a decoder is doing, and its statistics since it was opened. */
export type DecoderStats = Pick<EngineStats, 'pid' | 'alive' | 'restarts'>;

/** The decoder's process ended while it decoded a photo. Once, that says little about the photo. */
export class DecoderLost extends Error {
  readonly #hung: boolean;

  constructor(hung: boolean, cause: unknown) {
    super('the decoder ended before it returned a result', { cause });
    this.#hung = hung;
  }

  /** The error of a photo to which this keeps happening. */
  photoError(): SwipenetError {
    if (this.#hung) return tookTooLong(this);
    return new SwipenetError('photo_undecodable', 'the photo crashes the decoder', { cause: this });
  }
}

const PROGRAM = new URL('./decoder-process.ts', import.meta.url);

/**
 * Far more than photos of dating pages take (5 ms, less than 10 MB). Photos of 50 megapixels stay below too, except AVIFs
 * of more than 17 megapixels (docs/server.md has the measurements).
 */
export const DECODE_LIMITS: DecodeLimits = { cpuMs: 1_500, grownBytes: 320e6 };

/** A process that has more than this between two photos is replaced. Usually it has 100 to 180 MB. */
export const MAX_DECODER_RSS_BYTES = 300e6;

/** The longest time without an answer, however little CPU time a photo got. It leaves time for a second try. */
const TIMEOUT_MS = 8_000;

/** Longer than a process takes to start on a busy machine. */
const OPEN_TIMEOUT_MS = 60_000;

/**
 * Decodes photos in a child process, one at a time. libvips can neither be stopped while it decodes nor kept from taking
 * memory, and a flaw in a codec can crash its process. So the process watches what each photo costs, and it is killed and
 * replaced if that is too much.
 */
export class ChildDecoder {
  readonly #process: KeptChild<DecoderProtocol>;

  private constructor(process: KeptChild<DecoderProtocol>) {
    this.#process = process;
  }

  /** Starts the process. @throws Error with the reason and the end of the process's standard error. */
  static async open(options: ChildDecoderOptions): Promise<ChildDecoder> {
    const { clock, limits = DECODE_LIMITS, program = PROGRAM, onTrouble, onRestart } = options;
    const process = await KeptChild.open<DecoderProtocol>({
      name: 'decoder',
      program,
      clock,
      environment: { UV_THREADPOOL_SIZE: '1' }, // for one photo at a time
      nodeFlags: ['--max-semi-space-size=1'], // saves 40 MB that the buffers of past photos would fill
      prepare: (child) => child.ask('open', limits, { timeoutMs: OPEN_TIMEOUT_MS }),
      ...(onTrouble && { onTrouble }),
      ...(onRestart && { onRestart }),
    });
    return new ChildDecoder(process);
  }

  /** True while a process can take a photo. */
  get alive(): boolean {
    return this.#process.current !== undefined;
  }

  get stats(): DecoderStats {
    return { pid: this.#process.current?.pid, alive: this.alive, restarts: this.#process.restarts };
  }

  /** Resolves when a process can take a photo. Rejects once this is closed. */
  ready(): Promise<void> {
    return this.#process.ready();
  }

  /**
   * Decodes a photo. Calls must not overlap.
   *
   * @throws SwipenetError what `decodePhoto` or `unpackedGray` throws. If the photo took too much, its process is killed:
   *   `photo_decode_timeout` for the time, `photo_undecodable` for the memory.
   * @throws DecoderLost if the process died or stopped answering.
   */
  async decode(photo: ReceivedPhoto, resize: ResizeMode): Promise<GrayLevels> {
    const child = this.#process.current;
    if (!child) throw new DecoderLost(false, new Error('the decoder is restarting'));
    let answer: DecodeAnswer;
    try {
      answer = await child.ask('decode', { photo, resize }, { timeoutMs: TIMEOUT_MS });
    } catch (cause) {
      if (child.alive) throw cause;
      this.#process.giveUp(child);
      throw new DecoderLost(child.hung, cause);
    }
    if ('gray' in answer) {
      if (answer.rssBytes > MAX_DECODER_RSS_BYTES) void this.#process.recycle();
      return grayLevels(answer.gray);
    }
    if ('error' in answer) {
      const { code, message, cause } = answer.error;
      throw new SwipenetError(code, message, cause === undefined ? {} : { cause: new Error(cause) });
    }
    this.#process.giveUp(child, answer.exceeded === 'cpuMs' ? 'hung' : 'recycled');
    if (answer.exceeded === 'cpuMs') throw tookTooLong();
    throw new SwipenetError('photo_undecodable', 'decoding the photo takes too much memory');
  }

  /** Ends the process immediately. */
  close(): Promise<void> {
    return this.#process.kill(new SwipenetError('shutting_down', 'the server is shutting down'));
  }
}

const tookTooLong = (cause?: unknown) =>
  new SwipenetError('photo_decode_timeout', 'the photo takes too long to decode', { cause });
