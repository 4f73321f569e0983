import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { parseVerdict, SWIPERS } from '../messages.ts';
import {
  array,
  fraction,
  int,
  nullable,
  number,
  object,
  oneOf,
  optional,
  type Parsed,
  string,
  tryParse,
} from '../parse.ts';
import { reportError } from '../report-error.ts';
import { parseRuling } from '../rules/rules.ts';

const parseEntry = object({
  /** The id of the request that reported the swipe, and of its label. */
  id: string(1),
  /** When the page confirmed the swipe, in wall-clock time. */
  atMs: number(),
  site: string(),
  /** A keyed hash of the profile's ID. Absent if the page didn't reveal the ID. */
  profile: optional(string(1)),
  by: oneOf(SWIPERS),
  swipe: oneOf(['right', 'left']),
  /** The other swipe, if the person corrected this one. */
  corrected: optional(oneOf(['right', 'left'])),
  /** Whether the person could see the verdict before the swipe. */
  seen: oneOf(['hidden', 'shown', 'none']),
  /** What Swipenet had decided by then. It has confidences, but neither photos nor their addresses. */
  verdict: optional(parseVerdict),
  /** What a rule of the person's had decided: the rule, and the one value of the profile that it looked at. */
  ruling: optional(parseRuling),
  /** The label on the server, once it has arrived there. */
  label: optional(object({ server: string(), swipeId: int() })),
  /** How well the model agreed with the person, as the server said when the label arrived. */
  agreement: optional(object({ balanced: nullable(fraction), lowerBound: fraction })),
});

/** A confirmed swipe. */
export type HistoryEntry = Parsed<typeof parseEntry>;

/** A span of time, including its start and excluding its end, in wall-clock time. */
const parseSpan = object({ fromMs: number(), toMs: number() });

export type Span = Parsed<typeof parseSpan>;

const parseEntries = array((value) => tryParse(parseEntry, value));

interface HistorySchema extends DBSchema {
  /** The key sorts by time, so that a span of time is a range of keys. */
  entries: {
    key: [atMs: number, id: string];
    value: HistoryEntry;
    indexes: { id: string; profile: [profile: string, atMs: number] };
  };
  keys: { key: string; value: CryptoKey };
}

/** The database, and the channel on which it announces changes. */
const NAME = 'history';

/** Where the key for profile IDs is stored. */
const PROFILE_KEY = 'profile';

const END_OF_TIME = Number.MAX_VALUE;

/**
 * The history of confirmed swipes, in IndexedDB. The worker writes it and the history page reads it. Every change is
 * announced to the other pages.
 */
export class HistoryStore {
  #opened: Promise<IDBPDatabase<HistorySchema>> | undefined;

