import { join } from 'node:path';

/** The user's home folder for Swipenet data, and every path inside it. */
export class Home {
  readonly folder: string;

  /** @param folder an absolute path, which doesn't have to exist yet. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** The file with the local access token. */
  get token(): string {
    return join(this.folder, 'token');
  }

  /** The file with the key for profile IDs. */
  get profileKey(): string {
    return join(this.folder, 'profile-key');
  }

  /** The folder with a file for each paired device. */
  get devices(): string {
    return join(this.folder, 'devices');
  }

  /** The file of a paired device. */
  device(id: string): string {
    return join(this.devices, `${id}.json`);
  }

  /** The folder with a file for each running server. */
  get servers(): string {
    return join(this.folder, 'servers');
  }

  /** The file of a running server, named by its process ID. */
  server(pid: number): string {
    return join(this.servers, `${pid}.json`);
  }

  /** The file that names the active model. */
  get activeModel(): string {
    return join(this.folder, 'active-model.json');
  }

  /** The folder of the user's own models. */
  get models(): string {
    return join(this.folder, 'models');
  }

  /** The folder of everything that was learned from a person's swipes. */
  get taste(): string {
    return join(this.folder, 'taste');
  }

  /** The lock of the process that learns from a person's swipes: there is one at a time. */
  get tasteLearning(): string {
    return join(this.taste, 'learning.lock');
  }

  /** The database of swipes. SQLite puts its log and its lock beside it. */
  get tasteDatabase(): string {
    return join(this.taste, 'taste.db');
  }

  /** The folder of the datasets that the studio makes. */
  get datasets(): string {
    return join(this.folder, 'datasets');
  }

  /** The folder of a dataset that the studio makes. */
  dataset(name: string): string {
    return join(this.datasets, name);
  }

  /** The folder of what the studio keeps beside datasets. */
  get reviews(): string {
    return join(this.folder, 'reviews');
  }

  /** The folder of what the studio keeps beside the dataset with this ID: changed labels, and suspected label errors. */
  review(dataset: string): string {
    return join(this.reviews, dataset);
  }

  /** The folder of the training runs. */
  get runs(): string {
    return join(this.folder, 'runs');
  }

  /** The folder of a training run. */
  run(name: string): string {
    return join(this.runs, name);
  }

  /** The folder of files that are being imported or exported. */
  get transfers(): string {
    return join(this.folder, 'transfers');
  }

  /** The folder of one import or export. */
  transfer(name: string): string {
    return join(this.transfers, name);
  }

  /** The folder of the jobs that the studio starts. */
  get jobs(): string {
    return join(this.folder, 'jobs');
  }

  /** The lock of the job of a kind that runs: there is one at a time. */
  jobTurn(kind: string): string {
    return join(this.jobs, `${kind}.lock`);
  }

  /** The folder of a job. */
  job(id: string): string {
    return join(this.jobs, id);
  }

  /** The folder of what the studio's evaluations computed. */
  get evaluations(): string {
    return join(this.folder, 'evaluations');
  }

  /** The folder of an evaluation. */
  evaluation(id: string): string {
    return join(this.evaluations, id);
  }

  /** Returns the path, for use in messages. */
  toString(): string {
    return this.folder;
  }
}
