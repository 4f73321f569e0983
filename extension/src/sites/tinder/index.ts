import { type Carousel, pageThrough, photoCount } from '../dom/carousel.ts';
import { until } from '../dom/until.ts';
import { isUncovered, isVisible } from '../dom/visibility.ts';
import type {
  ActiveProfile,
  PagePhoto,
  PaidControl,
  ProfileText,
  ReadOptions,
  RoleCheck,
  Site,
  SitePage,
  SiteWorld,
  Swipe,
  SwipeCall,
  SwipeKey,
} from '../site-adapter.ts';
import { ACTIVE_CARD, BEACON, GAMEPAD_BUTTON, gamepadKinds, photoToken } from './anchors.ts';
import { CardMemory, type RememberedCard } from './card-memory.ts';
import { checkPage } from './check-page.ts';
import { overlying } from './dialogs.ts';
import { fitsText, type KnownProfile } from './known-profile.ts';
import { PageFeed } from './page-feed.ts';
import { paidControl } from './paid-control.ts';
import { nameAndAge, photoElement, photoIn, selectedTab, surfaceOf, tabs, textOf } from './surface.ts';

/** The photo on top of a card that the page has data of may be under way for so long before its photos are turned over. */
const DATA_MS = 3_000;

/** tinder.com: recs and explore, with the profile closed or open. */
export const tinder: Site = {
  isMine: ({ protocol, hostname }) => protocol === 'https:' && hostname === 'tinder.com',
  // Everything outside /app/ is what a person sees who is signed out; inside it, only these two have a deck.
  hasDeck: ({ pathname }) => !isApp(pathname) || /^\/app\/(recs(\/|$)|explore\/.)/.test(pathname),
  open: (document, world) => new TinderPage(document, world),
};

const isApp = (path: string) => path.startsWith('/app/');

class TinderPage implements SitePage {
  readonly #document: Document;
  readonly #world: SiteWorld;
  readonly #feed: PageFeed;
  readonly #cards = new CardMemory();

  constructor(document: Document, world: SiteWorld) {
    this.#document = document;
    this.#world = world;
    this.#feed = new PageFeed(document, world.lifetime);
  }

