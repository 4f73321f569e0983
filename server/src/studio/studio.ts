import type { Clock } from '../clock.ts';
import { DatasetShelf } from './datasets/dataset-shelf.ts';
import { thumbnailsOf } from './datasets/thumbnails.ts';
import { ModelsDesk, type ModelsDeskOptions } from './models/models-desk.ts';
import { type LiveSources, StudioEvents } from './studio-events.ts';

/** What the studio works with. */
export interface StudioOptions extends ModelsDeskOptions {
  readonly clock: Clock;
  /** How the server and its machine do. */
  readonly sources: LiveSources;
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
    this.clock = clock;
    this.events = new StudioEvents(sources, clock, onTrouble);
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
