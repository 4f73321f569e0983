import { reportError } from '../../report-error.ts';
import type { RuleName } from '../../rules/rules.ts';
import { isLoopback } from '../../server-address.ts';
import { translate } from '../../texts.ts';
import { setText } from '../own-page/set-text.ts';
import {
  LIMIT_FIELDS,
  LIMIT_NAMES,
  type LimitName,
  NUMBER_FIELDS,
  type NumberField,
  OPTION_FIELDS,
  type OptionEntries,
  type OptionField,
} from './options-form.ts';
import { PaceWarning } from './pace-warning.ts';

/** The document of the options page: shows settings and notices, and reports what the person does. */
export class OptionsView {
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
    const show = this.#get<HTMLInputElement>('token-show');
    show.addEventListener('change', () => {
      this.#get<HTMLInputElement>('token').type = show.checked ? 'text' : 'password';
    });
    for (const field of Object.keys(NUMBER_FIELDS) as NumberField[]) this.#showRange(field);
    for (const name of LIMIT_NAMES) this.#switch(name).addEventListener('change', () => this.#matchFields());
    new PaceWarning(this.#get('pace-warning'), this.#switch('perMinute'));
  }

  /** Fills in the form, except for some fields. */
  fill({ texts, on }: OptionEntries, except: ReadonlySet<string> = new Set()): void {
    for (const field of OPTION_FIELDS) if (!except.has(field)) this.#get<HTMLInputElement>(field).value = texts[field];
    for (const name of LIMIT_NAMES) if (!except.has(`${name}-on`)) this.#switch(name).checked = on[name];
    this.#matchFields();
  }

  /** Returns the form's contents, and clears earlier errors. */
  entries(): OptionEntries {
    for (const field of OPTION_FIELDS) this.#get(field).removeAttribute('aria-invalid');
    const texts = OPTION_FIELDS.map((field) => [field, this.#get<HTMLInputElement>(field).value]);
    const on = LIMIT_NAMES.map((name) => [name, this.#switch(name).checked]);
    return { texts: Object.fromEntries(texts), on: Object.fromEntries(on) };
  }

  /** Returns the fields whose text the browser doesn't reveal, because it isn't a valid number or time. */
  unreadable(): OptionField[] {
    return OPTION_FIELDS.filter((field) => this.#get<HTMLInputElement>(field).validity.badInput);
  }

  /** Shows the state of the consent, and offers to withdraw it or to read and decide. */
  showConsent(text: string, given: boolean): void {
    setText(this.#get('consent-state'), text);
    this.#get('withdraw').hidden = !given;
    this.#get('ask-consent').hidden = given;
  }

  /** Calls back when the person withdraws the consent. */
  onWithdraw(withdraw: () => Promise<unknown>): void {
    this.#get('withdraw').addEventListener('click', () => {
      withdraw().catch((error) => reportError('withdrawing the consent', error));
    });
  }

  /** Shows a notice below Connect (`connecting`), below the server's fields (`tried`) or below Save (`saved`). */
  say(where: 'connecting' | 'tried' | 'saved', text: string, tone: 'good' | 'bad' | 'wait'): void {
    const notice = this.#get(where);
    notice.hidden = false;
    notice.dataset.tone = tone;
    notice.textContent = text;
  }

  /** Shows what is wrong with a field, and focuses it. */
  refuse(field: OptionField | RuleName | 'code', text: string, where: 'tried' | 'saved' = 'saved'): void {
    this.say(where, text, 'bad');
    this.#get(field).setAttribute('aria-invalid', 'true');
    this.#get(field).focus();
  }

  /** Calls back when the person clicks Save. What came of an earlier save is hidden until it is known of this one. */
  onSave(save: () => Promise<void>): void {
    this.#get('options').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#get('saved').hidden = true;
      save().catch((error) => reportError('saving the options', error));
    });
  }

  /** Calls back when the person clicks Try it. */
  onTry(tryIt: () => Promise<void>): void {
    this.#get('try').addEventListener('click', () => {
      tryIt().catch((error) => reportError('testing the server', error));
    });
  }

  /** Calls back when the person clicks Connect. The button waits until that is done. */
  onConnect(connect: () => Promise<void>): void {
    const button = this.#get<HTMLButtonElement>('connect');
    button.addEventListener('click', () => {
      if (button.ariaDisabled === 'true') return;
      button.ariaDisabled = 'true';
      connect()
        .catch((error) => reportError('connecting', error))
        .finally(() => {
          button.ariaDisabled = 'false';
        });
    });
  }

  /** Clicks Connect. */
  connect(): void {
    this.#get('connect').click();
  }

  /** Calls back with the code when the person clicks Pair or presses Enter in the field, which would otherwise save. */
  onPair(pair: (code: string) => Promise<void>): void {
    const code = this.#get<HTMLInputElement>('code');
    const start = () => {
      code.removeAttribute('aria-invalid');
      pair(code.value.trim()).catch((error) => reportError('pairing', error));
    };
    this.#get('pair').addEventListener('click', start);
    code.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      start();
    });
  }

  /** Shows the result of pairing: fills in the token, clears the used code, and leads on to the pages to swipe on. */
  showPaired({ address, token }: { readonly address: string; readonly token: string }): void {
    this.#get<HTMLInputElement>('address').value = address;
    this.#get<HTMLInputElement>('token').value = token;
    this.#get<HTMLInputElement>('code').value = '';
    this.#get('next').hidden = false;
    this.#get('next-demo').hidden = !isLoopback(address); // elsewhere, the extension doesn't run on it
    this.#get<HTMLAnchorElement>('next-demo').href = `${address}/demo`;
  }

  /** Disables the fields of limits that are off. */
  #matchFields(): void {
    for (const name of LIMIT_NAMES) {
      for (const field of LIMIT_FIELDS[name]) this.#get<HTMLInputElement>(field).disabled = !this.#switch(name).checked;
    }
  }

  #showRange(field: NumberField): void {
    const input = this.#get<HTMLInputElement>(field);
    const { min, max, whole } = NUMBER_FIELDS[field];
    Object.assign(input, { min: String(min), max: String(max), step: whole ? '1' : 'any' });
    this.#get(`${field}-range`).textContent = translate('options_range', min, max);
  }

  #switch(name: LimitName): HTMLInputElement {
    return this.#get(`${name}-on`);
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}
