import { askWorker } from '../../own-messages.ts';
import { reasonText } from '../../reason-text.ts';
import type { HistoryEntry } from '../../storage/history.ts';
import { translate } from '../../texts.ts';
import { formatFullDay } from './format.ts';

/** Deletes entries, after the person has confirmed what can't be undone. */
export class Deletion {
  readonly #document: Document;
  /** Shows the outcome of a deletion. */
  readonly #say: (text: string) => void;
  #confirmed: () => Promise<string> = async () => '';

  constructor(document: Document, say: (text: string) => void) {
    this.#document = document;
    this.#say = say;
    this.#get('delete-sure').addEventListener('click', () => void this.#run(this.#confirmed));
  }

  /** Deletes one entry at once. */
  async one({ id }: HistoryEntry): Promise<void> {
    await this.#run(() => deleteEntries([id]));
  }

  /** Asks whether to delete the entries of a day. */
  askDay(entries: readonly HistoryEntry[]): void {
    const [first] = entries;
    if (!first) return;
    const title = translate('history_delete_day_title', formatFullDay(first.atMs));
    this.#ask(title, translate('history_delete_day_text', entries.length), false);
    this.#confirmed = () => deleteEntries(entries.map(({ id }) => id));
  }

  /** Asks whether to delete everything, also on the server if it may have labels. */
  askAll(count: number, hasLabels: boolean): void {
    this.#ask(translate('history_delete_all_title'), translate('history_delete_all_text', count), hasLabels);
    this.#confirmed = () => deleteAll(hasLabels && this.#get<HTMLInputElement>('delete-server').checked, hasLabels);
  }

  #ask(title: string, text: string, offersServer: boolean): void {
    this.#get('delete-title').textContent = title;
    this.#get('delete-text').textContent = text;
    this.#get('delete-server-row').hidden = !offersServer;
    this.#get<HTMLInputElement>('delete-server').checked = true;
    this.#get<HTMLDialogElement>('delete').showModal();
  }

  async #run(work: () => Promise<string>): Promise<void> {
    this.#say(await work().catch((error: unknown) => (error instanceof Error ? error.message : String(error))));
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}

async function deleteEntries(ids: string[]): Promise<string> {
  const { deleted, waiting, staying } = await askWorker({ kind: 'historyDelete', ids });
  return [
    translate('history_deleted', deleted),
    ...(waiting > 0 ? [translate('history_delete_waiting', waiting)] : []),
    ...(staying > 0 ? [translate('history_delete_staying', staying)] : []),
  ].join(' ');
}

async function deleteAll(onServer: boolean, hasLabels: boolean): Promise<string> {
  if (!onServer) {
    await askWorker({ kind: 'historyClear' });
    return translate(hasLabels ? 'history_deleted_here' : 'history_deleted_all');
  }
  const answer = await askWorker({ kind: 'tasteDelete' });
  if (!('problem' in answer)) return translate('history_deleted_all');
  return translate('history_delete_failed', reasonText(answer.problem));
}
