import { type Carousel, pageThrough } from './dom/carousel.ts';
import { clickableBoxes } from './dom/clickable.ts';
import { numbersIn } from './dom/digits.ts';
import { distanceKmIn, factsIn } from './dom/facts.ts';
import { obstruction } from './dom/hit.ts';
import { isVisible } from './dom/visibility.ts';
import type {
  ActiveProfile,
  PagePhoto,
  ProfileFacts,
  Proof,
  ReadOptions,
  RoleCheck,
  Site,
  SitePage,
  Swipe,
  SwipeCall,
} from './site-adapter.ts';

// The demo page is ours (see docs/demo-page.md), so these anchors break only when we change it.
const DECK = '[data-demo=deck]';
const CARD = '[data-demo=deck] [data-demo=card][aria-hidden=false]:not([inert])';
const PHOTO = '[role=img][data-demo=photo]';
const TABS = '[aria-roledescription=carousel] [role=tablist] [role=tab]';
const DIALOG = '[role=dialog][aria-modal=true]';
const BUTTONS = { right: 'button[data-demo=like]', left: 'button[data-demo=nope]' } as const;
const PAID = '[data-demo=super-like]';

/** The demo dating page that comes with the server. */
export const demo: Site = {
  isMine: ({ protocol, hostname }) => protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname),
  hasDeck: ({ pathname }) => /^\/demo\/?$/.test(pathname),
  open: (document) => new DemoPage(document),
};

/** The demo page doesn't load profiles ahead, and it says on the deck what was swiped last. */
class DemoPage implements SitePage {
  readonly #document: Document;
  readonly #carousel: Carousel;

  constructor(document: Document) {
    this.#document = document;
    this.#carousel = {
      document,
      surfaceOf: (key) => {
        const active = this.activeProfile();
        return active?.key === key ? active.card : undefined;
      },
      tabs,
      selectedTab,
      photo: photoOf,
      isFailed,
      isCovered: () => this.view().kind === 'dialog',
    };
  }

  view(): ReturnType<SitePage['view']> {
    const dialog = [...this.#document.querySelectorAll(DIALOG)].find(isVisible);
    if (dialog) return dialogView(dialog);
    const profile = this.activeProfile();
    if (profile) return { kind: 'profile', profile };
    return this.ended() ? { kind: 'ended' } : { kind: 'loading' };
  }

  photoCount({ key }: ActiveProfile): number | undefined {
    const active = this.activeProfile();
    return active?.key === key ? tabs(active.card).length : undefined;
  }

  hasData(): boolean {
    return false;
  }

  obstruction(): undefined {}

  ended(): boolean {
    const end = this.#document.querySelector('[data-demo=end]');
    return end !== null && isVisible(end) && !this.activeProfile();
  }

  activeProfile(): ActiveProfile | undefined {
    const card = this.#document.querySelector<HTMLElement>(CARD);
    const key = card?.dataset.profile;
    return card && key ? { key, card } : undefined;
  }

  profileId({ key }: ActiveProfile): string {
    return key;
  }

  factsOf({ key }: ActiveProfile): ProfileFacts {
    const active = this.activeProfile();
    if (active?.key !== key) return {};
    const text = (selector: string) => active.card.querySelector(selector)?.textContent.trim() ?? '';
    return factsIn({
      age: numbersIn(text('[itemprop=age]'))[0],
      distanceKm: distanceKmIn(text('[data-demo=distance]')),
      photoCount: tabs(active.card).length,
      bio: text('[data-demo=bio]'),
      isVerified: active.card.querySelector('[data-demo=verified]') !== null,
    });
  }

  async dataSettled(): Promise<void> {}

  shownPhoto({ key }: ActiveProfile): ReturnType<SitePage['shownPhoto']> {
    const active = this.activeProfile();
    const element = active?.card.querySelector(PHOTO);
    if (!active || active.key !== key || !element) return undefined;
    return { index: selectedTab(active.card), element };
  }

  readPhotos({ key }: ActiveProfile, options: ReadOptions): Promise<PagePhoto[]> {
    return pageThrough(this.#carousel, key, options);
  }

  upcoming(): [] {
    return [];
  }

  prove(profile: ActiveProfile, swipe: Swipe, scoredPhotos: number | undefined): Proof {
    const buttons = [...this.#document.querySelectorAll<HTMLButtonElement>(BUTTONS[swipe])].filter(isVisible);
    const [button] = buttons;
    if (!button || button.disabled) return { stop: 'control_missing' };
    if (buttons.length > 1 || button.closest(PAID) || button.querySelector(PAID)) return { stop: 'control_ambiguous' };
    const reach = obstruction(button);
    if (reach) return { stop: reach };
    if (swipe === 'left' && scoredPhotos !== undefined && this.photoCount(profile) !== scoredPhotos)
      return { stop: 'photo_count_unsure' };
    return { press: () => button.click() };
  }

  watchSwipe({ key }: ActiveProfile): () => SwipeCall | undefined {
    return () => {
      const swiped = this.#document.querySelector<HTMLElement>(DECK)?.dataset.swiped?.split(' ');
      if (!swiped) return undefined;
      const [id, direction] = swiped;
      const isPlain = id === key && (direction === 'right' || direction === 'left');
      return isPlain ? { state: 'answered', swipe: direction } : { state: 'expected' };
    };
  }

  clickable(): DOMRect[] {
    return clickableBoxes(this.#document);
  }

  onNews(): void {}

  read(): void {}

  check(): RoleCheck[] {
    const found = (role: string, selector: string, wanted: RoleCheck['wanted']) => {
      return { role, found: this.#document.querySelectorAll(selector).length, wanted };
    };
    return [
      found('active card', CARD, 1),
      found('tab', `${CARD} ${TABS}`, 'some'),
      found('photo', `${CARD} ${PHOTO}`, 1),
      found('like button', BUTTONS.right, 1),
      found('nope button', BUTTONS.left, 1),
      found('paid button', PAID, 'any'),
      found('dialog', DIALOG, 'any'),
    ];
  }
}

const tabs = (card: Element) => [...card.querySelectorAll<HTMLElement>(TABS)];

const selectedTab = (card: Element) => tabs(card).findIndex((tab) => tab.getAttribute('aria-selected') === 'true');

const isFailed = (card: Element) => card.querySelector<HTMLElement>(PHOTO)?.dataset.state === 'failed';

/** Returns the photo that a card shows. It is missing if it failed, and undefined while it loads. */
function photoOf(card: Element): PagePhoto | undefined {
  const photo = card.querySelector<HTMLElement>(PHOTO);
  if (photo?.dataset.state === 'failed') return { missing: 'page' };
  const path = /url\("(.+)"\)/.exec(photo?.style.backgroundImage ?? '')?.[1];
  if (photo?.dataset.state !== 'loaded' || !path) return undefined;
  return { url: new URL(path, card.ownerDocument.baseURI).href };
}

function dialogView(dialog: Element): ReturnType<SitePage['view']> {
  const name = dialog.getAttribute('data-demo') ?? dialog.getAttribute('aria-label') ?? 'unknown';
  const safe = dialog.matches('[data-demo=match]') && dialog.querySelector<HTMLElement>('[data-demo=dismiss]');
  return { kind: 'dialog', name, element: dialog, ...(safe && { dismiss: () => safe.click() }) };
}
