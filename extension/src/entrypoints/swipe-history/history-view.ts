import type { HistoryEntry } from '../../storage/history.ts';
import { formatNumber, formatWholePercent, translate } from '../../texts.ts';
import { setText } from '../own-page/set-text.ts';
import { Charts, sharePhrase } from './charts.ts';
import { type EntryFilter, filterOf, KIND_NAMES, type Kind } from './entry-filter.ts';
import { fillRow } from './entry-row.ts';
import { periodsOf, totalsOf, type Unit } from './periods.ts';
import { VirtualList } from './virtual-list.ts';

/** The document of the history page: the filter, and what it lets through as totals, charts and a list. */
export class HistoryView {
  readonly #document: Document;
  readonly #list: VirtualList<HistoryEntry>;
  readonly #charts: Charts;
  #entries: readonly HistoryEntry[] = [];
  #shown: readonly HistoryEntry[] = [];

  constructor(document: Document, open: (entry: HistoryEntry) => void) {
    this.#document = document;
    this.#charts = new Charts(document);
    this.#list = new VirtualList({ scroller: this.#get('scroller'), rows: this.#get('rows'), fill: fillRow, open });
    this.#get('kind').append(...KIND_NAMES.map((name) => this.#option(name, translate(`history_kind_${name}`))));
    this.#get('site').append(this.#option('', translate('history_all_sites')));
    this.#get('filter').addEventListener('change', () => this.#filter());
    this.#get('show-all').addEventListener('click', () => {
      this.#get<HTMLFormElement>('filter').reset();
      this.#filter();
    });
    this.#get('units').addEventListener('change', () => this.#showCharts());
  }

  /** The entries that the filter lets through, newest first. */
  get shown(): readonly HistoryEntry[] {
    return this.#shown;
  }

  /** The day in the filter as `YYYY-MM-DD`, or ''. */
  get day(): string {
    return this.#input('day').value;
  }

  /** Shows all entries, newest first. While more are being read, only the list and its count are up to date. */
  show(entries: readonly HistoryEntry[], { isComplete }: { readonly isComplete: boolean }): void {
    this.#entries = entries;
    this.#offerSites();
    this.#shown = entries.filter(filterOf(this.#chosen));
    this.#showList();
    if (isComplete) this.#showFigures();
  }

  /** Explains why there is nothing to show, or shows the history with ''. */
  explain(text: string): void {
    setText(this.#get('explained'), text);
    this.#get('explained').hidden = text === '';
    this.#get('content').hidden = text !== '';
  }

  /** Says what came of an action. */
  say(text: string): void {
    this.#get('said').textContent = text;
    this.#get('said').hidden = text === '';
  }

  #filter(): void {
    this.#shown = this.#entries.filter(filterOf(this.#chosen));
    this.#showList({ fromStart: true });
    this.#showFigures();
  }

  get #chosen(): EntryFilter {
    return { site: this.#input('site').value, day: this.day, kind: this.#input('kind').value as Kind };
  }

  #showList(options?: { readonly fromStart: boolean }): void {
    const { length } = this.#shown;
    const counts = translate('history_count', length, this.#entries.length);
    setText(this.#get('count'), length === 0 ? translate('history_no_match') : counts);
    this.#get('scroller').hidden = length === 0;
    this.#get('ask-delete-day').hidden = this.day === '' || length === 0;
    this.#list.show(this.#shown, options);
  }

  #showFigures(): void {
    const { swipes, right, byYou, agreed, disagreed, corrected, bound } = totalsOf(this.#shown);
    const counted = agreed + disagreed;
    const totals = {
      swipes: formatNumber(swipes),
      right: swipes === 0 ? '–' : sharePhrase(right, right / swipes),
      you: formatNumber(byYou),
      others: formatNumber(swipes - byYou),
      agreement: counted === 0 ? '–' : sharePhrase(agreed, agreed / counted),
      bound: bound === undefined ? '–' : formatWholePercent(bound),
      corrected: formatNumber(corrected),
    };
    for (const [name, text] of Object.entries(totals)) {
      this.#document.querySelector(`[data-total=${name}]`)!.textContent = text;
    }
    this.#showCharts();
  }

  #showCharts(): void {
    const unit = this.#document.querySelector<HTMLInputElement>('[name=unit]:checked')!.value as Unit;
    this.#charts.show(periodsOf(this.#shown, unit), unit);
  }

  /** Adds the sites that the filter doesn't offer yet. */
  #offerSites(): void {
    const select = this.#get<HTMLSelectElement>('site');
    const known = new Set(Array.from(select.options, ({ value }) => value));
    for (const site of new Set(this.#entries.map(({ site }) => site))) {
      if (!known.has(site)) select.append(this.#option(site, site));
    }
  }

  #option(value: string, text: string): HTMLOptionElement {
    const option = this.#document.createElement('option');
    option.value = value;
    option.textContent = text;
    return option;
  }

  #input(id: string): HTMLInputElement {
    return this.#get<HTMLInputElement>(id);
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}
