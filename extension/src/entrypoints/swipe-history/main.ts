import { askWorker } from '../../own-messages.ts';
import { reportError } from '../../report-error.ts';
import { type HistoryEntry, HistoryStore, type Span, watchHistory } from '../../storage/history.ts';
import { hasTasteConsent, readSettings, watchSettings } from '../../storage/settings.ts';
import { translate } from '../../texts.ts';
import { keepFocus } from '../own-page/keep-focus.ts';
import { translatePage } from '../own-page/translate-page.ts';
import { Deletion } from './deletion.ts';
import { EntryDetails } from './entry-details.ts';
import { spanOfDay } from './entry-filter.ts';
import { historyCsv, historyJson } from './export.ts';
import { readDays, withSpan } from './history-data.ts';
import { HistoryView } from './history-view.ts';
import { saveFile } from './save-file.ts';

translatePage(document);
keepFocus(document, new AbortController().signal);
document.title = `Swipenet · ${translate('history_title')}`;
const get = (id: string) => document.getElementById(id)!;
const attempt = (step: string, work: Promise<unknown>) => void work.catch((error) => reportError(step, error));

const store = new HistoryStore();
const deletion = new Deletion(document, (text) => view.say(text));
const details = new EntryDetails(document, {
  isCorrectable: async (id) => (await askWorker({ kind: 'correctable' })).includes(id),
  correct: async (labelId, swipe) => {
    const answer = await askWorker({ kind: 'correct', labelId, swipe });
    return !('queued' in answer) || answer.queued;
  },
  remove: (entry) => deletion.one(entry),
});
const view = new HistoryView(document, (entry) => details.open(entry));
let entries: readonly HistoryEntry[] = [];
let work: Promise<unknown> = Promise.resolve();

/** Runs after everything that was queued before, so that a change never meets a history that is half read. */
function queue(step: string, next: () => Promise<void>): void {
  work = work.then(next).catch((error: unknown) => reportError(step, error));
}

async function show(isComplete: boolean): Promise<void> {
  const { historyDays } = await readSettings();
  get('lead').textContent = historyDays === 0 ? '' : translate('history_lead', historyDays);
  const none = translate(historyDays === 0 ? 'history_off' : 'history_empty');
  view.explain(entries.length === 0 ? (isComplete ? none : translate('history_reading')) : '');
  view.show(entries, { isComplete });
}

async function readAll(): Promise<void> {
  const read: HistoryEntry[] = [];
  for await (const day of readDays(store)) {
    const isFirst = read.length === 0;
    read.push(...day);
    entries = read;
    if (isFirst) await show(false);
  }
  await show(true);
}

async function readAgain(span: Span): Promise<void> {
  entries = withSpan(entries, span, await store.within(span));
  await show(true);
  details.refresh((id) => entries.find((entry) => entry.id === id));
}

async function askAll(): Promise<void> {
  const hasLabels = hasTasteConsent(await readSettings()) || entries.some(({ label }) => label !== undefined);
  deletion.askAll(entries.length, hasLabels);
}

get('csv').addEventListener('click', () => saveFile('history', 'csv', historyCsv(view.shown)));
get('json').addEventListener('click', () => saveFile('history', 'json', historyJson(view.shown)));
get('ask-delete-all').addEventListener('click', () => attempt('deleting everything', askAll()));
get('ask-delete-day').addEventListener('click', () => {
  const span = spanOfDay(view.day);
  if (span) deletion.askDay(entries.filter(({ atMs }) => atMs >= span.fromMs && atMs < span.toMs));
});
// Before anything is read, so that no change is missed.
watchHistory((span) => queue('reading the history again', () => readAgain(span)), new AbortController().signal);
watchSettings(() => queue('showing the history', () => show(true)));
queue('reading the history', () =>
  readAll().catch((error: unknown) => {
    view.explain(translate('history_failed'));
    throw error;
  }),
);
