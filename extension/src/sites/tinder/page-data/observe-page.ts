import { observeTraffic } from './observe-traffic.ts';
import { MAX_PROFILES, NEWS_EVENT, type News, READ_EVENT } from './page-events.ts';

/**
 * The observer's end, which runs in the page's world. It keeps the latest profiles in memory until the adapter, which
 * starts later, decides what to do with them. `on` sends them, and new ones as they arrive. `off` drops them and stops
 * reading.
 */
export function observePage(window: Window & typeof globalThis): void {
  const { document, CustomEvent } = window;
  let reading: 'undecided' | 'on' | 'off' = 'undecided';
  let kept: unknown[] = [];

  const say = (news: News) =>
    void document.dispatchEvent(new CustomEvent(NEWS_EVENT, { detail: JSON.stringify(news) }));

  document.addEventListener(READ_EVENT, (event) => {
    reading = (event as CustomEvent<unknown>).detail === 'on' ? 'on' : 'off';
    if (reading === 'off') kept = [];
    else if (kept.length > 0) say({ kind: 'profiles', profiles: kept });
  });

  const may = { profiles: () => reading !== 'off', swipes: () => reading === 'on' };
  observeTraffic(window, may, (news) => {
    if (news.kind === 'profiles') kept = [...kept, ...news.profiles].slice(-MAX_PROFILES);
    if (reading === 'on' || news.kind === 'swipe') say(news);
  });
}
