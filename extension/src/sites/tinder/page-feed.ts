import { array, literal, object, oneOf, type Parser, string, tryParse, union, unknown } from '../../parse.ts';
import type { SwipeCall } from '../site-adapter.ts';
import { type KnownProfile, parseProfile } from './known-profile.ts';
import { MAX_PROFILES, NEWS_EVENT, type News, READ_EVENT } from './page-events.ts';

const parseNews: Parser<News> = union(
  object({ kind: literal('profiles'), profiles: array(unknown) }),
  object({
    kind: literal('swipe'),
    profile: string(),
    verb: oneOf(['like', 'pass']),
    state: oneOf(['sent', 'answered', 'failed']),
  }),
);

/** Such requests have been seen on this page: one that is missing means something. */
const EXPECTED: SwipeCall = { state: 'expected' };

/** Requests for swipes that are remembered: one is under way at a time, or a few where the person is quick. */
const MAX_SWIPES = 20;

/** One request of the page's for a swipe. */
interface Sent {
  /** How many were sent before it. */
  readonly number: number;
  readonly profile: string;
  call: SwipeCall;
}

/**
 * The adapter's end of the page's own traffic: the profiles that the page has fetched, in its order, and what became of
 * its likes and passes. In memory only: photo URLs are secrets. Whatever the page says is parsed, and a profile that does
 * not parse is not known.
 */
export class PageFeed {
  readonly #document: Document;
  readonly #profiles = new Map<string, KnownProfile>();
  #swipes: Sent[] = [];
  #sent = 0;
  readonly #listeners = new Set<() => void>();
  /** Undefined until somebody has said so: the observer waits for that word. */
  #reading: boolean | undefined;

  /** Listens until the signal aborts. */
  constructor(document: Document, lifetime: AbortSignal) {
    this.#document = document;
    const hear = (event: Event) => this.#hear((event as CustomEvent<unknown>).detail);
    document.addEventListener(NEWS_EVENT, hear, { signal: lifetime });
  }

  /** Has profiles told from now on, or forgets them. */
  read(on: boolean): void {
    if (on === this.#reading) return;
    this.#reading = on;
    if (!on) this.#forget();
    // This world's own class: the page has one too, and need not be asked for it.
    this.#document.dispatchEvent(new CustomEvent(READ_EVENT, { detail: on ? 'on' : 'off' }));
  }

  /** Every profile that is known, in the page's order. */
  profiles(): KnownProfile[] {
    return [...this.#profiles.values()];
  }

  /** The one profile with a photo; undefined where none or, impossibly, several have it. */
  withToken(token: string): KnownProfile | undefined {
    const found = this.profiles().filter(({ tokens }) => tokens.has(token));
    return found.length === 1 ? found[0] : undefined;
  }

  /** How many requests for swipes the page has sent so far. */
  get swipesSent(): number {
    return this.#sent;
  }

  /**
   * What became of a request for a swipe that was sent when `before` others had been: of a profile, or, where the card's is
   * not known, of the first that is nobody's whom the page's data has. See {@link SwipeCall}.
   */
  swipeSince(before: number, profile: string | undefined): SwipeCall | undefined {
    const since = this.#swipes.filter(({ number }) => number >= before);
    const found = profile
      ? since.findLast((sent) => sent.profile === profile)
      : since.find((sent) => !this.#profiles.has(sent.profile));
    return found?.call ?? (before > 0 ? EXPECTED : undefined);
  }

  /** Calls back at each piece of news until the signal aborts. */
  onNews(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** All but the requests that are under way: their end is still wanted, for a swipe of ours that was made before. */
  #forget(): void {
    this.#profiles.clear();
    this.#swipes = this.#swipes.filter(({ call }) => call.state === 'sent');
  }

  #hear(detail: unknown): void {
    const news = typeof detail === 'string' ? tryParse(parseNews, jsonOf(detail)) : undefined;
    if (!news) return;
    if (news.kind === 'swipe') {
      this.#hearSwipe(news);
    } else if (this.#reading) {
      for (const picked of news.profiles) {
        const profile = parseProfile(picked);
        if (profile) this.#profiles.set(profile.id, profile); // one that comes again keeps its place
      }
      dropOldest(this.#profiles);
    }
    for (const listener of [...this.#listeners]) listener();
  }

  #hearSwipe({ profile, verb, state }: News & { kind: 'swipe' }): void {
    const call: SwipeCall = { state, swipe: verb === 'like' ? 'right' : 'left' };
    const known = this.#swipes.findLast((sent) => sent.profile === profile && sent.call.state === 'sent');
    if (state !== 'sent') {
      if (known) known.call = call;
      return;
    }
    if (!this.#reading) return;
    this.#swipes = [...this.#swipes, { number: this.#sent, profile, call }].slice(-MAX_SWIPES);
    this.#sent += 1;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function dropOldest(kept: Map<string, unknown>): void {
  for (const key of kept.keys()) {
    if (kept.size <= MAX_PROFILES) return;
    kept.delete(key);
  }
}