  view(): ReturnType<SitePage['view']> {
    const over = overlying(this.#document);
    if (over) return over;
    if (!isApp(this.#document.location.pathname)) return { kind: 'obstacle', obstacle: 'signed_out' };
    const profile = this.activeProfile();
    if (profile) return { kind: 'profile', profile };
    return this.ended() ? { kind: 'ended' } : { kind: 'loading' };
  }

  photoCount({ key }: ActiveProfile): number {
    const active = this.#look();
    return active?.card.key === key ? photoCount({ tabs }, active.surface) : 0;
  }

  ended(): boolean {
    if (this.#document.querySelector(ACTIVE_CARD)) return false;
    // "Back to Explore" is English (May 2026); in another language an explored deck's end is a page that keeps loading.
    const back = [...this.#document.querySelectorAll('button')].find((b) => b.textContent.trim() === 'Back to Explore');
    return [...this.#document.querySelectorAll(BEACON), ...(back ? [back] : [])].some(isVisible);
  }

  activeProfile(): ActiveProfile | undefined {
    const active = this.#look();
    return active && { key: active.card.key, card: active.element };
  }

  textOf({ key }: ActiveProfile): ProfileText {
    const active = this.#look();
    if (active?.card.key !== key) return {};
    const miles = this.#known(active.card)?.distanceMi;
    return { ...textOf(active.element, active.surface), ...(miles !== undefined && { distance: `${miles} mi` }) };
  }

  shownPhoto({ key }: ActiveProfile): ReturnType<SitePage['shownPhoto']> {
    const active = this.#look();
    if (active?.card.key !== key) return undefined;
    const index = Math.max(0, selectedTab(active.surface));
    const element = photoElement(active.surface, index);
    return element && { index, element };
  }

  /** From the page's own data, where that is this card's beyond doubt; else by turning the photos over. */
  async readPhotos({ key }: ActiveProfile, options: ReadOptions): Promise<PagePhoto[]> {
    const known = await this.#knownSoon(key, options);
    if (known) return [...known.photos];
    const photos = await pageThrough(this.#carousel(key), key, options);
    // The page's data may have more photos of this very profile than its card shows (yet): those were not seen.
    const card = this.#cards.withKey(key);
    const count = Math.max(photos.length, (card && this.#known(card)?.photos.length) ?? 0);
    return Array.from({ length: count }, (_, index) => photos[index] ?? { missing: 'page' });
  }

  /** This card's profile in the page's data; while its photo is under way, it may be known in a moment. */
  async #knownSoon(key: string, { signal, deadline }: ReadOptions): Promise<KnownProfile | undefined> {
    const late = deadline(DATA_MS);
    const look = () => {
      const active = this.#look();
      const known = active?.card.key === key ? this.#known(active.card) : undefined;
      if (active && known && this.#fits(known, active)) return known;
      const underWay = active?.card.key === key && active.card.tokens.size === 0 && this.#feed.profiles().length > 0;
      return underWay ? undefined : 'unknown';
    };
    try {
      const found = await until(this.#document, look, AbortSignal.any([signal, late]), (again, over) =>
        this.onNews(again, over),
      );
      return found === 'unknown' ? undefined : found;
    } catch (error) {
      if (late.aborted && !signal.aborted) return undefined;
      throw error;
    }
  }

  /** What stands in the page's data behind the last profile that was on top. */
  upcoming(): readonly (readonly PagePhoto[])[] {
    this.#look();
    const profiles = this.#feed.profiles();
    const last = profiles.findLastIndex(({ id }) => this.#cards.hasShown(id));
    return profiles.slice(last + 1).map(({ photos }) => photos);
  }

  swipeButton(swipe: Swipe): HTMLElement | undefined {
    const kind = swipe === 'right' ? 'like' : 'nope';
    return [...this.#document.querySelectorAll<HTMLButtonElement>(GAMEPAD_BUTTON)].find((button) => {
      const kinds = gamepadKinds(button);
      return kinds.size === 1 && kinds.has(kind) && !isDisabled(button) && isVisible(button) && isUncovered(button);
    });
  }

  swipeKey(swipe: Swipe): SwipeKey | undefined {
    // A button that is there and cannot be pressed is the site's word; a key would go past it.
    const kind = swipe === 'right' ? 'like' : 'nope';
    const buttons = [...this.#document.querySelectorAll(GAMEPAD_BUTTON)];
    if (buttons.some((button) => gamepadKinds(button).has(kind))) return undefined;
    const focused = this.#document.activeElement;
    const typing = focused?.matches('input, textarea, select, [contenteditable]:not([contenteditable=false])');
    if (typing) return undefined;
    return swipe === 'right' ? 'ArrowRight' : 'ArrowLeft';
  }

  paidControl(element: Element): PaidControl | undefined {
    return paidControl(element);
  }

  watchSwipe({ key }: ActiveProfile): () => SwipeCall | undefined {
    const before = this.#feed.swipesSent;
    return () => this.#feed.swipeSince(before, this.#cards.withKey(key)?.profileId);
  }

  onNews(listener: () => void, signal: AbortSignal): void {
    this.#feed.onNews(listener, signal);
  }

  read(on: boolean): void {
    this.#feed.read(on);
  }

  check(): RoleCheck[] {
    const active = this.#look();
    const text = active ? textOf(active.element, active.surface) : {};
    return checkPage(this.#document, active?.surface, text, {
      'profiles known': this.#feed.profiles().length,
      'this card known': active && this.#known(active.card) ? 1 : 0,
      'swipes observed': this.#feed.swipesSent,
    });
  }

  /** The card on top, what holds its photos, and who it is. */
  #look(): { card: RememberedCard; element: Element; surface: Element } | undefined {
    const element = this.#document.querySelector(ACTIVE_CARD);
    const surface = element && surfaceOf(this.#document, element);
    if (!element || !surface) return undefined;
    const { name, age } = nameAndAge(element, surface);
    const index = Math.max(0, selectedTab(surface));
    const token = photoIn(surface, index)?.token;
    const profileId = token && this.#feed.withToken(token)?.id;
    const card = this.#cards.recognise({ element, name, age, index, token, profileId });
    return card && { card, element, surface };
  }

  #known({ profileId }: RememberedCard): KnownProfile | undefined {
    return this.#feed.profiles().find(({ id }) => id === profileId);
  }

  #fits(known: KnownProfile, { card, element, surface }: { card: RememberedCard; element: Element; surface: Element }) {
    const text = fitsText(known, nameAndAge(element, surface), this.#world.today());
    const tokens = [...card.tokens].every((token) => known.tokens.has(token));
    return text && tokens && card.tokens.size > 0 && known.photos.length === photoCount({ tabs }, surface);
  }

  /** One reading's carousel: a photo that was shown under another tab is the last one, still there. */
  #carousel(wanted: string): Carousel {
    const shownAt = new Map<string, number>();
    return {
      document: this.#document,
      surfaceOf: (key) => {
        const active = this.#look();
        return active?.card.key === key && key === wanted ? active.surface : undefined;
      },
      tabs,
      selectedTab,
      isCovered: () => overlying(this.#document) !== undefined,
      photo: (surface, index) => {
        const found = photoIn(surface, index);
        if (!found) return undefined;
        if ('missing' in found.photo) return found.photo;
        const token = photoToken(found.photo.url)!;
        if (!shownAt.has(token)) shownAt.set(token, index);
        return shownAt.get(token) === index ? found.photo : undefined;
      },
    };
  }
}

const isDisabled = (button: HTMLButtonElement) => button.disabled || button.getAttribute('aria-disabled') === 'true';
