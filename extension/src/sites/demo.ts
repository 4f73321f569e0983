import {
  type ActiveProfile,
  PersonActed,
  type ReadOptions,
  type Site,
  type SitePage,
  type Swipe,
} from './site-adapter.ts';
import { until } from './until.ts';

// The demo page is ours (docs/demo-page.md describes it), so these anchors decay only when we change it.
const CARD = '[data-demo=deck] [data-demo=card][aria-hidden=false]:not([inert])';
const PHOTO = '[role=img][data-demo=photo]';
const TABS = '[aria-roledescription=carousel] [role=tablist] [role=tab]';
const DIALOG = '[role=dialog][aria-modal=true]';
const BUTTONS = { right: 'button[data-demo=like]', left: 'button[data-demo=nope]' } as const;
const PAID = '[data-demo=super-like]';

/** A photo that has not come after this long is one the page does not show. */
const PHOTO_TIMEOUT_MS = 10_000;

/** The demo dating page that the server brings along. */
export const demo: Site = {
  isMine: ({ protocol, hostname, pathname }) =>
    protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname) && /^\/demo\/?$/.test(pathname),
  open: (document) => new DemoPage(document),
};

class DemoPage implements SitePage {
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  view(): ReturnType<SitePage['view']> {
    const dialog = [...this.#document.querySelectorAll(DIALOG)].find(isVisible);
    if (dialog) return dialogView(dialog);
    const profile = this.activeProfile();
    if (profile) return { kind: 'profile', profile };
    return this.ended() ? { kind: 'ended' } : { kind: 'loading' };
  }

  ended(): boolean {
    const end = this.#document.querySelector('[data-demo=end]');
    return end !== null && isVisible(end) && !this.activeProfile();
  }

  activeProfile(): ActiveProfile | undefined {
    const card = this.#document.querySelector<HTMLElement>(CARD);
    const key = card?.dataset.profile;
    return card && key ? { key, card } : undefined;
  }

  shownPhoto({ key }: ActiveProfile): ReturnType<SitePage['shownPhoto']> {
    const active = this.activeProfile();
    const element = active?.card.querySelector(PHOTO);
    if (!active || active.key !== key || !element) return undefined;
    return { index: selectedTab(active.card), element };
  }

  async readPhotos({ key, card }: ActiveProfile, options: ReadOptions): Promise<(string | null)[]> {
    const found = selectedTab(card);
    const urls: (string | null)[] = tabs(card).map(() => null);
    // A photo that failed is asked for again by turning to it, which takes turning away first: so it comes last.
    const indexes = [...urls.keys()].filter((index) => index !== found);
    if (isFailed(card)) indexes.push(found);
    else indexes.unshift(found);
    try {
      for (const index of indexes) urls[index] = await this.#turnTo(key, index, options);
    } finally {
      const { signal } = options;
      const now = this.#cardOf(key);
      const left = signal.aborted && signal.reason instanceof PersonActed;
      if (now && !left && selectedTab(now) !== found) tabs(now)[found]?.click();
    }
    return urls;
  }

  /** The card of a profile while it is on top; a page may render it anew at any moment. */
  #cardOf(key: string): Element | undefined {
    const active = this.activeProfile();
    return active?.key === key ? active.card : undefined;
  }

  /** Turns a card to a photo, once for each time that the card is rendered, and waits for it. */
  async #turnTo(key: string, index: number, { signal, deadline }: ReadOptions): Promise<string | null> {
    signal.throwIfAborted();
    const turned = new WeakSet<Element>();
    const look = () => {
      const card = this.#cardOf(key);
      if (!card) return undefined;
      if (!turned.has(card)) {
        turned.add(card);
        if (selectedTab(card) !== index || isFailed(card)) tabs(card)[index]?.click();
      }
      return selectedTab(card) === index ? photoOf(card) : undefined;
    };
    const late = deadline(PHOTO_TIMEOUT_MS);
    try {
      return await until(this.#document, look, AbortSignal.any([signal, late]));
    } catch (error) {
      if (late.aborted && !signal.aborted) return null;
      throw error;
    }
  }

  swipeButton(swipe: Swipe): HTMLElement | undefined {
    const button = this.#document.querySelector<HTMLButtonElement>(BUTTONS[swipe]);
    return button && isVisible(button) && !button.disabled ? button : undefined;
  }

  isPaid(element: Element): boolean {
    return element.closest(PAID) !== null || element.querySelector(PAID) !== null;
  }
}

const tabs = (card: Element) => [...card.querySelectorAll<HTMLElement>(TABS)];

const selectedTab = (card: Element) => tabs(card).findIndex((tab) => tab.getAttribute('aria-selected') === 'true');

const isFailed = (card: Element) => card.querySelector<HTMLElement>(PHOTO)?.dataset.state === 'failed';

/** The URL of the photo that a card shows; null when it failed; undefined while it is under way. */
function photoOf(card: Element): string | null | undefined {
  const photo = card.querySelector<HTMLElement>(PHOTO);
  if (photo?.dataset.state === 'failed') return null;
  const path = /url\("(.+)"\)/.exec(photo?.style.backgroundImage ?? '')?.[1];
  if (photo?.dataset.state !== 'loaded' || !path) return undefined;
  return new URL(path, card.ownerDocument.baseURI).href;
}

function dialogView(dialog: Element): ReturnType<SitePage['view']> {
  const name = dialog.getAttribute('data-demo') ?? dialog.getAttribute('aria-label') ?? 'unknown';
  const safe = dialog.matches('[data-demo=match]') && dialog.querySelector<HTMLElement>('[data-demo=dismiss]');
  return { kind: 'dialog', name, element: dialog, ...(safe && { dismiss: () => safe.click() }) };
}

/** Being in the document is not being seen: such pages keep dialogs around, off screen or hidden. */
function isVisible(element: Element): boolean {
  return element.checkVisibility?.({ visibilityProperty: true, opacityProperty: true }) ?? true;
}
