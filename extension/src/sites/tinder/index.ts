import { type Carousel, pageThrough } from '../dom/carousel.ts';
import { matchedBy, resolve, resolveAll } from '../dom/roles.ts';
import { until } from '../dom/until.ts';
import { isVisible } from '../dom/visibility.ts';
import type {
  ActiveProfile,
  PagePhoto,
  ProfileFacts,
  Proof,
  ReadOptions,
  RoleCheck,
  Site,
  SitePage,
  SiteWorld,
  Swipe,
  SwipeCall,
  Unproven,
  UpcomingProfile,
  Waiting,
} from '../site-adapter.ts';
import { ANCHORS, photoToken } from './anchors.ts';
import { CardMemory, type RememberedCard } from './card-memory.ts';
import { findControls } from './controls.ts';
import { overlying } from './dialogs.ts';
import { fitsText, type KnownProfile } from './page-data/known-profile.ts';
import { PageFeed } from './page-data/page-feed.ts';
import {
  countPhotos,
  endsHere,
  type PhotoCount,
  photoIn,
  type ShownPhoto,
  selectedTab,
  slideOf,
  tabs,
} from './photos.ts';
import { profileFacts, upcomingProfile } from './profile-facts.ts';
import { type Evidence, facts, photoObstruction, prove } from './proof.ts';
import { clickable, nameAndAge, type Surface, surfaceOnTop, surfaces, textOf } from './surface.ts';

/** How long to wait for a card's photo to match the page's data before paging through its photos. */
const DATA_MS = 3_000;

