import type {
  ActiveProfile,
  Obstacle,
  PagePhoto,
  PageView,
  ProfileFacts,
  Proof,
  ReadOptions,
  SitePage,
  Swipe,
  SwipeCall,
  Unproven,
  UpcomingProfile,
} from '../../extension/src/sites/site-adapter.ts';

export interface FakeProfile {
  readonly key: string;
  /** The URL of each photo, or null if the page doesn't show it. */
  readonly photos: (string | null)[];
}

/** Turns URLs into photos of a page. Null is a photo that the page doesn't show. */
export const pagePhotos = (urls: readonly (string | null)[]): PagePhoto[] =>
  urls.map((url) => (url === null ? { missing: 'page' } : { url }));

/** A deck without a page. It shows what a site adapter would see, and the test controls it. */
export class FakeDeck implements SitePage {
  readonly document: Document;
  readonly profiles: FakeProfile[];
  /** What was pressed, in order. */
  readonly pressed: string[] = [];
  /** A dialog over the deck. A `stuck` one ignores being dismissed, and one that `comesBack` reappears. */
  dialog: { name: string; harmless: boolean; stuck?: boolean; comesBack?: boolean } | undefined;
  /** What blocks swiping, or that the page is loading. */
  obstacle: Obstacle | 'loading' | undefined;
  /** What the page can't prove. */
  unproven: Unproven | undefined;
  /** The swipe buttons do nothing. */
  isDead = false;
  /** One card has left, and the next one isn't there yet. */
  isBetween = false;
  /** What hides the top card. */
  hidden: Unproven | undefined;
  /** The page's own data has the top card. */
  known = false;
  /** The state of the page's own request for swiping the top card. */
  call: SwipeCall | undefined;
  /** The card that it is for, or undefined if it is for whichever is watched. */
  callFor: string | undefined;
  /** The photos of the next profiles. */
  comingNext: PagePhoto[][] = [];
  /** The IDs of cards, where they aren't those of their keys. */
  readonly ids = new Map<string, string | undefined>();
  /** Called when a swipe button is clicked, before the deck moves. */
  onPress: (key: string) => void = () => {};
  reads = 0;
  readonly #listeners = new Set<() => void>();
  #dialog: Element;
  #at = 0;

  constructor(document: Document, profiles: FakeProfile[]) {
    this.document = document;
    this.#dialog = document.body;
    this.profiles = profiles;
  }

  /** Moves to the next card, as if the site's button or the person had swiped. */
  next(): void {
    this.#at += 1;
    this.changed();
  }

  /** Moves back to the previous card, as if the person had taken the swipe back. */
  back(): void {
    this.#at -= 1;
    this.changed();
  }

  /** Moves to the card with a key. */
  at(key: string): void {
    this.#at = this.profiles.findIndex((profile) => profile.key === key);
    this.changed();
  }

  /** Moves to the next card without a change of the document. */
  nextUnannounced(): void {
    this.#at += 1;
  }

  /** Changes the document. */
  changed(): void {
    this.document.body.append(this.document.createElement('i'));
  }

  profileId({ key }: ActiveProfile): string | undefined {
    return this.ids.has(key) ? this.ids.get(key) : `id of ${key}`;
  }

  view(): PageView {
    if (this.dialog) {
      const dismiss = () => {
        this.pressed.push('dismiss');
        if (this.dialog?.comesBack) this.#dialog = this.document.createElement('div');
        else if (!this.dialog?.stuck) this.dialog = undefined;
        this.changed();
      };
      return {
        kind: 'dialog',
        name: this.dialog.name,
        element: this.#dialog,
        ...(this.dialog.harmless && { dismiss }),
      };
    }
    if (this.obstacle === 'loading') return { kind: 'loading' };
    if (this.obstacle) return { kind: 'obstacle', obstacle: this.obstacle };
    const profile = this.activeProfile();
    return profile ? { kind: 'profile', profile } : { kind: 'ended' };
  }

  photoCount({ key }: ActiveProfile): number | undefined {
    return this.profiles.find((profile) => profile.key === key)?.photos.length;
  }

  ended(): boolean {
    return !this.isBetween && this.activeProfile() === undefined;
  }

  activeProfile(): ActiveProfile | undefined {
    const profile = this.isBetween ? undefined : this.profiles[this.#at];
    return profile && { key: profile.key, card: this.document.body };
  }

  shownPhoto(): undefined {
    return undefined;
  }

  async readPhotos({ key }: ActiveProfile, { signal }: ReadOptions): Promise<PagePhoto[]> {
    this.reads += 1;
    await new Promise((settled) => setImmediate(settled));
    signal.throwIfAborted();
    return pagePhotos(this.profiles.find((profile) => profile.key === key)?.photos ?? []);
  }

  hasData(): boolean {
    return this.known;
  }

  obstruction(): Unproven | undefined {
    return this.hidden;
  }

  prove(profile: ActiveProfile, swipe: Swipe, scoredPhotos: number | undefined): Proof {
    if (this.unproven) return { stop: this.unproven };
    if (swipe === 'left' && scoredPhotos !== undefined && this.photoCount(profile) !== scoredPhotos)
      return { stop: 'photo_count_unsure' };
    return {
      press: () => {
        const key = this.activeProfile()?.key ?? 'nobody';
        this.pressed.push(`${swipe} ${key}`);
        this.onPress(key);
        if (!this.isDead) this.next();
      },
    };
  }

  watchSwipe({ key }: ActiveProfile): () => SwipeCall | undefined {
    const before = this.call;
    return () => {
      if (before && this.call === before) return { state: 'expected' };
      return this.callFor === undefined || this.callFor === key ? this.call : undefined;
    };
  }

  upcoming(): UpcomingProfile[] {
    return this.comingNext.slice(this.#at).map((photos) => ({ id: undefined, photos, facts: [] }));
  }

  /** Notifies listeners of something that doesn't change the document. */
  news(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  onNews(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener));
  }

  /** What the page says about each profile. */
  readonly facts = new Map<string, ProfileFacts>();

  factsOf({ key }: ActiveProfile): ProfileFacts {
    return this.facts.get(key) ?? {};
  }

  async dataSettled(): Promise<void> {}

  /** Where the buttons are. */
  boxes: DOMRect[] = [];

  clickable(): DOMRect[] {
    return this.boxes;
  }

  read(): void {}

  check(): [] {
    return [];
  }
}
