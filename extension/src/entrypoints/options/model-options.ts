import type { Clock } from '../../clock.ts';
import type { Problem } from '../../messages.ts';
import type { ModelsState, OwnAnswer } from '../../own-messages.ts';
import { reasonText } from '../../reason-text.ts';
import { reportError } from '../../report-error.ts';
import type { HistoryEntry } from '../../storage/history.ts';
import type { Settings } from '../../storage/settings.ts';
import { type ModelName, thresholdOf } from '../../storage/thresholds.ts';
import { formatSetPercent, formatWholePercent, translate } from '../../texts.ts';
import { setText } from '../own-page/set-text.ts';
import { type JudgeableProfile, judgeableProfiles, previewThreshold } from './threshold-preview.ts';

/** How many profiles the preview is about at most, and how many it takes for a share to mean anything. */
const PREVIEWED = { most: 200, least: 5 };

/** How many entries of the history to look through for them. */
const MOST_ENTRIES = 1_000;

/** How long the slider must rest before its value is stored. Each change has all open pages judge their profiles again. */
const RESTING_MS = 400;

/** What {@link ModelOptions} needs. */
export interface ModelOptionsParts {
  readonly clock: Pick<Clock, 'delay'>;
  readonly read: () => Promise<OwnAnswer<'models'>>;
  readonly activate: (id: string) => Promise<OwnAnswer<'modelActivate'>>;
  /** Chooses a threshold for a model, or null for the model's own. */
  readonly store: (name: ModelName, threshold: number | null) => Promise<unknown>;
  /** Returns the newest entries of the history, newest first. */
  readonly history: (count: number) => Promise<HistoryEntry[]>;
}

/** The part of the options page about the server's model and its threshold. Its changes take effect at once. */
export class ModelOptions {
  readonly #document: Document;
  readonly #parts: ModelOptionsParts;
  #settings: Settings;
  /** The server's models, once they are known. */
  #state: ModelsState | undefined;
  #profiles: readonly JudgeableProfile[] = [];
  /** The person's choice, for the model that is shown. Null for the model's own threshold. */
  #chosen: number | null = null;
  /** Aborts once the choice is stored, or another one is made. */
  #resting: AbortController | undefined;
  /** The number of the last look at the server, because an earlier one may answer later. */
  #looks = 0;
  /** How often the threshold was chosen or stored, because what a look began to read before that is older. */
  #changes = 0;
  #switching = false;

