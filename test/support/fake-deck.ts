import type {
  ActiveProfile,
  Obstacle,
  PagePhoto,
  PageView,
  Proof,
  ReadOptions,
  SitePage,
  Swipe,
  SwipeCall,
  Unproven,
} from '../../extension/src/sites/site-adapter.ts';

/** A profile of a fake deck. */
export interface FakeProfile {
  readonly key: string;
  /** Each photo's URL; null: the page does not show it. */
  readonly photos: (string | null)[];
}

/** Photos as a page has them, by their URLs; null is one that it does not show. */
export const pagePhotos = (urls: readonly (string | null)[]): PagePhoto[] =>
  urls.map((url) => (url === null ? { missing: 'page' } : { url }));

/** A deck without a page: what a site adapter would see of one, moved by the test. */
export class FakeDeck implements SitePage {
  readonly document: Document;
  readonly profiles: FakeProfile[];
  /** What was pressed, in order. */
  readonly pressed: string[] = [];
  /** A dialog over the deck; one that is `stuck` does not go when it is dismissed, one that `comesBack` does. */
  dialog: { name: string; harmless: boolean; stuck?: boolean; comesBack?: boolean } | undefined;
  /** What keeps the page from being swiped, or is said to be under way. */
  obstacle: Obstacle | 'loading' | undefined;
  /** What the page can't prove; and a button that does nothing. */
  unproven: Unproven | undefined;
  isDead = false;
  /** What hides the card on top. */
  hidden: Unproven | undefined;
  /** The page's own data of the card on top has come. */
  known = false;
  /** What is known of the page's own request for the swipe of the card on top. */
  call: SwipeCall | undefined;
  /** The photos of the profiles that come next. */
  comingNext: PagePhoto[][] = [];
  /** Called at each press of a swipe button, before the deck moves. */
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

  /** Another card is on top: by the site's button or by the person's hand. */
  next(): void {
    this.#at += 1;
    this.changed();
  }

  /** Another card is on top, and nothing tells of it. */
  nextUnannounced(): void {
    this.#at += 1;
  }

  /** Something changed on the page. */
  changed(): void {
    this.document.body.append(this.document.createElement('i'));
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
    return this.activeProfile() === undefined;
  }

  activeProfile(): ActiveProfile | undefined {
    const profile = this.profiles[this.#at];
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

  prove(profile: ActiveProfile, swipe: Swipe, scoredPhotos: number): Proof {
    if (this.unproven) return { stop: this.unproven };
    if (swipe === 'left' && this.photoCount(profile) !== scoredPhotos) return { stop: 'photo_count_unsure' };
    return {
      press: () => {
        const key = this.activeProfile()?.key ?? 'nobody';
        this.pressed.push(`${swipe} ${key}`);
        this.onPress(key);
        if (!this.isDead) this.next();
      },
    };
  }

  watchSwipe(): () => SwipeCall | undefined {
    const before = this.call;
    return () => (before && this.call === before ? { state: 'expected' } : this.call);
  }

  upcoming(): PagePhoto[][] {
    return this.comingNext.slice(this.#at);
  }

  /** Something is known that no change of the document tells of. */
  news(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  onNews(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener));
  }

  textOf(): Record<string, never> {
    return {};
  }

  read(): void {}

  check(): [] {
    return [];
  }
}
