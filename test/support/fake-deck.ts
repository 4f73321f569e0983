import type { ActiveProfile, PageView, ReadOptions, SitePage, Swipe } from '../../extension/src/sites/site-adapter.ts';

/** A profile of a fake deck. */
export interface FakeProfile {
  readonly key: string;
  readonly photos: (string | null)[];
}

/** A deck without a page: what a site adapter would see of one, moved by the test. */
export class FakeDeck implements SitePage {
  readonly document: Document;
  readonly profiles: FakeProfile[];
  /** What was pressed, in order. */
  readonly pressed: string[] = [];
  /** A dialog over the deck; one that is `stuck` does not go when it is dismissed. */
  dialog: { name: string; harmless: boolean; stuck?: boolean } | undefined;
  /** The button that the adapter gives out. */
  button: 'swipe' | 'paid' | 'none' | 'dead' = 'swipe';
  /** Called at each press of a swipe button, before the deck moves. */
  onPress: (key: string) => void = () => {};
  reads = 0;
  #at = 0;

  constructor(document: Document, profiles: FakeProfile[]) {
    this.document = document;
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
        if (!this.dialog?.stuck) this.dialog = undefined;
        this.changed();
      };
      return {
        kind: 'dialog',
        name: this.dialog.name,
        element: this.document.body,
        ...(this.dialog.harmless && { dismiss }),
      };
    }
    const profile = this.activeProfile();
    return profile ? { kind: 'profile', profile } : { kind: 'ended' };
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

  async readPhotos({ key }: ActiveProfile, { signal }: ReadOptions): Promise<(string | null)[]> {
    this.reads += 1;
    await new Promise((settled) => setImmediate(settled));
    signal.throwIfAborted();
    return this.profiles.find((profile) => profile.key === key)?.photos ?? [];
  }

  swipeButton(swipe: Swipe): HTMLElement | undefined {
    if (this.button === 'none') return undefined;
    const button = this.document.createElement('button');
    button.addEventListener('click', () => {
      const key = this.activeProfile()?.key ?? 'nobody';
      this.pressed.push(`${swipe} ${key}`);
      this.onPress(key);
      if (this.button !== 'dead') this.next();
    });
    return button;
  }

  isPaid(): boolean {
    return this.button === 'paid';
  }
}
