import { systemClock } from '@swipenet/server/clock.ts';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { cores } from '@swipenet/server/config/machine.ts';
import { readSettings } from '@swipenet/server/config/settings.ts';
import { encodedPhoto, type PhotoCrop } from '@swipenet/server/image/photo-bytes.ts';
import { preprocessPhoto } from '@swipenet/server/image/preprocess.ts';
import { ChildEngine } from '@swipenet/server/inference/child-engine.ts';
import { planEngines } from '@swipenet/server/inference/engine-plan.ts';
import { formsOf } from '@swipenet/server/registry/choose-precision.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';

/** What decoding and computing reach when nothing else is done. */
export interface MachineLimit {
  /** Photos a second with every core decoding. */
  readonly decode: number;
  /** Photos a second with every engine computing. */
  readonly compute: number;
  /** Photos a second when each photo is decoded and computed: cores ÷ core-time a photo, 1 / (1/decode + 1/compute). */
  readonly both: number;
}

/** The parts of a server without the server: decoding, and the engines that the server would have here. */
export class BareParts {
  readonly #photos: readonly Uint8Array[];
  readonly #engines: readonly ChildEngine[];
  readonly #resize: 'cover' | 'squash';
  readonly #totals = { decode: { photos: 0, ms: 0 }, compute: { photos: 0, ms: 0 } };
  readonly #lonesMs: number[] = [];

  private constructor(photos: readonly Uint8Array[], engines: readonly ChildEngine[], resize: 'cover' | 'squash') {
    this.#photos = photos;
    this.#engines = engines;
    this.#resize = resize;
  }

  /** The embedded model, in the precision in which a server takes it that is started beside this. */
  static async open(
    photos: readonly Uint8Array[],
    { precision } = readSettings(['precision'], {}),
  ): Promise<BareParts> {
    const folders = [EMBEDDED_MODEL.folder];
    const { model } = await formsOf(await loadServedModel(folders, EMBEDDED_MODEL.id), folders, precision)('cpu');
    const { manifest, modelPath } = model;
    const { engines: count, threadsPerEngine: threads, batchSizes, warmSizes } = planEngines('cpu', cores);
    const { sha256 } = manifest.model;
    const settings = { modelPath, sha256, device: 'cpu', threads, batchSizes, warmSizes } as const;
    const opening = Array.from({ length: count }, () => ChildEngine.open({ settings, clock: systemClock }));
    return new BareParts(photos, await Promise.all(opening), manifest.preprocessing.resize);
  }

  /** Each photo's confidence, from the parts alone. */
  async likes(): Promise<number[]> {
    const likes: number[] = [];
    for (const photo of this.#photos) {
      const [answer] = await this.#engines[0]!.run([await this.#decode(photo)]);
      likes.push(answer!.like);
    }
    return likes;
  }

  /** Lets every core decode for a while, then every engine compute, and a few lone profiles pass through both. */
  async measure(seconds: number, photosPerProfile: number): Promise<void> {
    const crop = await this.#decode(this.#photos[0]!);
    await this.#sustain('decode', seconds, cores, (lane, round) =>
      this.#decode(this.#photos[(lane + cores * round) % this.#photos.length]!),
    );
    await this.#sustain('compute', seconds, this.#engines.length, (lane) => this.#engines[lane]!.run([crop]));
    for (let profile = 0; profile < 5; profile += 1) this.#lonesMs.push(await this.#loneProfile(photosPerProfile));
  }

  /** Over everything measured so far. */
  get limit(): MachineLimit {
    const rate = ({ photos, ms }: { photos: number; ms: number }) => (1000 * photos) / ms;
    const [decode, compute] = [rate(this.#totals.decode), rate(this.#totals.compute)];
    return { decode, compute, both: 1 / (1 / decode + 1 / compute) };
  }

  /** What decoding and then computing one profile on all cores takes: the median of those measured, in milliseconds. */
  get loneProfileMs(): number {
    return this.#lonesMs.toSorted((a, b) => a - b)[this.#lonesMs.length >> 1] ?? Number.NaN;
  }

  async close(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.close()));
  }

  #decode(photo: Uint8Array): Promise<PhotoCrop> {
    return preprocessPhoto(encodedPhoto(photo), this.#resize);
  }

  async #sustain(
    part: 'decode' | 'compute',
    seconds: number,
    lanes: number,
    once: (lane: number, round: number) => Promise<unknown>,
  ): Promise<void> {
    const begin = performance.now();
    let photos = 0;
    const lane = async (_: unknown, number: number) => {
      for (let round = 0; performance.now() - begin < 1000 * seconds; round += 1) {
        await once(number, round);
        photos += 1;
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    this.#totals[part].photos += photos;
    this.#totals[part].ms += performance.now() - begin;
  }

  async #loneProfile(photos: number): Promise<number> {
    const begin = performance.now();
    const crops = await Promise.all(this.#photos.slice(0, photos).map((photo) => this.#decode(photo)));
    const engine = async (own: ChildEngine) => {
      for (let crop = crops.pop(); crop; crop = crops.pop()) await own.run([crop]);
    };
    await Promise.all(this.#engines.map(engine));
    return performance.now() - begin;
  }
}
