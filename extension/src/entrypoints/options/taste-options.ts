import type { WordsState } from '../../own-messages.ts';
import { reportError } from '../../report-error.ts';
import { hasTasteConsent, type Settings, type TasteSettings } from '../../storage/settings.ts';
import { formatNumber, translate } from '../../texts.ts';
import { setText } from '../own-page/set-text.ts';

/** The range of the number of profiles per spot check. */
const SPOT_CHECK_RANGE = { min: 2, max: 1_000 };

/** What a spot check starts with when it is turned on: 1 in 20 profiles. */
const SUGGESTED_SPOT_CHECK = 20;

/** The part of the options page about learning. Its changes take effect at once. */
export class TasteOptions {
  readonly #document: Document;

  /** @param change stores a change of the settings. */
  constructor(document: Document, change: (change: Partial<TasteSettings>) => Promise<unknown>) {
    this.#document = document;
    const store = (changed: Partial<TasteSettings>) =>
      void change(changed).catch((error: unknown) => reportError('storing how to learn', error));
    const every = this.#get('spotCheckEvery');
    const isOn = this.#get('spotCheckEvery-on');
    const { min, max } = SPOT_CHECK_RANGE;
    Object.assign(every, { min: String(min), max: String(max), step: '1' });
    this.#get('fromShow').addEventListener('change', () => store({ fromShow: this.#get('fromShow').checked }));
    this.#get('words').addEventListener('change', () => store({ words: this.#get('words').checked }));
    this.#get('asksMe').addEventListener('change', () => store({ asksMe: this.#get('asksMe').checked }));
    isOn.addEventListener('change', () => store({ spotCheckEvery: isOn.checked ? SUGGESTED_SPOT_CHECK : null }));
    const isValid = () => every.value !== '' && every.validity.valid;
    // While the person types, because a page that is closed reports no change.
    every.addEventListener('input', () => isValid() && store({ spotCheckEvery: Number(every.value) }));
    every.addEventListener('change', () => every.toggleAttribute('aria-invalid', !isValid()));
    this.#get('taste-withdraw').addEventListener('click', () => store({ consent: null }));
  }

  /** Shows the current settings, unless the person is editing the number. */
  show(settings: Settings): void {
    const { fromShow, words, asksMe, spotCheckEvery } = settings.taste;
    const consented = hasTasteConsent(settings);
    this.#get('fromShow').checked = fromShow;
    this.#get('words').checked = words;
    this.#get('words-state').hidden = !words || !consented;
    this.#get('asksMe').checked = asksMe;
    this.#get('spotCheckEvery-on').checked = spotCheckEvery !== null;
    const every = this.#get('spotCheckEvery');
    every.disabled = spotCheckEvery === null;
    if (every !== this.#document.activeElement) every.value = String(spotCheckEvery ?? SUGGESTED_SPOT_CHECK);
    const state = consented ? 'options_taste_given' : 'options_taste_none';
    setText(this.#get('taste-state'), translate(state, settings.server.address));
    this.#get('taste-withdraw').hidden = !consented;
    this.#get('taste-decide').hidden = consented;
  }

  /** Shows how far learning from words is. */
  showWords({ likes, passes, tested }: WordsState): void {
    const nats = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
    const text = tested
      ? translate(
          tested.joins ? 'options_words_in' : 'options_words_out',
          likes + passes,
          formatNumber(tested.alone, nats),
          formatNumber(tested.joined, nats),
        )
      : translate('options_words_few', likes, passes);
    setText(this.#get('words-state'), text);
  }

  #get(id: string): HTMLInputElement {
    return this.#document.getElementById(id) as HTMLInputElement;
  }
}
