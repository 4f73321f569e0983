import type { Page } from 'playwright-core';
import type { PageOptions } from './page-options.ts';
import type { DialogKind } from './plans.ts';

/** What can be shown by hand: dialogs, layers, ends, and what is in the page itself. */
export type Showable =
  | DialogKind
  | 'challenge'
  | 'consent-layer'
  | 'searching'
  | 'beacon'
  | 'explore-exhausted'
  /** Back from one of these ends. */
  | 'deck'
  | 'signed-out'
  | 'profile'
  | 'thrown'
  | 'boost';

/** `window.twin` on the page. */
export interface TwinHandle {
  readonly options: Readonly<PageOptions>;
  setOptions(changes: Partial<PageOptions>): void;
  /** Shows something; what needs a card waits for one. A dialog waits for the one before it to be closed. */
  show(what: Showable): void;
  closeDialog(): void;
  /** Takes the layer away. */
  uncover(): void;
  closeProfile(): void;
  /** Makes the active card of new nodes. */
  rerender(): void;
  /** While true, a like opens "out of likes" and the card stays. */
  setOutOfLikes(out: boolean): void;
  /** The dialog or layer that lies over the deck. */
  shown(): string | undefined;
  active(): { index: number; id: string; name: string; photos: number } | undefined;
  /** Resolves when every call of the page was answered and the twin knows every deed. */
  settled(): Promise<void>;
}

/** Loads a page of the twin, at a path with its query, and waits until its script has run. */
export async function openTwin(page: Page, path: string): Promise<void> {
  await page.goto(`https://tinder.com${path}`);
  await page.waitForFunction(() => 'twin' in window); // a function: the page's policy refuses a text
}

/** Does something with the page's `window.twin`. The function runs in the page: it sees nothing of the test. */
export function withTwin<Given, Result>(
  page: Page,
  act: (twin: TwinHandle, given: Given) => Result | Promise<Result>,
  given?: Given,
): Promise<Result> {
  return page.evaluate(`(${act})(window.twin, ${JSON.stringify(given)})`) as Promise<Result>;
}
