import type { Clock } from '../clock.ts';
import { DatasetShelf } from './datasets/dataset-shelf.ts';
import { thumbnailsOf } from './datasets/thumbnails.ts';
import { ModelsDesk, type ModelsDeskOptions } from './models/models-desk.ts';
import { type LiveSources, StudioEvents } from './studio-events.ts';

/** How often to look for models that commands and runs have made. */
const MODELS_EVERY_MS = 3_000;

/** What the studio works with. */
export interface StudioOptions extends ModelsDeskOptions {
  readonly clock: Clock;
  /** How the server and its machine do. */
  readonly sources: Pick<LiveSources, 'status' | 'machine'>;
  /** Called if something can't be read that the studio shows. */
  readonly onTrouble: (error: Error) => void;
}

/** What the studio's screens show and do. */
export class Studio {
  readonly events: StudioEvents;
  readonly datasets: DatasetShelf;
  readonly models: ModelsDesk;
  readonly clock: Clock;
  readonly #closing = new AbortController();

  constructor({ sources, clock, onTrouble, ...server }: StudioOptions) {
    this.datasets = new DatasetShelf(server.home);
    this.models = new ModelsDesk(server);
    const models = { everyMs: MODELS_EVERY_MS, read: async () => ({ models: await this.models.list() }) };
    this.events = new StudioEvents({ ...sources, models }, clock, onTrouble);
    this.clock = clock;
  }

  /** Aborts when the server stops, so that no page's stream holds it up. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Returns photos' thumbnails, gray levels `[N, 128, 128]`. Throws what {@link DatasetShelf.open} throws. */
  async thumbnails(dataset: string, numbers: readonly number[]): Promise<Uint8Array> {
    return thumbnailsOf(await this.datasets.open(dataset), numbers);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.datasets.close();
  }
}