  /** Adds an entry, unless one with its id is stored already. */
  async add(entry: HistoryEntry): Promise<void> {
    const transaction = (await this.#open()).transaction('entries', 'readwrite');
    const known = await transaction.store.index('id').getKey(entry.id);
    if (!known) await transaction.store.add(parseEntry(entry));
    await transaction.done;
    if (!known) announce(spanOf([entry]));
  }

  /** Changes the entry with this id, if there is one. */
  async change(id: string, change: (entry: HistoryEntry) => HistoryEntry): Promise<void> {
    const transaction = (await this.#open()).transaction('entries', 'readwrite');
    const entry = tryParse(parseEntry, await transaction.store.index('id').get(id));
    if (entry) await transaction.store.put(parseEntry(change(entry)));
    await transaction.done;
    if (entry) announce(spanOf([entry]));
  }

  /** Deletes entries and returns what was stored under their ids. */
  async remove(ids: readonly string[]): Promise<HistoryEntry[]> {
    const transaction = (await this.#open()).transaction('entries', 'readwrite');
    const removing = ids.map(async (id) => {
      const entry = await transaction.store.index('id').get(id);
      if (entry) await transaction.store.delete([entry.atMs, entry.id]);
      return entry;
    });
    const removed = (await Promise.all(removing)).filter((entry) => entry !== undefined);
    await transaction.done;
    if (removed.length > 0) announce(spanOf(removed));
    return parsed(removed);
  }

  /** Deletes all entries before a moment. */
  async removeBefore(ms: number): Promise<void> {
    const database = await this.#open();
    const range = IDBKeyRange.upperBound([ms], true);
    if ((await database.count('entries', range)) === 0) return;
    await database.delete('entries', range);
    announce({ fromMs: 0, toMs: ms });
  }

  /** Deletes everything, with the key for profile IDs. */
  async clear(): Promise<void> {
    const database = await this.#open();
    const transaction = database.transaction(['entries', 'keys'], 'readwrite');
    await Promise.all([transaction.objectStore('entries').clear(), transaction.objectStore('keys').clear()]);
    await transaction.done;
    announce({ fromMs: 0, toMs: END_OF_TIME });
  }

  /** Returns the entries of a span of time, oldest first. */
  async within({ fromMs, toMs }: Span): Promise<HistoryEntry[]> {
    const range = IDBKeyRange.bound([fromMs], [toMs], false, true);
    return parsed(await (await this.#open()).getAll('entries', range));
  }

  /** Returns the newest entries, newest first. */
  async newest(count: number): Promise<HistoryEntry[]> {
    const { store } = (await this.#open()).transaction('entries');
    const found: unknown[] = [];
    let cursor = await store.openCursor(null, 'prev');
    while (cursor && found.length < count) {
      found.push(cursor.value);
      cursor = await cursor.continue();
    }
    return parsed(found);
  }

  /** Returns when the last swipe before a moment was, or undefined if there is none. */
  async lastBefore(ms: number): Promise<number | undefined> {
    const { store } = (await this.#open()).transaction('entries');
    return (await store.openKeyCursor(IDBKeyRange.upperBound([ms], true), 'prev'))?.key[0];
  }

  /** Returns the latest entry of a profile, given the keyed hash of its ID. */
  async latestOf(profile: string): Promise<HistoryEntry | undefined> {
    const index = (await this.#open()).transaction('entries').store.index('profile');
    const range = IDBKeyRange.bound([profile], [profile, END_OF_TIME]);
    return tryParse(parseEntry, (await index.openCursor(range, 'prev'))?.value);
  }

  /** Returns the key for profile IDs, which is made when it is first needed. Nobody can read it out. */
  async profileKey(): Promise<CryptoKey> {
    const database = await this.#open();
    const stored = await database.get('keys', PROFILE_KEY);
    if (stored) return stored;
    const made = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const transaction = database.transaction('keys', 'readwrite');
    const other = await transaction.store.get(PROFILE_KEY); // a transaction can't wait for the key to be made
    if (!other) await transaction.store.put(made, PROFILE_KEY);
    await transaction.done;
    return other ?? made;
  }

  #open(): Promise<IDBPDatabase<HistorySchema>> {
    this.#opened ??= openDB<HistorySchema>(NAME, 1, {
      upgrade(database) {
        const entries = database.createObjectStore('entries', { keyPath: ['atMs', 'id'] });
        entries.createIndex('id', 'id', { unique: true });
        entries.createIndex('profile', ['profile', 'atMs']);
        database.createObjectStore('keys');
      },
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close(); // for a newer version
        this.#opened = undefined;
      },
      terminated: () => {
        this.#opened = undefined;
      },
    });
    this.#opened.catch(() => {
      this.#opened = undefined; // so that the next call tries again
    });
    return this.#opened;
  }
}

/** Calls back with the span of each change that another page or the worker makes, until the signal aborts. */
export function watchHistory(changed: (span: Span) => void, signal: AbortSignal): void {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }) => {
    const span = tryParse(parseSpan, data);
    if (span) changed(span);
  };
  signal.addEventListener('abort', () => channel.close(), { once: true });
}

function announce(span: Span): void {
  const channel = new BroadcastChannel(NAME);
  channel.postMessage(span);
  channel.close();
}

function spanOf(entries: readonly HistoryEntry[]): Span {
  const times = entries.map(({ atMs }) => atMs);
  return { fromMs: Math.min(...times), toMs: Math.max(...times) + 1 };
}

/** Leaves out what can't be read, and reports it. */
function parsed(stored: readonly unknown[]): HistoryEntry[] {
  const entries = parseEntries(stored).filter((entry) => entry !== undefined);
  const lost = stored.length - entries.length;
  if (lost > 0) reportError('reading the history', new TypeError(`${lost} entries are invalid`));
  return entries;
}
