import type { StudioEventData, StudioEventName } from '@swipenet/shared/contract/studio/events.ts';
import { oneAtATime } from '@swipenet/shared/one-at-a-time.ts';
import type { Clock } from '../clock.ts';

/** Where an event's data come from, and how often to look. */
export interface LiveSource<Name extends StudioEventName = StudioEventName> {
  readonly everyMs: number;
  readonly read: () => Promise<StudioEventData[Name]>;
}

export type LiveSources = { readonly [Name in StudioEventName]: LiveSource<Name> };

/** Gets an event's name and its data as JSON. */
export type EventListener = (name: StudioEventName, json: string) => void;

/**
 * Tells the studio's pages what has changed. It looks at each source again and again, but only while a page listens, so
 * that it sees what other processes do, too.
 */
export class StudioEvents {
  readonly #sources: LiveSources;
  readonly #clock: Clock;
  readonly #onTrouble: (error: Error) => void;
  readonly #listeners = new Set<EventListener>();
  readonly #known = new Map<StudioEventName, string>();
  /** One at a time per source, so that what a slower look has seen earlier isn't told last. */
  readonly #looks = new Map<StudioEventName, () => Promise<void>>();
  #watching: AbortController | undefined;

  /** @param onTrouble called if a source can't be read. It is read again after its time. */
  constructor(sources: LiveSources, clock: Clock, onTrouble: (error: Error) => void) {
    this.#sources = sources;
    this.#clock = clock;
    this.#onTrouble = onTrouble;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Calls a listener with everything that is known, and then with every change, until the signal aborts. */
  listen(listener: EventListener, signal: AbortSignal): void {
    if (signal.aborted) return;
    for (const [name, json] of this.#known) listener(name, json);
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#leave(listener), { once: true });
    if (this.#watching) return;
    this.#watching = new AbortController();
    for (const name of Object.keys(this.#sources) as StudioEventName[]) void this.#watch(name, this.#watching.signal);
  }

  /** Looks at a source right away, because something was just done to it. */
  refresh(name: StudioEventName): Promise<void> {
    const look = this.#looks.get(name) ?? oneAtATime(() => this.#look(name));
    this.#looks.set(name, look);
    return look();
  }

  async #look(name: StudioEventName): Promise<void> {
    try {
      const json = JSON.stringify(await this.#sources[name].read());
      if (this.#known.get(name) === json) return;
      this.#known.set(name, json);
      for (const listener of this.#listeners) listener(name, json);
    } catch (error) {
      this.#onTrouble(error as Error);
    }
  }

  #leave(listener: EventListener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#watching?.abort();
    this.#watching = undefined;
    this.#known.clear(); // would be out of date when the next page comes
  }

  async #watch(name: StudioEventName, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.refresh(name);
      await this.#clock.delay(this.#sources[name].everyMs, signal).catch(() => {});
    }
  }
}
