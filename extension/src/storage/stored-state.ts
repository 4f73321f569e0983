import { browser } from '../browser.ts';
import type { Parser } from '../parse.ts';
import { reportError } from '../report-error.ts';

/** Converts what one version stored into what the next version stores. */
export type Migration = (old: Record<string, unknown>) => object;

/**
 * One value in the extension's storage. It is stored with its version; a stored value without one is version 1. Undefined
 * means that nothing is stored.
 */
export interface StoredState<State extends object | undefined> {
  /** `local` is on disk and outlives the browser. `session` is in memory and outlives only the worker. */
  readonly area: 'local' | 'session';
  /** The key in the area, also used as the name of the lock. */
  readonly key: string;
  readonly parse: Parser<NonNullable<State>>;
  /** The first converts version 1 to version 2, the next version 2 to version 3, and so on. */
  readonly migrations: readonly Migration[];
  /** The state if nothing is stored, or nothing valid. */
  readonly initial: State;
}

/** Reads the current state. */
export async function readState<State extends object | undefined>(state: StoredState<State>): Promise<State> {
  return parseStored(state, (await browser.storage[state.area].get(state.key))[state.key]);
}

/**
 * Changes a state and returns the new one. The worker and the extension's own pages may change states at the same time. A
 * browser lock runs their changes one after the other, so each sees what the one before it wrote.
 *
 * @throws TypeError if the new state is invalid. The old one stays.
 */
export function changeState<State extends object | undefined>(
  state: StoredState<State>,
  change: (before: State) => State | Promise<State>,
): Promise<State> {
  const { key, parse } = state;
  const area = browser.storage[state.area];
  return navigator.locks.request<Promise<State>>(key, async () => {
    const before = await readState(state);
    const after = await change(before);
    if (after === before) return after;
    if (after === undefined) await area.remove(key);
    else await area.set({ [key]: { ...parse(after), version: latestVersion(state) } });
    return after;
  });
}

/** Calls back with the state whenever it changes, until the signal aborts. */
export function watchState<State extends object | undefined>(
  state: StoredState<State>,
  changed: (state: State) => void,
  signal?: AbortSignal,
): void {
  const { onChanged } = browser.storage[state.area];
  const listener = (changes: Record<string, { newValue?: unknown }>) => {
    const change = changes[state.key];
    if (change) changed(parseStored(state, change.newValue));
  };
  onChanged.addListener(listener);
  signal?.addEventListener('abort', () => onChanged.removeListener(listener), { once: true });
}

/** The version that a state is stored with today. */
export const latestVersion = ({ migrations }: Pick<StoredState<object>, 'migrations'>): number => migrations.length + 1;

/** A value was stored by a newer version of the extension. */
export class NewerVersionError extends Error {}

/**
 * Parses a value that this version or an earlier one stored, after the migrations that it needs.
 *
 * @throws NewerVersionError if a newer version stored it, or another error if it is damaged.
 */
export function upgrade<State extends object | undefined>(
  { parse, migrations }: StoredState<State>,
  stored: unknown,
): NonNullable<State> {
  const { version = 1 } = stored as { readonly version?: number };
  const latest = latestVersion({ migrations });
  if (Number.isSafeInteger(version) && version > latest) throw new NewerVersionError(`unknown version ${version}`);
  const pending = migrations.slice(version - 1);
  if (version + pending.length !== latest) throw new Error(`unknown version ${version}`);
  return parse(pending.reduce((old, migrate) => migrate(old as Record<string, unknown>), stored as object));
}

function parseStored<State extends object | undefined>(state: StoredState<State>, stored: unknown): State {
  const { key, initial } = state;
  if (stored === undefined || stored === null) return initial;
  try {
    return upgrade(state, stored);
  } catch (error) {
    reportError(`reading ${key}`, error);
    return initial;
  }
}