  constructor(document: Document, settings: Settings, parts: ModelOptionsParts, signal: AbortSignal) {
    this.#document = document;
    this.#settings = settings;
    this.#parts = parts;
    this.#slider.addEventListener('input', () => this.#choose(Number(this.#slider.value) / 100));
    this.#get('threshold-own').addEventListener('click', () => this.#chosen !== null && this.#choose(null));
    this.#select.addEventListener('change', () => this.#drawButtons());
    this.#get('model-use').addEventListener('click', () => this.#attempt('activating a model', this.#use()));
    // A page that is closed stores what was chosen last. Its message still reaches the worker.
    document.defaultView!.addEventListener('pagehide', () => this.#storeNow(), { signal });
  }

  /** Asks the server for its models, reads the history, and shows both. */
  async look(): Promise<void> {
    this.#looks += 1;
    const mine = this.#looks;
    const changes = this.#changes;
    if (!this.#state) this.#say('model-note', translate('model_reading'));
    const answer = await this.#parts.read();
    const forms = 'problem' in answer ? [] : answer.current.forms;
    const entries = forms.length > 0 ? await this.#parts.history(MOST_ENTRIES) : [];
    if (mine !== this.#looks || this.#switching) return;
    if ('problem' in answer) {
      this.#showProblem(answer.problem);
      return;
    }
    const { name, chosen } = answer.current;
    const isAnother = JSON.stringify(name) !== JSON.stringify(this.#state?.current.name);
    if (isAnother) this.#storeNow(); // for the model before
    this.#state = answer;
    if (!this.#resting && (isAnother || changes === this.#changes)) this.#chosen = chosen;
    this.#profiles = judgeableProfiles(entries, forms, PREVIEWED.most);
    this.#drawModels(answer);
    this.#draw();
  }

  /** Shows settings that were stored, unless the person is choosing a threshold. Another server has other models. */
  show(settings: Settings): void {
    const isAnother = JSON.stringify(settings.server) !== JSON.stringify(this.#settings.server);
    this.#settings = settings;
    if (isAnother) this.#attempt('looking at the models', this.look());
    else if (this.#state && !this.#resting) {
      this.#changes += 1;
      this.#chosen = thresholdOf(settings.thresholds, this.#state.current.name);
      this.#draw();
    }
  }

  #choose(threshold: number | null): void {
    if (!this.#state) return;
    this.#changes += 1;
    this.#chosen = threshold;
    this.#draw();
    this.#resting?.abort();
    const resting = new AbortController();
    this.#resting = resting;
    this.#parts.clock.delay(RESTING_MS, resting.signal).then(
      () => this.#storeNow(),
      () => {}, // it is stored, or there is a newer choice
    );
  }

  /** Stores the choice, if it isn't stored yet, for the model that it was made for. */
  #storeNow(): void {
    if (!this.#resting || !this.#state) return;
    this.#resting.abort();
    this.#resting = undefined;
    const storing = this.#parts.store(this.#state.current.name, this.#chosen);
    this.#attempt('storing a threshold', storing);
  }

  async #use(): Promise<void> {
    const id = this.#select.value;
    if (this.#switching || !this.#mayUse(id)) return;
    this.#storeNow();
    this.#switching = true;
    this.#drawButtons();
    this.#say('model-note', translate('model_switching', id));
    const answer = await this.#parts.activate(id).finally(() => {
      this.#switching = false;
      this.#drawButtons();
    });
    if ('problem' in answer) this.#say('model-note', reasonText(answer.problem), 'bad');
    else await this.look();
  }

  #mayUse(id: string): boolean {
    return this.#state?.change === 'allowed' && id !== '' && id !== this.#state.current.name.model;
  }

  #showProblem(problem: Problem): void {
    this.#storeNow();
    this.#state = undefined;
    this.#select.replaceChildren();
    this.#say('model-note', reasonText(problem), 'bad');
    for (const id of ['threshold-value', 'threshold-preview']) this.#say(id, '');
    this.#drawButtons();
  }

  #drawModels({ current, models, change }: ModelsState): void {
    const { model } = current.name;
    const wanted = this.#select.value;
    const options = models.map(({ id, isDamaged }) => {
      const text = translate(id === model ? 'model_in_use' : 'model_damaged', id);
      const option = this.#document.createElement('option');
      option.value = id;
      option.textContent = id === model || isDamaged ? text : id;
      option.disabled = isDamaged;
      return option;
    });
    this.#select.replaceChildren(...options);
    this.#select.value = models.some(({ id, isDamaged }) => id === wanted && !isDamaged) ? wanted : model;
    const note = change === 'allowed' ? translate('model_allowed', current.forms[0]!) : translate(`model_${change}`);
    this.#say('model-note', note);
  }

  #draw(): void {
    const { current } = this.#state!;
    const threshold = this.#chosen ?? current.threshold;
    const isOwn = this.#chosen === null;
    const text = translate(isOwn ? 'threshold_value_own' : 'threshold_value', formatSetPercent(threshold));
    this.#slider.value = String(threshold * 100);
    this.#slider.ariaValueText = text;
    this.#say('threshold-value', text);
    this.#say('threshold-preview', this.#previewText(threshold));
    this.#drawButtons();
  }

  #drawButtons(): void {
    this.#select.disabled = !this.#state;
    this.#slider.disabled = !this.#state;
    // A button that is disabled for good would lose the focus once it has done its work.
    this.#get('threshold-own').ariaDisabled = String(!this.#state || this.#chosen === null);
    this.#get('model-use').ariaDisabled = String(this.#switching || !this.#mayUse(this.#select.value));
  }

  #previewText(threshold: number): string {
    if (this.#settings.historyDays === 0) return translate('threshold_no_history');
    const { profiles, right, held } = previewThreshold(this.#profiles, this.#state!.current.rule, threshold);
    if (profiles < PREVIEWED.least) return translate('threshold_few', profiles, PREVIEWED.least);
    const share = formatWholePercent(right / profiles);
    return held === 0
      ? translate('threshold_preview', profiles, share, right)
      : translate('threshold_preview_held', profiles, share, right, held);
  }

  #say(id: string, text: string, tone = ''): void {
    this.#get(id).dataset.tone = tone;
    setText(this.#get(id), text);
  }

  #attempt(step: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => reportError(step, error));
  }

  get #slider(): HTMLInputElement {
    return this.#get('threshold');
  }

  get #select(): HTMLSelectElement {
    return this.#get('model');
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}
