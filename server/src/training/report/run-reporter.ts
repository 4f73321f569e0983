import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ARTICLE_RULE, type DecisionRule } from '@swipenet/shared/decision.ts';
import { targetText } from '../profiles/target.ts';
import { type MetricLine, type Prediction, RUN_FILES } from '../run/folder/run-files.ts';
import type { RunConfiguration } from '../run/folder/run-folder.ts';
import { reportData, type ValidationMetrics } from './report-data.ts';
import type { ReportAbout } from './report-html.ts';
import { writeReport } from './write-report.ts';

/** A run's final results on the validation set. */
export interface Conclusion {
  /** The exported model divides its logits by this. */
  readonly temperature: number;
  /** Metrics for the model's manifest: on the validation set, after the temperature, decided by the model's rule. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Updates a run's report after each epoch, and at the end with the best model's results on the validation set. */
export class RunReporter {
  readonly #folder: string;
  readonly #about: ReportAbout;
  readonly #onTrouble: (error: unknown) => void;
  #writing: Promise<void> = Promise.resolve();

  /** @param onTrouble called if the report can't be written during the run. The run continues. */
  constructor(folder: string, configuration: RunConfiguration, onTrouble: (error: unknown) => void) {
    const { name, format: _, data, profiles, tf32 = false, ...settings } = configuration;
    this.#folder = folder;
    const target = profiles && { labels: 'of whole profiles', target: targetText(profiles.target) };
    this.#about = {
      ...{ name, byProfile: profiles !== undefined },
      settings: { ...settings, ...(tf32 && { tf32 }), ...target, dataset: data.id.slice(0, 16) },
    };
    this.#onTrouble = onTrouble;
  }

  /** Reacts to a metric that is already in the run's folder. */
  record(line: MetricLine): void {
    if (line.kind === 'epoch' && line.part === 'validation') {
      this.#writing = this.#writing.then(() => writeReport(this.#folder, this.#about)).catch(this.#onTrouble);
    }
  }

  /** Waits until the report is written. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  /**
   * Saves the best model's predictions in the run's folder, writes the final report, and returns the results.
   *
   * @param rule how the model decides profiles.
   */
  async conclude(predictions: readonly Prediction[], rule: DecisionRule = ARTICLE_RULE): Promise<Conclusion> {
    await this.settle();
    const text = predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join('');
    await writeFile(join(this.#folder, RUN_FILES.predictions), text);
    await writeReport(this.#folder, { ...this.#about, rule });
    const { results } = reportData([], predictions, rule);
    return results
      ? { temperature: results.temperature.temperature, metrics: manifestMetrics(results.after) }
      : { temperature: 1, metrics: {} };
  }
}

/** Returns the validation metrics under their names in a manifest, profiles first. */
export function manifestMetrics({
  photos,
  profiles,
}: Pick<ValidationMetrics, 'photos' | 'profiles'>): Record<string, number> {
  const { balancedAccuracy } = profiles;
  return {
    validationProfiles: profiles.count,
    validationProfileAccuracy: profiles.accuracy,
    ...(balancedAccuracy !== null && { validationProfileBalancedAccuracy: balancedAccuracy }),
    ...(profiles.auc !== null && { validationProfileAuc: profiles.auc }),
    validationProfileEce: profiles.ece,
    validationProfileLoss: profiles.meanLoss,
    validationPhotos: photos.count,
    validationAccuracy: photos.accuracy,
    ...(photos.auc !== null && { validationAuc: photos.auc }),
    validationEce: photos.ece,
  };
}
