import { RULE_NAMES } from '../../rules/rules.ts';
import { LIMIT_NAMES, type OptionEntries } from './options-form.ts';
import { entryKind, type RuleEntries } from './rules-form.ts';

/** The contents of fields by their IDs: a text, or whether a checkbox is checked. */
export type FieldValues = Readonly<Record<string, string | boolean>>;

/** Returns what the fields of the form contain. */
export function fieldValues({ texts, on }: OptionEntries, { rules, unit, holdsSeen }: RuleEntries): FieldValues {
  const limits = LIMIT_NAMES.map((name) => [`${name}-on`, on[name]]);
  const fields = RULE_NAMES.flatMap((rule) => [
    [`${rule}-on`, rules[rule].on],
    ...(entryKind(rule) === 'none' ? [] : [[rule, rules[rule].text]]),
    [`${rule}-action`, rules[rule].action],
    [`${rule}-unknown`, rules[rule].unknown],
  ]);
  return { ...texts, ...Object.fromEntries([...limits, ...fields]), 'rules-unit': unit, holdsSeen };
}

/**
 * Knows which fields the person has changed and not saved. Settings that another tab, the popup or the worker stores go into
 * the other fields, so saving never brings an old value back, and nobody's typing is overwritten.
 */
export class UnsavedChanges {
  readonly #document: Document;
  #stored: FieldValues;

  /** Watches the page until the signal aborts. `stored` is what is stored, as the fields show it. */
  constructor(document: Document, stored: FieldValues, signal: AbortSignal) {
    this.#document = document;
    this.#stored = stored;
    for (const event of ['input', 'change']) document.addEventListener(event, () => this.say(), { signal });
    const ask = (event: Event) => {
      if (this.fields.length > 0) event.preventDefault(); // the browser asks the person
    };
    document.defaultView!.addEventListener('beforeunload', ask, { signal });
  }

  /** The fields that were changed. */
  get fields(): string[] {
    return Object.keys(this.#stored).filter((id) => this.#valueOf(id) !== this.#stored[id]);
  }

  /** Saves what the fields contain. They count as saved from the start, unless that fails. */
  async save<Saved>(store: () => Promise<Saved>): Promise<Saved> {
    const before = this.#stored;
    this.#stored = Object.fromEntries(Object.keys(before).map((id) => [id, this.#valueOf(id)]));
    try {
      return await store();
    } catch (error) {
      this.#stored = before;
      throw error;
    } finally {
      this.say();
    }
  }

  /**
   * Takes over what is stored now. Returns the changed fields, which must stay as they are, and the names of those that got
   * another value in storage, too: saving would replace it.
   */
  takeOver(stored: FieldValues): { readonly changed: ReadonlySet<string>; readonly overtaken: readonly string[] } {
    const before = this.#stored;
    const changed = this.fields.filter((id) => this.#valueOf(id) !== stored[id]);
    const overtaken = changed.filter((id) => stored[id] !== before[id]).map((id) => this.#nameOf(id));
    this.#stored = stored;
    return { changed: new Set(changed), overtaken: [...new Set(overtaken)] };
  }

  /** Says whether something is unsaved. Call it after the fields were filled. */
  say(): void {
    this.#document.getElementById('unsaved')!.hidden = this.fields.length === 0;
  }

  /** Returns the content of a field. A number that the browser can't read has no value, but isn't empty either. */
  #valueOf(id: string): string | boolean {
    const { type, checked, value, validity } = this.#field(id);
    return type === 'checkbox' ? checked : validity.badInput ? '?' : value;
  }

  #nameOf(id: string): string {
    const field = this.#field(id);
    const name = this.#document.getElementById(field.getAttribute('aria-labelledby') ?? '');
    const label = name ?? field.labels?.[0]?.querySelector('span') ?? field.labels?.[0];
    return label?.textContent ?? id;
  }

  #field(id: string): HTMLInputElement {
    return this.#document.getElementById(id) as HTMLInputElement;
  }
}