/** tinder.com: recs and explore, with the profile closed or open. */
export const tinder: Site = {
  isMine: ({ protocol, hostname }) => protocol === 'https:' && hostname === 'tinder.com',
  // Pages outside /app/ are for people who are signed out. Inside it, only recs and explore have a deck.
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
    const surface = surfaceOnTop(this.#document);
    if (surface === 'ambiguous') return { kind: 'unproven', reason: 'surface_ambiguous' };
    const active = this.#recognize(surface);
    if (active) return { kind: 'profile', profile: profileOf(active) };
    return this.ended() ? { kind: 'ended' } : { kind: 'loading' };
  }

  photoCount({ key }: ActiveProfile): number | undefined {
    const active = this.#look(key);
    const count = active && this.#count(active);
    return count?.isSure ? count.most : undefined;
  }

  hasData({ key }: ActiveProfile): boolean {
    const active = this.#look(key);
    return active !== undefined && this.#fits(this.#known(active.card), active);
  }

  /** "Back to Explore" doesn't mean that the deck has ended: every explore deck has it in its navigation (May 2026). */
  ended(): boolean {
    return surfaces(this.#document).length === 0 && resolve(ANCHORS.searching, this.#document, isVisible).length > 0;
  }

  activeProfile(): ActiveProfile | undefined {
    const active = this.#look();
    return active && profileOf(active);
  }

  profileId({ key }: ActiveProfile): string | undefined {
    return this.#cards.withKey(key)?.profileId;
  }

  factsOf({ key }: ActiveProfile): ProfileFacts {
    const active = this.#look(key);
    if (!active) return {};
    const known = this.#known(active.card);
    const own = known && this.#isSame(known, active) ? known : undefined;
    return profileFacts(textOf(active.surface.root), this.#count(active), own, this.#world.today());
  }

  async dataSettled({ key }: ActiveProfile, options: Waiting): Promise<void> {
    await this.#knownSoon(key, options);
  }

  shownPhoto({ key }: ActiveProfile): ReturnType<SitePage['shownPhoto']> {
    const active = this.#look(key);
    const element = active && (active.shown?.element ?? slideOf(active.surface.carousel, active.index));
    return element && { index: active.index, element };
  }

  obstruction({ key }: ActiveProfile): Unproven | undefined {
    const active = this.#look(key);
    return active && this.#obstruction(active);
  }

  /** Takes the photos from the page's own data if it is this card's beyond doubt. Otherwise pages through them. */
  async readPhotos({ key }: ActiveProfile, options: ReadOptions): Promise<PagePhoto[]> {
    const known = await this.#knownSoon(key, options);
    if (known) return [...known.photos];
    const photos = await pageThrough(this.#carousel(key), key, options);
    // A photo that was counted but never seen is missing. Labels, the page's data and the next-photo button all count.
    const active = this.#look(key);
    const most = active ? this.#count(active).most + Number(active.card.hasMorePhotos) : 0;
    return Array.from({ length: Math.max(photos.length, most) }, (_, index) => photos[index] ?? { missing: 'page' });
  }

  /** Returns this card's profile from the page's data. While its photo loads, waits a moment to recognize it. */
  async #knownSoon(key: string, { signal, deadline }: Waiting): Promise<KnownProfile | undefined> {
    const late = deadline(DATA_MS);
    const look = () => {
      const active = this.#look(key);
      const known = active && this.#known(active.card);
      if (known && this.#fits(known, active)) return known;
      const isLoading = active?.card.tokens.size === 0 && this.#feed.profiles().length > 0;
      return isLoading ? undefined : 'unknown';
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

  /** Returns the profiles after the last one that was on top, in the order of the page's data. */
  upcoming(): readonly UpcomingProfile[] {
    this.#look();
    const profiles = this.#feed.profiles();
    const last = profiles.findLastIndex(({ id }) => this.#cards.hasShown(id));
    return profiles.slice(last + 1).map((known) => upcomingProfile(known, this.#world.today()));
  }

  prove({ key }: ActiveProfile, swipe: Swipe, scoredPhotos: number | undefined): Proof {
    const active = this.#look(key);
    if (!active) return { stop: 'surface_ambiguous' };
    return prove(this.#document, this.#evidence(active), swipe, scoredPhotos);
  }

  watchSwipe({ key }: ActiveProfile): () => SwipeCall | undefined {
    const before = this.#feed.swipesSent;
    return () => this.#feed.swipeSince(before, this.#cards.withKey(key)?.profileId);
  }

  readonly clickable = (): DOMRect[] => clickable(this.#document);

  onNews(listener: () => void, signal: AbortSignal): void {
    this.#feed.onNews(listener, signal);
  }

  read(on: boolean): void {
    this.#feed.read(on);
  }

  check(): RoleCheck[] {
    const active = this.#look();
    const found = facts(this.#document, this.#evidence(active));
    const root = active?.surface.root;
    const row = (role: string, count: number, by?: string): RoleCheck => {
      return { role, found: count, wanted: 'any', ...(by && { by }) };
    };
    const of = (role: keyof typeof ANCHORS, within: ParentNode | undefined) =>
      row(role, within ? resolveAll(ANCHORS[role], within).length : 0, matchedBy(ANCHORS[role], within));
    return [
      ...found.facts.map(({ unless: _, ...check }) => check),
      of('deck', this.#document),
      of('card', this.#document),
      ...(['tab', 'slide', 'photo', 'nextPhoto', 'bio', 'backToDeck'] as const).map((role) => of(role, root)),
      row('video', root?.querySelectorAll('video').length ?? 0),
      ...(['gamepadButton', 'gamepadWrapper', 'counter'] as const).map((role) => of(role, found.controls?.row)),
      row('profiles known', this.#feed.profiles().length),
      row('this card known', active && this.#known(active.card) ? 1 : 0),
      row('swipes observed', this.#feed.swipesSent),
    ];
  }

  /** Returns the profile on top and what shows it. With a key, only if it is that profile. */
  #look(key?: string): Sight | undefined {
    const surface = surfaceOnTop(this.#document);
    const active = surface === 'ambiguous' ? undefined : this.#recognize(surface);
    return key === undefined || active?.card.key === key ? active : undefined;
  }

  #recognize(surface: Surface | undefined): Sight | undefined {
    if (!surface) return undefined;
    const { root, carousel } = surface;
    const { name, age } = nameAndAge(root);
    const index = Math.max(0, selectedTab(carousel));
    const shown = photoIn(carousel, index);
    const token = shown?.token;
    const profileId = token && this.#feed.withToken(token)?.id;
    const card = this.#cards.recognize({ element: root, name, age, index, token, profileId });
    return card && { card, surface, index, shown };
  }

  #known({ profileId }: RememberedCard): KnownProfile | undefined {
    return this.#feed.profiles().find(({ id }) => id === profileId);
  }

  #count({ card, surface }: Sight): PhotoCount {
    const count = countPhotos(surface.carousel, this.#known(card)?.photos.length);
    return { ...count, isSure: count.isSure && !card.hasMorePhotos };
  }

  #fits(known: KnownProfile | undefined, sight: Sight): known is KnownProfile {
    return known !== undefined && this.#isSame(known, sight) && this.#count(sight).isSure;
  }

  /** True if a profile of the page's data is this card's, whether or not it has all of the card's photos. */
  #isSame(known: KnownProfile, { card, surface }: Sight): boolean {
    const text = fitsText(known, nameAndAge(surface.root), this.#world.today());
    return text && card.tokens.size > 0 && [...card.tokens].every((token) => known.tokens.has(token));
  }

  #obstruction({ surface }: Sight): 'covered' | 'off_screen' | undefined {
    return photoObstruction(surface, findControls(this.#document, surface).row);
  }

  #evidence(active: Sight | undefined): Evidence {
    return {
      surfaces: surfaces(this.#document).length,
      surface: active?.surface,
      text: active ? textOf(active.surface.root) : {},
      count: active && this.#count(active),
      showsPhoto: active?.shown?.token !== undefined,
      isInData: active !== undefined && this.#known(active.card) !== undefined,
      isStranger: active !== undefined && this.#cards.isStranger(active.card, (card) => !!this.#known(card)),
    };
  }

  /**
   * Returns the carousel for one reading. A photo already seen under another tab is still the previous one, so it
   * waits.
   */
  #carousel(wanted: string): Carousel {
    const shownAt = new Map<string, number>();
    return {
      document: this.#document,
      surfaceOf: (key) => (key === wanted ? this.#look(key)?.surface.carousel : undefined),
      tabs,
      selectedTab,
      isCovered: () => {
        const active = this.#look(wanted);
        return overlying(this.#document) !== undefined || !active || this.#obstruction(active) !== undefined;
      },
      photo: (carousel, index) => {
        const found = photoIn(carousel, index);
        if (!found) return undefined;
        const card = this.#cards.withKey(wanted);
        if (card && index === tabs(carousel).length - 1) card.hasMorePhotos = endsHere(carousel) === false;
        if ('missing' in found.photo) return found.photo;
        const token = photoToken(found.photo.url)!;
        if (!shownAt.has(token)) shownAt.set(token, index);
        return shownAt.get(token) === index ? found.photo : undefined;
      },
    };
  }
}

/** The profile on top, what shows it, and the photo that is shown. */
interface Sight {
  readonly card: RememberedCard;
  readonly surface: Surface;
  readonly index: number;
  readonly shown: ShownPhoto | undefined;
}

const profileOf = ({ card, surface }: Sight): ActiveProfile => ({ key: card.key, card: surface.root });
