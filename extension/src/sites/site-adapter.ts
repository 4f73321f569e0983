/** Which way a profile goes. */
export type Swipe = 'right' | 'left';

/** The profile whose card is on top. */
export interface ActiveProfile {
  /** Tells it from every other profile of the deck; stays in the page. */
  readonly key: string;
  readonly card: Element;
}

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
  /** There is no profile left. */
  | { readonly kind: 'ended' };

/** A person clicked or pressed a key: whatever a program does to the page ends there and then, untidied. */
export class PersonActed extends Error {
  override readonly name = 'PersonActed';

  constructor() {
    super('the person acted');
  }
}

/** How reading a profile's photos is bounded. */
export interface ReadOptions {
  /** Ends the reading; when its reason is {@link PersonActed} the page is left as it is, else as it was found. */
  readonly signal: AbortSignal;
  /** A signal that aborts after so many milliseconds. */
  readonly deadline: (ms: number) => AbortSignal;
}

/**
 * One open dating page, as the rest of the extension sees it: the port that every site's adapter fills. It looks at the
 * page afresh with each call, since such pages re-render at any moment, and never throws for what it does not find.
 */
export interface SitePage {
  /** What is up: dialogs first, since they lie on top. */
  view(): PageView;
  /** The profile whose card is on top, whatever lies over it. */
  activeProfile(): ActiveProfile | undefined;
  /** The photo of that profile that is visible now: its position, and the element that shows it. */
  shownPhoto(profile: ActiveProfile): { readonly index: number; readonly element: Element } | undefined;
  /** True when there is no profile left, whatever lies over the page. */
  ended(): boolean;
  /**
   * The URLs of all photos of a profile, in order, as many as the page says there are; null for one that the page does not
   * show (`n of m`). May turn the photos over and turns back to the one it found.
   */
  readPhotos(profile: ActiveProfile, options: ReadOptions): Promise<(string | null)[]>;
  /** The button for a swipe, where it is there and can be pressed. */
  swipeButton(swipe: Swipe): HTMLElement | undefined;
  /** True for anything that could cost money when pressed. The swiper asks before every click. */
  isPaid(element: Element): boolean;
}

/** A site that Swipenet knows. */
export interface Site {
  /** Is this address a page with a deck? */
  isMine(url: URL): boolean;
  /** Opens the page in a document of this site. */
  open(document: Document): SitePage;
}
