import type { OWN_REQUESTS } from '../../own-messages.ts';
import type { HistoryEntry } from '../../storage/history.ts';
import { hasTasteConsent, readSettings, type Settings } from '../../storage/settings.ts';
import type { Handlers, WorkerParts } from './handlers.ts';

type HistoryKind = 'correctable' | 'historyDelete' | 'historyClear';

/** Returns the handlers of the requests from the history page. It reads the entries by itself. */
export function historyHandlers({
  labels,
  history,
  words,
}: WorkerParts): Handlers<Pick<typeof OWN_REQUESTS, HistoryKind>, undefined> {
  return {
    correctable: async () => (await labels.correctable()).map(({ id }) => id),
    historyDelete: async ({ ids }) => {
      const settings = await readSettings();
      await words.remove(ids);
      const removed = await history.remove(ids);
      const mayAsk = removed.filter(({ label }) => !label || isDeletable(label, settings));
      const deletions = mayAsk.map(({ id, label }) => ({ id, swipeId: label?.swipeId }));
      const waiting = await labels.removeAll(deletions);
      return { deleted: removed.length, waiting, staying: removed.length - mayAsk.length };
    },
    historyClear: async () => {
      await words.clear();
      await history.clear();
      return null;
    },
  };
}

/** True if the server that has a label may still be asked to delete it. */
function isDeletable({ server }: NonNullable<HistoryEntry['label']>, settings: Settings): boolean {
  return server === settings.server.address && hasTasteConsent(settings);
}
