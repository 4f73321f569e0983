/**
 * Observer → adapter: news from the page's own traffic. The detail is JSON text, because objects can't cross worlds.
 */
export const NEWS_EVENT = 'swipenet:news';

/** Adapter → observer: `on` (send what you have, and what follows) or `off` (drop it, and stop reading profiles). */
export const READ_EVENT = 'swipenet:read';

/** Observer → observer: a new one asks whether the page has one already, which cancels the event. */
export const ASK_EVENT = 'swipenet:ask';

/** How many profiles each side keeps in memory: enough for a few of the page's responses. */
export const MAX_PROFILES = 120;

/** What the observer sends. The adapter parses it. */
export type News =
  | { readonly kind: 'profiles'; readonly profiles: readonly unknown[] }
  | {
      readonly kind: 'swipe';
      readonly profile: string;
      readonly verb: 'like' | 'pass';
      readonly state: 'sent' | 'answered' | 'failed';
    };
