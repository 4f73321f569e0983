import * as z from 'zod/mini';
import type { SwipeCall } from '../site-adapter.ts';
import { type KnownProfile, parseProfile } from './known-profile.ts';
import { MAX_PROFILES, NEWS_EVENT, READ_EVENT } from './page-events.ts';

const newsSchema = z.union([
  z.object({ kind: z.literal('profiles'), profiles: z.array(z.unknown()) }),
  z.object({
    kind: z.literal('swipe'),
    profile: z.string(),
    verb: z.enum(['like', 'pass']),
    state: z.enum(['sent', 'answered', 'failed']),
  }),
]);

/** Such requests have been seen on this page: one that is missing means something. */
const EXPECTED: SwipeCall = { state: 'expected' };

/**
 * The adapter's end of the page's own traffic: the profiles that the page has fetched, in its order, and what became of
 * its likes and passes. In memory only: photo URLs are secrets. Whatever the page says is parsed, and a profile that does
 * not parse is not known.
 */
export class PageFeed {
  readonly #document: Document;
  readonly #profiles = new Map<string, KnownProfile>();
  readonly #calls = new Map<string, SwipeCall>();
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

  /** What became of the page's request for a swipe of a profile; see {@link SwipeCall}. */
  swipeCall(profile: string): SwipeCall | undefined {
    return this.#calls.get(profile) ?? (this.#calls.size > 0 ? EXPECTED : undefined);
  }

  /** Calls back at each piece of news until the signal aborts. */
  onNews(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** All but the requests that are under way: their end is still wanted, for a swipe of ours that was made before. */
  #forget(): void {
    this.#profiles.clear();
    for (const [profile, { state }] of this.#calls) if (state !== 'sent') this.#calls.delete(profile);
  }

  #hear(detail: unknown): void {
    const news = typeof detail === 'string' ? newsSchema.safeParse(jsonOf(detail)).data : undefined;
    if (!news) return;
    if (news.kind === 'swipe') {
      if (!this.#reading && !this.#calls.has(news.profile)) return;
      this.#calls.delete(news.profile);
      this.#calls.set(news.profile, { state: news.state, swipe: news.verb === 'like' ? 'right' : 'left' });
      dropOldest(this.#calls);
    } else if (this.#reading) {
      for (const picked of news.profiles) {
        const profile = parseProfile(picked);
        if (profile) this.#profiles.set(profile.id, profile); // one that comes again keeps its place
      }
      dropOldest(this.#profiles);
    }
    for (const listener of [...this.#listeners]) listener();
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
