import type { RulesPreview } from '../../own-messages.ts';
import { reportError } from '../../report-error.ts';
import { RULE_NAMES, RULE_RANGES, type RuleName, type Rules } from '../../rules/rules.ts';
import { outcomeText, rulingText } from '../../rules/ruling-text.ts';
import { translate } from '../../texts.ts';
import { entryKind, type RuleEntries, type RuleEntry } from './rules-form.ts';

/** The rules on the options page, each with the same fields, and their preview. */
export class RulesView {
  readonly #document: Document;

  /** Adds the fields of each rule. Call it before the page is translated. */
  constructor(document: Document) {
    this.#document = document;
    const template = this.#get<HTMLTemplateElement>('rule-template');
    for (const rule of RULE_NAMES) {
      const fields = template.content.firstElementChild!.cloneNode(true) as HTMLElement;
      this.#setUp(fields, rule);
      template.before(fields);
    }
  }

  /** Fills in the fields, except for some. */
  fill({ rules, unit, holdsSeen }: RuleEntries, except: ReadonlySet<string> = new Set()): void {
    const set = (id: string, value: Partial<HTMLInputElement>) => {
      if (!except.has(id)) Object.assign(this.#get(id), value);
    };
    for (const rule of RULE_NAMES) {
      const { on, text, action, unknown } = rules[rule];
      set(`${rule}-on`, { checked: on });
      set(`${rule}-action`, { value: action });
      set(`${rule}-unknown`, { value: unknown });
      if (entryKind(rule) !== 'none') set(rule, { value: text });
      this.#match(rule);
    }
    set('rules-unit', { value: unit });
    set('holdsSeen', { checked: holdsSeen });
  }

  /** Returns the contents of the fields, and clears earlier errors. */
  entries(): RuleEntries {
    const rules = RULE_NAMES.map((rule): [RuleName, RuleEntry] => {
      const hasEntry = entryKind(rule) !== 'none';
      if (hasEntry) this.#value(rule).removeAttribute('aria-invalid');
      return [
        rule,
        {
          on: this.#get<HTMLInputElement>(`${rule}-on`).checked,
          text: hasEntry ? this.#value(rule).value : '',
          action: this.#get<HTMLSelectElement>(`${rule}-action`).value as RuleEntry['action'],
          unknown: this.#get<HTMLSelectElement>(`${rule}-unknown`).value as RuleEntry['unknown'],
        },
      ];
    });
    return {
      rules: Object.fromEntries(rules) as RuleEntries['rules'],
      unit: this.#get<HTMLSelectElement>('rules-unit').value as Rules['unit'],
      holdsSeen: this.#get<HTMLInputElement>('holdsSeen').checked,
    };
  }

  /** Calls back when the person clicks Preview. */
  onPreview(preview: () => Promise<void>): void {
    this.#get('rules-preview').addEventListener('click', () => {
      preview().catch((error: unknown) => reportError('previewing the rules', error));
    });
  }

  /** Shows how the profile on top of the page fares, or a text instead. */
  showPreview(preview: RulesPreview | string): void {
    const result = this.#get('rules-result');
    result.hidden = false;
    if (typeof preview === 'string') {
      result.replaceChildren(this.#make('p', preview));
      return;
    }
    const { ruling, outcomes } = preview;
    const decided = ruling ? rulingText(ruling, translate) : translate('rules_preview_passed');
    const rows = outcomes
      .filter(({ outcome }) => outcome !== 'off')
      .flatMap(({ rule, outcome }) => [
        this.#make('dt', translate(`rules_${rule}`)),
        this.#make('dd', outcomeText(rule, outcome, translate)),
      ]);
    const list = this.#make('dl', '');
    list.append(...rows);
    result.replaceChildren(this.#make('p', decided), ...(rows.length > 0 ? [list] : []));
  }

  #setUp(fields: HTMLElement, rule: RuleName): void {
    for (const part of fields.querySelectorAll<HTMLElement>('[data-part]')) {
      const name = part.dataset.part!;
      part.id = name === 'value' ? rule : `${rule}-${name}`;
    }
    const kind = entryKind(rule);
    for (const field of fields.querySelectorAll<HTMLElement>('[data-kind]'))
      if (field.dataset.kind !== kind) field.remove();
    fields.setAttribute('aria-labelledby', `${rule}-name`);
    const value = fields.querySelector<HTMLInputElement | HTMLTextAreaElement>(`#${rule}`);
    value?.setAttribute('aria-labelledby', `${rule}-name`);
    fields.querySelector<HTMLElement>(`#${rule}-name`)!.dataset.text = `rules_${rule}`;
    if (kind === 'number') {
      const { min, max } = RULE_RANGES[rule as keyof typeof RULE_RANGES];
      Object.assign(value!, { min: String(min), max: String(max), step: '1' });
      value!.setAttribute('aria-describedby', `${rule}-range`);
      fields.querySelector(`#${rule}-range`)!.textContent = translate('options_range', min, max);
    }
    if (kind === 'words') value!.setAttribute('aria-describedby', `${rule}-hint`);
    fields.querySelector(`#${rule}-on`)!.addEventListener('change', () => this.#match(rule));
  }

  /** Disables the fields of a rule that is off. */
  #match(rule: RuleName): void {
    const isOff = !this.#get<HTMLInputElement>(`${rule}-on`).checked;
    if (entryKind(rule) !== 'none') this.#value(rule).disabled = isOff;
    for (const part of ['action', 'unknown']) this.#get<HTMLSelectElement>(`${rule}-${part}`).disabled = isOff;
  }

  #value(rule: RuleName): HTMLInputElement | HTMLTextAreaElement {
    return this.#get<HTMLInputElement | HTMLTextAreaElement>(rule);
  }

  #make(tag: string, text: string): HTMLElement {
    const element = this.#document.createElement(tag);
    element.textContent = text;
    return element;
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}
