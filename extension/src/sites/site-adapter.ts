/** Which way a profile goes. */
export type Swipe = 'right' | 'left';

/** What a page could not prove before a swipe: a closed set, each with a reason of the same name. */
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
 * What came of the proof for one swipe: the press itself, which nothing else can make, or the reason why there is none.
 * A press holds only in the turn in which it was proven.
 */
export type Proof = { readonly press: () => void } | { readonly stop: Unproven; readonly detail?: string };

/** What keeps a page from being swiped, each with a reason of the same name (`extension/src/reasons.ts`). */
export type Obstacle =
  | 'out_of_likes'
  | 'upsell_open'
  | 'permission_prompt'
  | 'signed_out'
  | 'challenge'
  | 'consent_layer';

/** The profile whose card is on top. */
export interface ActiveProfile {
  /** Tells it from every other profile of the deck; stays in the page. */
  readonly key: string;
  readonly card: Element;
}

/** What a card says of its person, as far as it is shown. It stays in the page: nothing of it is sent anywhere. */
export interface ProfileText {
  readonly name?: string;
  readonly age?: number;
  readonly bio?: string;
  readonly distance?: string;
}

/** One of a profile's photos: where its bytes are, or why there are none: the page does not show it, or it is a video. */
export type PagePhoto = { readonly url: string } | { readonly missing: 'page' | 'video' };

/** What a dating page shows just now. */
export type PageView =
  | { readonly kind: 'profile'; readonly profile: ActiveProfile }
  /** Neither a card nor a reason for its absence: the page is still at it. */
  | { readonly kind: 'loading' }
  /**
   * A dialog lies over the deck. `dismiss` presses the button that costs and changes nothing, where the adapter knows the
   * dialog to be harmless; without it nobody but the person may touch it.
   */
  | { readonly kind: 'dialog'; readonly name: string; readonly element: Element; readonly dismiss?: () => void }
  /** There is a profile, but the page doesn't show beyond doubt which one. */
  | { readonly kind: 'unproven'; readonly reason: Unproven }
  /** Something the adapter knows, and only the person can deal with. */
  | { readonly kind: 'obstacle'; readonly obstacle: Obstacle }
  /** There is no profile left. */
  | { readonly kind: 'ended' };

/**
 * What the page's own request for a swipe has come to. `expected`: such requests have been observed on this page, so a
 * swipe without one is none.
 */
export type SwipeCall =
  | { readonly state: 'expected' }
  | { readonly state: 'sent' | 'answered' | 'failed'; readonly swipe: Swipe };

/** One thing that the adapter looks for, and how often it is there: for a report that holds nothing personal. */
export interface RoleCheck {
  /** A role, in words of ours: `active card`. */
  readonly role: string;
  readonly found: number;
  /** What a page that is understood has: so many, or `any`. */
  readonly wanted: number | 'any' | 'some';
  /** What it rests on: the anchors that matched (`2/3`), what each count says, or the cues for a button. */
  readonly by?: string;
}

/** True where a check found what a page that is understood has. */
export function isMet({ found, wanted }: Pick<RoleCheck, 'found' | 'wanted'>): boolean {
  return wanted === 'any' || (wanted === 'some' ? found > 0 : found === wanted);
}

/** A person clicked or pressed a key: whatever a program does to the page ends there and then, untidied. */
export class PersonActed extends Error {
  override readonly name = 'PersonActed';

  constructor() {
    super('the person acted');
  }
}

/** Something lies over the deck: whatever a program does to the page ends there and then, untidied. */
export class DeckCovered extends Error {
  override readonly name = 'DeckCovered';

  constructor() {
    super('something lies over the deck');
  }
}

/** How reading a profile's photos is bounded. */
export interface ReadOptions {
  /** Ends the reading; when its reason is {@link PersonActed} the page is left as it is, else as it was found. */
  readonly signal: AbortSignal;
  /** A signal that aborts after so many milliseconds. */
  readonly deadline: (ms: number) => AbortSignal;
  /** Once this aborts, every photo that hasn't come is missing. */
  readonly late: AbortSignal;
}

/**
 * One open dating page, as the rest of the extension sees it: the port that every site's adapter fills. It looks at the
 * page afresh with each call, since such pages re-render at any moment, and never throws for what it does not find.
 */
export interface SitePage {
  /** What is up: obstacles and dialogs first, since they lie on top. */
  view(): PageView;
  /** The profile whose card is on top, whatever lies over it. */
  activeProfile(): ActiveProfile | undefined;
  /** What that card says of its person. */
  textOf(profile: ActiveProfile): ProfileText;
  /** The photo of that profile that is visible now: its position, and the element that shows it. */
  shownPhoto(profile: ActiveProfile): { readonly index: number; readonly element: Element } | undefined;
  /** How many photos that profile has, videos among them; undefined where the page's counts disagree or are too few. */
  photoCount(profile: ActiveProfile): number | undefined;
  /** True once the page's own data has every photo of that profile. */
  hasData(profile: ActiveProfile): boolean;
  /** What keeps a person from seeing that profile's photo, by what a click there would reach. */
  obstruction(profile: ActiveProfile): Unproven | undefined;
  /** True when there is no profile left, whatever lies over the page. */
  ended(): boolean;
  /**
   * All photos of a profile, in order, as many as the page says there are, videos among them. May turn the photos over
   * and turns back to the one it found. Rejects with {@link DeckCovered} rather than press a tab under something.
   */
  readPhotos(profile: ActiveProfile, options: ReadOptions): Promise<PagePhoto[]>;
  /** The photos of the profiles that come next, where the page is known to have them: the most imminent first. */
  upcoming(): readonly (readonly PagePhoto[])[];
  /**
   * Proves that the page is what it seems to be: this profile on top, its photo and both buttons reachable, each button
   * beyond doubt. Left needs as many photos as were scored. What {@link SitePage.check} reports is looked at afresh.
   */
  prove(profile: ActiveProfile, swipe: Swipe, scoredPhotos: number): Proof;
  /**
   * Watches for the page's own request for a swipe of this profile that is about to be made; gives what tells what became of
   * it: undefined where such requests are not observed.
   */
  watchSwipe(profile: ActiveProfile): () => SwipeCall | undefined;
  /** Calls back when something is known that no change of the document tells of, until the signal aborts. */
  onNews(listener: () => void, signal: AbortSignal): void;
  /** Lets the page's own traffic be read, or stops that: it is read while the person wants something shown, and only then. */
  read(on: boolean): void;
  /** What of the page was found: roles and counts. */
  check(): RoleCheck[];
}

/** What an adapter needs of the world beside its document. */
export interface SiteWorld {
  /** Aborts when this script's time is over. */
  readonly lifetime: AbortSignal;
  readonly today: () => Date;
}

/** A site that Swipenet knows. */
export interface Site {
  /** Is this address one of the site's? */
  isMine(url: URL): boolean;
  /** Is it one where a deck is, or where the site sends a person who is signed out of it? */
  hasDeck(url: URL): boolean;
  /** Opens a document of this site, for as long as it lives. */
  open(document: Document, world: SiteWorld): SitePage;
}
