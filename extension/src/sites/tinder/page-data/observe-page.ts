import { observeTraffic } from './observe-traffic.ts';
import { ASK_EVENT, MAX_PROFILES, NEWS_EVENT, type News, READ_EVENT } from './page-events.ts';

/**
 * The page's half of the observer, which runs in the page's world. It keeps the latest profiles in memory until the
 * adapter, which starts later, decides what to do with them. `on` sends them, and new ones as they arrive. `off` drops
 * them and stops reading.
 *
 * Firefox runs this again after an update of the extension, in pages that still have the old observer. That one knows the
 * page's profiles, so it stays, and the new one does nothing.
 */
export function observePage(window: Window & typeof globalThis): void {
  const { document, CustomEvent } = window;
  if (!document.dispatchEvent(new CustomEvent(ASK_EVENT, { cancelable: true }))) return;
  document.addEventListener(ASK_EVENT, (event) => event.preventDefault());
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
