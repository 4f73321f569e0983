import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MetricLine, type Prediction, RUN_FILES } from '../run/run-files.ts';
import type { RunConfiguration } from '../run/run-folder.ts';
import { type Judged, reportData } from './report-data.ts';
import type { ReportAbout } from './report-html.ts';
import { writeReport } from './write-report.ts';

/** What the validation part says of a run's best model. */
export interface Conclusion {
  /** What the exported logits are to be divided by. */
  readonly temperature: number;
  /** Figures for the model's manifest, of the validation part, after the temperature, LIKE from 40 %. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Keeps a run's report up to date: after each epoch, and at the end with what the best model makes of validation. */
export class RunReporter {
  readonly #folder: string;
  readonly #about: ReportAbout;
  readonly #onTrouble: (error: unknown) => void;
  #writing: Promise<void> = Promise.resolve();

  /** @param onTrouble told where a report could not be written while the run goes on, which it does all the same. */
  constructor(folder: string, configuration: RunConfiguration, onTrouble: (error: unknown) => void) {
    const { name, format: _, data, ...settings } = configuration;
    this.#folder = folder;
    this.#about = { name, settings: { ...settings, 'data set': data.id.slice(0, 16) } };
    this.#onTrouble = onTrouble;
  }

  /** Takes note of a metric that is in the run's folder already. */
  tell(line: MetricLine): void {
    if (line.kind === 'epoch' && line.part === 'validation') {
      this.#writing = this.#writing.then(() => writeReport(this.#folder, this.#about)).catch(this.#onTrouble);
    }
  }

  /** Waits until nothing is being written any more. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  /** Keeps the best model's predictions in the run's folder, writes the last report, and says what came out. */
  async conclude(predictions: readonly Prediction[]): Promise<Conclusion> {
    await this.settle();
    const text = predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join('');
    await writeFile(join(this.#folder, RUN_FILES.predictions), text);
    await writeReport(this.#folder, this.#about);
    const { judgement } = reportData([], predictions);
    return judgement
      ? { temperature: judgement.temperature.temperature, metrics: manifestMetrics(judgement.after) }
      : { temperature: 1, metrics: {} };
  }
}

/** Figures of the validation part as a manifest has them. */
export function manifestMetrics({ photos, profiles }: Pick<Judged, 'photos' | 'profiles'>): Record<string, number> {
  return {
    validationPhotos: photos.count,
    validationAccuracy: photos.accuracy,
    ...(photos.auc !== null && { validationAuc: photos.auc }),
    validationEce: photos.ece,
    validationProfiles: profiles.count,
    validationProfileAccuracy: profiles.accuracy,
    ...(profiles.auc !== null && { validationProfileAuc: profiles.auc }),
  };
}
