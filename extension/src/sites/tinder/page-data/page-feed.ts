import { array, literal, object, oneOf, type Parser, string, tryParse, union, unknown } from '../../../parse.ts';
import type { SwipeCall } from '../../site-adapter.ts';
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

/** Swipe requests have been seen on this page, so a missing one means something. */
const EXPECTED: SwipeCall = { state: 'expected' };

/** How many swipe requests are remembered. Usually one is in flight, or a few if the person is quick. */
const MAX_SWIPES = 20;

/** One of the page's swipe requests. */
interface Sent {
  /** How many were sent before it. */
  readonly number: number;
  readonly profile: string;
  call: SwipeCall;
}

/**
 * The adapter's end of the page's own traffic: the profiles that the page has fetched, in its order, and the state of
 * its likes and passes. All of it stays in memory, because photo URLs are secrets. Everything is parsed, and a profile
 * that doesn't parse is dropped.
 */
export class PageFeed {
  readonly #document: Document;
  readonly #profiles = new Map<string, KnownProfile>();
  #swipes: Sent[] = [];
  #sent = 0;
  readonly #listeners = new Set<() => void>();
  /** Undefined until the first `read`, which the observer waits for. */
  #reading: boolean | undefined;

  /** Listens until the signal aborts. */
  constructor(document: Document, lifetime: AbortSignal) {
    this.#document = document;
    const hear = (event: Event) => this.#hear((event as CustomEvent<unknown>).detail);
    document.addEventListener(NEWS_EVENT, hear, { signal: lifetime });
  }

  /** Starts receiving profiles, or stops and forgets them. */
  read(on: boolean): void {
    if (on === this.#reading) return;
    this.#reading = on;
    if (!on) this.#forget();
    // This is the content script's own CustomEvent, not the page's, which the page may have changed.
    this.#document.dispatchEvent(new CustomEvent(READ_EVENT, { detail: on ? 'on' : 'off' }));
  }

  /** Returns all known profiles, in the page's order. */
  profiles(): KnownProfile[] {
    return [...this.#profiles.values()];
  }

  /** Returns the profile with a photo. Undefined if no profile has it, or if several do, which shouldn't happen. */
  withToken(token: string): KnownProfile | undefined {
    const found = this.profiles().filter(({ tokens }) => tokens.has(token));
    return found.length === 1 ? found[0] : undefined;
  }

  /** How many swipe requests the page has sent so far. */
  get swipesSent(): number {
    return this.#sent;
  }

  /**
   * Returns the state of a swipe request sent after the first `before` ones (see {@link SwipeCall}). If the card's
   * profile is unknown, it is the first request for a profile that the page's data doesn't have.
   */
  swipeSince(before: number, profile: string | undefined): SwipeCall | undefined {
    const since = this.#swipes.filter(({ number }) => number >= before);
    const found = profile
      ? since.findLast((sent) => sent.profile === profile)
      : since.find((sent) => !this.#profiles.has(sent.profile));
    return found?.call ?? (before > 0 ? EXPECTED : undefined);
  }

  /** Calls back on all news until the signal aborts. */
  onNews(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** Forgets everything but requests in flight. One of them may belong to a swipe of ours that is still unconfirmed. */
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
        if (profile) this.#profiles.set(profile.id, profile); // a profile that arrives again keeps its place
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
