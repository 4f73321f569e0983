import type { Clock } from '../clock.ts';
import { DatasetShelf } from './datasets/dataset-shelf.ts';
import { photoOf, thumbnailsOf } from './datasets/thumbnails.ts';
import { EvaluationsDesk } from './evaluations/evaluations-desk.ts';
import { ImportDesk } from './imports/import-desk.ts';
import { JobStore } from './jobs/job-store.ts';
import { LayersDesk, type LayersDeskOptions } from './layers/layers-desk.ts';
import { ModelsDesk, type ModelsDeskOptions } from './models/models-desk.ts';
import { RemovalDesk } from './removals/removal-desk.ts';
import { ReviewDesk } from './reviews/review-desk.ts';
import { type LiveSources, StudioEvents } from './studio-events.ts';
import { TrainingDesk } from './training/training-desk.ts';

/** How often to look for models and datasets that commands and runs have made. */
const FOLDERS_EVERY_MS = 3_000;

/** What the studio works with. */
export interface StudioOptions extends ModelsDeskOptions, LayersDeskOptions {
  readonly clock: Clock;
  /** How the server and its machine do. */
  readonly sources: Pick<LiveSources, 'status' | 'machine'>;
  /** What jobs train on, as `--device` takes it. */
  readonly device: string;
  /** The threads that evaluations and checks of labels may compute with. */
  readonly threads: number;
  /** Returns the current date and time. */
  readonly date: () => Date;
  /** Called if something can't be read that the studio shows. */
  readonly onTrouble: (error: Error) => void;
}

/** How often to look at jobs and runs, which other processes start and end, too. */
const JOBS_EVERY_MS = 1_000;

/** What the studio's screens show and do. */
export class Studio {
  readonly events: StudioEvents;
  readonly datasets: DatasetShelf;
  readonly imports: ImportDesk;
  readonly reviews: ReviewDesk;
  readonly training: TrainingDesk;
  readonly models: ModelsDesk;
  readonly evaluations: EvaluationsDesk;
  readonly layers: LayersDesk;
  readonly removals: RemovalDesk;
  readonly clock: Clock;
  readonly #closing = new AbortController();

  constructor({ sources, clock, date, device, threads, onTrouble, ...server }: StudioOptions) {
    const { home } = server;
    const queue = { home, clock, date, onTrouble, jobs: new JobStore(home) };
    this.datasets = new DatasetShelf(home);
    this.imports = new ImportDesk({ ...server, date });
    this.reviews = new ReviewDesk({
      ...{ ...queue, threads, datasets: this.datasets },
      onChange: () => void this.events.refresh('reviews'),
    });
    this.models = new ModelsDesk(server);
    this.training = new TrainingDesk({
      ...{ ...queue, device, datasets: this.datasets },
      onChange: () => {
        void this.events.refresh('jobs');
        void this.events.refresh('runs');
      },
    });
    this.layers = new LayersDesk(server);
    this.removals = new RemovalDesk({
      ...{ datasets: this.datasets, reviews: this.reviews, training: this.training, jobs: queue.jobs },
    });
    const models = { everyMs: FOLDERS_EVERY_MS, read: async () => ({ models: await this.models.list() }) };
    const datasets = { everyMs: FOLDERS_EVERY_MS, read: () => this.datasets.event() };
    const jobs = { everyMs: JOBS_EVERY_MS, read: () => this.training.jobsEvent() };
    const runs = { everyMs: JOBS_EVERY_MS, read: () => this.training.runsEvent() };
    this.evaluations = new EvaluationsDesk({
      ...{ ...queue, threads, datasets: this.datasets },
      onChange: () => void this.events.refresh('evaluations'),
    });
    const evaluations = {
      everyMs: JOBS_EVERY_MS,
      read: async () => ({ evaluations: await this.evaluations.list() }),
    };
    const reviews = { everyMs: JOBS_EVERY_MS, read: async () => ({ reviews: await this.reviews.list() }) };
    this.events = new StudioEvents(
      { ...sources, datasets, models, jobs, runs, evaluations, reviews },
      clock,
      onTrouble,
    );
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

  /** Returns a photo's gray levels, `[256, 256]`. Throws SwipenetError `studio_unknown`, and what opening a dataset throws. */
  async photo(dataset: string, number: number): Promise<Uint8Array> {
    return photoOf(await this.datasets.open(dataset), number);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.reviews.close();
    await this.training.close();
    await this.evaluations.close();
    await this.datasets.close();
    await this.layers.close();
  }
}
