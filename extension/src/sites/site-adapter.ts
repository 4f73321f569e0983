/** Which way a profile is swiped. */
export type Swipe = 'right' | 'left';

/** What a page couldn't prove before a swipe. Each value is also a reason (`extension/src/reasons.ts`). */
export type Unproven =
  | 'page_changed'
  | 'surface_ambiguous'
  | 'card_unproven'
  | 'photo_count_unsure'
  | 'control_missing'
  | 'control_ambiguous'
  | 'covered'
  | 'off_screen';

/**
 * The proof for one swipe: either the press itself, which can't be obtained any other way, or the reason to stop.
 * A press is valid only in the tick in which it was proven.
 */
export type Proof = { readonly press: () => void } | { readonly stop: Unproven; readonly detail?: string };

/** What keeps a page from being swiped. Each value is also a reason (`extension/src/reasons.ts`). */
export type Obstacle =
  | 'out_of_likes'
  | 'upsell_open'
  | 'permission_prompt'
  | 'signed_out'
  | 'challenge'
  | 'consent_layer';

/** The profile whose card is on top. */
export interface ActiveProfile {
  /** Identifies the profile within the deck. It never leaves the page. */
  readonly key: string;
  readonly card: Element;
}

/**
 * What a page says about a person, for the rules and for learning from words. It never leaves this browser, and nothing of
 * it is stored, except numbers that stand for a bio's words if the person wants that. A field is absent if the page doesn't
 * say it.
 */
export interface ProfileFacts {
  /** In years. */
  readonly age?: number;
  readonly distanceKm?: number;
  /** Photos and videos. */
  readonly photoCount?: number;
  /** What the person wrote about themselves. Empty if the page's data says that they wrote nothing. */
  readonly bio?: string;
  readonly isVerified?: boolean;
}

/** One of a profile's photos: its URL, or why it has none. Either the page doesn't show it, or it is a video. */
export type PagePhoto = { readonly url: string } | { readonly missing: 'page' | 'video' };

/** A profile whose card isn't on top yet. */
export interface UpcomingProfile {
  /** The site's own ID. */
  readonly id: string | undefined;
  readonly photos: readonly PagePhoto[];
  /** Everything that the card may say, as far as it is known. Usually one possibility. */
  readonly facts: readonly ProfileFacts[];
}

/** What a dating page is showing. */
export type PageView =
  | { readonly kind: 'profile'; readonly profile: ActiveProfile }
  /** Neither a card nor a reason for its absence, so the page is still loading. */
  | { readonly kind: 'loading' }
  /**
   * A dialog covers the deck. If the adapter knows that it is harmless, `dismiss` presses the button that costs and
   * changes nothing. Without `dismiss`, only the person may touch the dialog.
   */
  | { readonly kind: 'dialog'; readonly name: string; readonly element: Element; readonly dismiss?: () => void }
  /** There is a profile, but it isn't certain which one. */
  | { readonly kind: 'unproven'; readonly reason: Unproven }
  /** Something that the adapter recognizes and only the person can deal with. */
  | { readonly kind: 'obstacle'; readonly obstacle: Obstacle }
  /** No profiles are left. */
  | { readonly kind: 'ended' };

/**
 * The state of the page's own request for a swipe. `expected` means that the page has sent such requests before, so a
 * swipe without one doesn't count.
 */
export type SwipeCall =
  | { readonly state: 'expected' }
  | { readonly state: 'sent' | 'answered' | 'failed'; readonly swipe: Swipe };

/** One thing that the adapter looks for, and how many it found. Used in a report that contains nothing personal. */
export interface RoleCheck {
  /** The role in our own words, such as `active card`. */
  readonly role: string;
  readonly found: number;
  /** How many there are on a page that the adapter understands. `some` means at least one. */
  readonly wanted: number | 'any' | 'some';
  /** The evidence: which anchors matched (`2/3`), the photo counts by source, or the cues for a button. */
  readonly by?: string;
}

/** Returns whether a check found as many as it wants. */
export function isMet({ found, wanted }: Pick<RoleCheck, 'found' | 'wanted'>): boolean {
  return wanted === 'any' || (wanted === 'some' ? found > 0 : found === wanted);
}

/** The person clicked or pressed a key. Whatever is in progress on the page stops at once, without cleaning up. */
export class PersonActed extends Error {
  override readonly name = 'PersonActed';

  constructor() {
    super('the person acted');
  }
}

/** Something covers the deck. Whatever is in progress on the page stops at once, without cleaning up. */
export class DeckCovered extends Error {
  override readonly name = 'DeckCovered';

