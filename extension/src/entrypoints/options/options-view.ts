import { reportError } from '../../report-error.ts';
import type { OptionTexts } from './options-form.ts';

const FIELDS = ['address', 'token', 'threshold', 'pace'] as const satisfies (keyof OptionTexts)[];

/** The options page's document: what it shows and what the person does in it. */
export class OptionsView {
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
    const show = this.#get<HTMLInputElement>('token-show');
    show.addEventListener('change', () => {
      this.#get<HTMLInputElement>('token').type = show.checked ? 'text' : 'password';
    });
  }

  /** Puts texts into the fields. */
  fill(texts: OptionTexts): void {
    for (const field of FIELDS) this.#get<HTMLInputElement>(field).value = texts[field];
  }

  /** The fields' texts; earlier complaints are taken back. */
  texts(): OptionTexts {
    for (const field of FIELDS) this.#get(field).removeAttribute('aria-invalid');
    const entries = FIELDS.map((field) => [field, this.#get<HTMLInputElement>(field).value]);
    return Object.fromEntries(entries);
  }

  /** Says something below the server's fields (`tried`) or below Save. */
  say(where: 'tried' | 'saved', text: string, tone: 'good' | 'bad' | 'wait'): void {
    const notice = this.#get(where);
    notice.hidden = false;
    notice.dataset.tone = tone;
    notice.textContent = text;
  }

  /** Says what is wrong with a field and puts the person there. */
  refuse(field: keyof OptionTexts, text: string, where: 'tried' | 'saved' = 'saved'): void {
    this.say(where, text, 'bad');
    this.#get(field).setAttribute('aria-invalid', 'true');
    this.#get(field).focus();
  }

  /** Calls back on Save. */
  onSave(save: () => Promise<void>): void {
    this.#get('options').addEventListener('submit', (event) => {
      event.preventDefault();
      save().catch((error) => reportError('saving the options', error));
    });
  }

  /** Calls back on Try it. */
  onTry(tryIt: () => Promise<void>): void {
    this.#get('try').addEventListener('click', () => {
      tryIt().catch((error) => reportError('trying the server', error));
    });
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}
