/**
 * Observer → adapter: something in the page's own traffic. Its detail is JSON text: objects don't cross between worlds.
 */
export const NEWS_EVENT = 'swipenet:news';

/** Adapter → observer: `on` (tell what you have, and go on) or `off` (forget it, and read no more profiles). */
export const READ_EVENT = 'swipenet:read';

/** Profiles that either side keeps, in memory: a few answers of the page's. */
export const MAX_PROFILES = 120;

/** What the observer tells, as it comes; the adapter's side parses it. */
export type News =
  | { readonly kind: 'profiles'; readonly profiles: readonly unknown[] }
  | {
      readonly kind: 'swipe';
      readonly profile: string;
      readonly verb: 'like' | 'pass';
      readonly state: 'sent' | 'answered' | 'failed';
    };