  constructor() {
    super('something covers the deck');
  }
}

/** How to wait for the page: until the signal aborts, for as long as a deadline allows. */
export interface Waiting {
  readonly signal: AbortSignal;
  /** Returns a signal that aborts after `ms` milliseconds. */
  readonly deadline: (ms: number) => AbortSignal;
}

/** Time limits and cancellation for reading a profile's photos. */
export interface ReadOptions extends Waiting {
  /** Ends the reading. The page is left as it is if the reason is {@link PersonActed}, and restored otherwise. */
  readonly signal: AbortSignal;
  /** Once this aborts, every photo that hasn't loaded is missing. */
  readonly late: AbortSignal;
}

/**
 * One open dating page, as the rest of the extension sees it. Every site's adapter implements this interface.
 * Each call reads the page again, because it may re-render at any moment. No call throws because something isn't found.
 */
export interface SitePage {
  /** What the page is showing. Obstacles and dialogs come first, since they are on top. */
  view(): PageView;
  /** The profile whose card is on top, even if something covers it. */
  activeProfile(): ActiveProfile | undefined;
  /**
   * The profile's ID on the site, which a stored swipe belongs to. It leaves the page only for the extension's worker,
   * which stores and sends only a keyed hash of it. Undefined if the page's data doesn't have this profile.
   */
  profileId(profile: ActiveProfile): string | undefined;
  /** What the page says about that person now. */
  factsOf(profile: ActiveProfile): ProfileFacts;
  /** Resolves once the page's data has that profile, or isn't going to. The facts are as complete as they get then. */
  dataSettled(profile: ActiveProfile, options: Waiting): Promise<void>;
  /** The visible photo of that profile: its position, and the element that shows it. */
  shownPhoto(profile: ActiveProfile): { readonly index: number; readonly element: Element } | undefined;
  /** How many photos that profile has, including videos. Undefined if the page's counts disagree or are too few. */
  photoCount(profile: ActiveProfile): number | undefined;
  /** True once the page's own data includes every photo of that profile. */
  hasData(profile: ActiveProfile): boolean;
  /** What keeps a person from seeing that profile's photo, judged by what a click there would reach. */
  obstruction(profile: ActiveProfile): Unproven | undefined;
  /** True when no profiles are left, even if something covers the page. */
  ended(): boolean;
  /**
   * Reads all photos of a profile, in order and including videos, as many as the page says there are. It may page
   * through the photos, and then returns to the one that was shown.
   * @throws {DeckCovered} if it would have to click a tab that something covers
   */
  readPhotos(profile: ActiveProfile, options: ReadOptions): Promise<PagePhoto[]>;
  /** The next profiles that the page's data has, nearest first. */
  upcoming(): readonly UpcomingProfile[];
  /**
   * Proves that the page is what it seems to be: this profile is on top, its photo and both buttons are reachable, and
   * each button is beyond doubt. A left swipe also needs the photo count to equal `scoredPhotos`, unless it is undefined
   * because no photo was needed to decide.
   */
  prove(profile: ActiveProfile, swipe: Swipe, scoredPhotos: number | undefined): Proof;
  /**
   * Watches for the page's own request for a swipe of this profile. Call it before the press. The returned function
   * gives the request's state, or undefined if requests aren't observed.
   */
  watchSwipe(profile: ActiveProfile): () => SwipeCall | undefined;
  /**
   * Where the page's buttons, links and fields are in the window, so that nothing of ours covers one. Halves of a photo that
   * turn it over aren't among them.
   */
  clickable(): DOMRect[];
  /** Calls back on news that isn't a DOM mutation, until the signal aborts. */
  onNews(listener: () => void, signal: AbortSignal): void;
  /** Starts or stops reading the page's own traffic. Only read it while the person has Swipenet turned on. */
  read(on: boolean): void;
  /** Reports what was found on the page: roles and counts. */
  check(): RoleCheck[];
}

/** What an adapter needs besides its document. */
export interface SiteWorld {
  /** Aborts when this content script must stop. */
  readonly lifetime: AbortSignal;
  readonly today: () => Date;
}

/** A site that Swipenet supports. */
export interface Site {
  /** Returns whether this URL belongs to the site. */
  isMine(url: URL): boolean;
  /** Returns whether this URL has a deck, or is where the site sends people who are signed out. */
  hasDeck(url: URL): boolean;
  /** Opens a document of this site for as long as the document lives. */
  open(document: Document, world: SiteWorld): SitePage;
}
