import { photoMark } from '../../page/overlay/verdict-text.ts';
import { reportError } from '../../report-error.ts';
import type { HistoryEntry } from '../../storage/history.ts';
import { formatWholePercent, translate } from '../../texts.ts';
import { agreed, boundOf } from './entry-facts.ts';
import { swipeText, whyText } from './entry-row.ts';
import { formatExactTime } from './format.ts';

/** What the person can do with an entry. */
export interface EntryActions {
  readonly isCorrectable: (id: string) => Promise<boolean>;
  /** Returns false if it is too late. */
  readonly correct: (id: string, swipe: HistoryEntry['swipe']) => Promise<boolean>;
  readonly remove: (entry: HistoryEntry) => Promise<unknown>;
}

/** The dialog with everything about one entry. */
export class EntryDetails {
  readonly #document: Document;
  readonly #actions: EntryActions;
  #entry: HistoryEntry | undefined;

  constructor(document: Document, actions: EntryActions) {
    this.#document = document;
    this.#actions = actions;
    this.#onClick('details-correct', async (entry) => {
      const isDone = await actions.correct(entry.id, otherSwipe(entry));
      if (this.#entry?.id !== entry.id) return; // another entry is open by now, or none
      this.#get('details-said').textContent = translate(isDone ? 'history_correct_done' : 'history_correct_late');
    });
    this.#onClick('details-delete', async (entry) => {
      this.#dialog.close();
      await actions.remove(entry);
    });
    this.#dialog.addEventListener('close', () => {
      this.#entry = undefined;
    });
  }

  /** Opens the dialog. */
  open(entry: HistoryEntry): void {
    this.#get('details-said').textContent = '';
    this.#get('details-correct').hidden = true;
    this.#show(entry);
    this.#dialog.showModal();
    const offer = async () => {
      const isCorrectable = await this.#actions.isCorrectable(entry.id);
      if (this.#entry?.id !== entry.id) return;
      this.#get('details-correct').hidden = !isCorrectable;
    };
    offer().catch((error: unknown) => reportError('looking for what can be corrected', error));
  }

  /** Shows the entry again after it changed, and closes the dialog if it was deleted elsewhere. */
  refresh(find: (id: string) => HistoryEntry | undefined): void {
    if (!this.#entry) return;
    const entry = find(this.#entry.id);
    if (entry) this.#show(entry);
    else this.#dialog.close();
  }

  #show(entry: HistoryEntry): void {
    this.#entry = entry;
    const { atMs, site, seen, verdict, label } = entry;
    const bound = boundOf(entry);
    const isAgreed = agreed(entry);
    const facts: [string, string | undefined][] = [
      [translate('history_time'), formatExactTime(atMs)],
      [translate('history_site'), site],
      [translate('history_swipe'), swipeText(entry)],
      [translate('history_verdict'), whyText(entry)],
      [translate('history_seen'), translate(`history_seen_${seen}`)],
      [
        translate('history_agreement'),
        isAgreed === undefined ? undefined : translate(isAgreed ? 'history_agreed' : 'history_disagreed'),
      ],
      [translate('history_model'), verdict?.model],
      [translate('history_bound'), bound === undefined ? undefined : formatWholePercent(bound)],
      [translate('history_stored'), label && `${label.server} · ${label.swipeId}`],
    ];
    this.#get('details-facts').replaceChildren(
      ...facts.flatMap(([name, value]) => (value ? [this.#make('dt', name), this.#make('dd', value)] : [])),
    );
    this.#showPhotos(verdict);
    this.#get('details-correct').textContent = translate(`swipe_make_${otherSwipe(entry)}`);
  }

  #showPhotos(verdict: HistoryEntry['verdict']): void {
    const photos = (verdict?.photos ?? []).map((photo, index) => {
      const { tone, label, percent } = photoMark(photo, translate);
      const row = this.#make('li', '');
      const bar = this.#make('span', '');
      bar.className = 'bar';
      bar.style.setProperty('--share', 'like' in photo ? String(photo.like) : '0');
      row.dataset.tone = tone;
      row.append(this.#make('span', translate('history_photo', index + 1)), bar);
      row.append(this.#make('span', `${label} ${percent}`));
      return row;
    });
    this.#get('details-photos').replaceChildren(...photos);
    this.#get('details-photos').hidden = photos.length === 0;
    this.#get('details-photos-title').hidden = photos.length === 0;
  }

  #onClick(id: string, act: (entry: HistoryEntry) => Promise<void>): void {
    this.#get(id).addEventListener('click', () => {
      if (this.#entry) act(this.#entry).catch((error: unknown) => reportError(id, error));
    });
  }

  #make(tag: string, text: string): HTMLElement {
    const element = this.#document.createElement(tag);
    element.textContent = text;
    return element;
  }

  get #dialog(): HTMLDialogElement {
    return this.#get<HTMLDialogElement>('details');
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}

/** Returns the side that a correction would choose. */
const otherSwipe = ({ swipe, corrected }: HistoryEntry) => ((corrected ?? swipe) === 'right' ? 'left' : 'right');
