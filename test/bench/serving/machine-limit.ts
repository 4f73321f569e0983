import { systemClock } from '@swipenet/server/clock.ts';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { cores } from '@swipenet/server/config/machine.ts';
import { readSettings } from '@swipenet/server/config/settings.ts';
import { encodedPhoto, type PhotoCrop } from '@swipenet/server/image/photo-bytes.ts';
import { preprocessPhoto } from '@swipenet/server/image/preprocess.ts';
import { ChildEngine } from '@swipenet/server/inference/child-engine.ts';
import { modelOnDevice } from '@swipenet/server/inference/device-model.ts';
import { planEngines } from '@swipenet/server/inference/engine-plan.ts';
import { formsOf } from '@swipenet/server/registry/choose-precision.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import { quantile } from '../measure.ts';

/** How fast decoding and inference are when the machine does nothing else. */
export interface MachineLimit {
  /** Photos per second with every core decoding. */
  readonly decode: number;
  /** Photos per second with every engine computing. */
  readonly compute: number;
  /**
   * Photos per second when each photo is decoded and computed. On a CPU both share the cores: cores ÷ core-time per
   * photo, 1 / (1/decode + 1/compute). With a GPU, the slower of the two is the limit.
   */
  readonly both: number;
}

/** The parts of a server without the server: decoding, and the engines that the server would use on this machine. */
export class BareParts {
  readonly #photos: readonly Uint8Array[];
  readonly #engines: readonly ChildEngine[];
  readonly #resize: 'cover' | 'squash';
  readonly #device: Device;
  readonly #totals = { decode: { photos: 0, ms: 0 }, compute: { photos: 0, ms: 0 } };
  readonly #lonesMs: number[] = [];
  readonly #loneComputesMs: number[] = [];

  private constructor(
    photos: readonly Uint8Array[],
    engines: readonly ChildEngine[],
    resize: 'cover' | 'squash',
    device: Device,
  ) {
    this.#photos = photos;
    this.#engines = engines;
    this.#resize = resize;
    this.#device = device;
  }

  /** Opens the embedded model in the precision that a server with the same settings would use. */
  static async open(
    photos: readonly Uint8Array[],
    { precision } = readSettings(['precision'], {}),
    device: Device = 'cpu',
  ): Promise<BareParts> {
    const folders = [EMBEDDED_MODEL.folder];
    const formOn = formsOf(await loadServedModel(folders, EMBEDDED_MODEL.id), folders, precision);
    const { model } = await formOn(device === 'cpu' ? 'cpu' : 'cuda');
    const { engines: count, threadsPerEngine: threads, batchSizes, warmSizes } = planEngines(device, cores);
    const settings = { ...(await modelOnDevice(model, device)), device, threads, batchSizes, warmSizes };
    const opening = Array.from({ length: count }, () => ChildEngine.open({ settings, clock: systemClock }));
    return new BareParts(photos, await Promise.all(opening), model.manifest.preprocessing.resize, device);
  }

  /** The resize mode of the model. */
  get resize(): 'cover' | 'squash' {
    return this.#resize;
  }

  /** Returns each photo's confidence from the bare parts. */
  async likes(): Promise<number[]> {
    const likes: number[] = [];
    for (const photo of this.#photos) {
      const [answer] = await this.#engines[0]!.run([await this.#decode(photo)]);
      likes.push(answer!.like);
    }
    return likes;
  }

  /** Lets every core decode for a while, then every engine compute, then sends a few single profiles through both. */
  async measure(seconds: number, photosPerProfile: number): Promise<void> {
    const crop = await this.#decode(this.#photos[0]!);
    const batch = new Array<PhotoCrop>(this.#maxBatch).fill(crop);
    await this.#sustain('decode', seconds, { lanes: cores, photosAtOnce: 1 }, (lane, round) =>
      this.#decode(this.#photos[(lane + cores * round) % this.#photos.length]!),
    );
    await this.#sustain('compute', seconds, { lanes: this.#engines.length, photosAtOnce: batch.length }, (lane) =>
      this.#engines[lane]!.run(batch),
    );
    for (let profile = 0; profile < 5; profile += 1) await this.#loneProfile(photosPerProfile);
  }

  /** The limit over everything measured so far. */
  get limit(): MachineLimit {
    const rate = ({ photos, ms }: { photos: number; ms: number }) => (1000 * photos) / ms;
    const [decode, compute] = [rate(this.#totals.decode), rate(this.#totals.compute)];
    const both = this.#device === 'cpu' ? 1 / (1 / decode + 1 / compute) : Math.min(decode, compute);
    return { decode, compute, both };
  }

  /** The median time to decode and compute one profile with all cores, in milliseconds. */
  get loneProfileMs(): number {
    return quantile(this.#lonesMs, 0.5);
  }

  /** The median time to compute one profile with all engines, in milliseconds. */
  get loneComputeMs(): number {
    return quantile(this.#loneComputesMs, 0.5);
  }

  async close(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.close()));
  }

  get #maxBatch(): number {
    return planEngines(this.#device, cores).maxBatch;
  }

  #decode(photo: Uint8Array): Promise<PhotoCrop> {
    return preprocessPhoto(encodedPhoto(photo), this.#resize);
  }

  async #sustain(
    part: 'decode' | 'compute',
    seconds: number,
    { lanes, photosAtOnce }: { lanes: number; photosAtOnce: number },
    once: (lane: number, round: number) => Promise<unknown>,
  ): Promise<void> {
    const begin = performance.now();
    let photos = 0;
    const lane = async (_: unknown, number: number) => {
      for (let round = 0; performance.now() - begin < 1000 * seconds; round += 1) {
        await once(number, round);
        photos += photosAtOnce;
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    this.#totals[part].photos += photos;
    this.#totals[part].ms += performance.now() - begin;
  }

  async #loneProfile(photos: number): Promise<void> {
    const begin = performance.now();
    const crops = await Promise.all(this.#photos.slice(0, photos).map((photo) => this.#decode(photo)));
    const decoded = performance.now();
    const engine = async (own: ChildEngine) => {
      while (crops.length > 0) await own.run(crops.splice(-this.#maxBatch));
    };
    await Promise.all(this.#engines.map(engine));
    this.#lonesMs.push(performance.now() - begin);
    this.#loneComputesMs.push(performance.now() - decoded);
  }
}
