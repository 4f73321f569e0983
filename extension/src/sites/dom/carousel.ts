import { DeckCovered, type PagePhoto, PersonActed, type ReadOptions } from '../site-adapter.ts';
import { until } from './until.ts';

/** A photo that hasn't loaded after this long counts as missing. */
const PHOTO_TIMEOUT_MS = 10_000;

/** How a page shows a profile's photos one at a time. Each call reads the page again, because cards re-render. */
export interface Carousel {
  readonly document: Document;
  /** The element that holds a profile's tabs and photos, while that profile is on top. */
  surfaceOf(key: string): Element | undefined;
  /** One tab per photo, in order. A missing tab is undefined. */
  tabs(surface: Element): (HTMLElement | undefined)[];
  selectedTab(surface: Element): number;
  /** The photo of the selected tab, or undefined while it loads. */
  photo(surface: Element, index: number): PagePhoto | undefined;
  /** True while something covers the deck. */
  isCovered(): boolean;
  /** True if the photo failed. It loads again only after its tab is clicked again. */
  isFailed?(surface: Element): boolean;
}

/** After this many readings, give up on a page whose photo count keeps changing. */
const MAX_READINGS = 3;

/** Returns the number of photos. A profile with one photo may have no tabs at all. */
export function photoCount(carousel: Pick<Carousel, 'tabs'>, surface: Element): number {
  return Math.max(carousel.tabs(surface).length, 1);
}

/**
 * Reads a profile's photos by paging through the tabs, then returns to the tab that was selected. If the person acts,
 * it leaves the page as it is at that moment. A photo that doesn't load in time is missing, but the others are kept. If
 * the photo count has changed by the end, the page was still rendering and the reading starts over.
 */
export async function pageThrough(carousel: Carousel, key: string, options: ReadOptions): Promise<PagePhoto[]> {
  for (let reading = 1; ; reading += 1) {
    const photos = await readOnce(carousel, key, options);
    const surface = carousel.surfaceOf(key);
    const count = surface ? photoCount(carousel, surface) : photos.length;
    if (count === photos.length) return photos;
    if (reading < MAX_READINGS && !options.late.aborted) continue;
    const most = Math.max(count, photos.length); // never drop a photo that was seen
    return Array.from({ length: most }, (_, index) => photos[index] ?? { missing: 'page' });
  }
}

async function readOnce(carousel: Carousel, key: string, options: ReadOptions): Promise<PagePhoto[]> {
  const surface = carousel.surfaceOf(key);
  if (!surface) return [];
  const found = Math.max(0, carousel.selectedTab(surface));
  const photos: PagePhoto[] = new Array(photoCount(carousel, surface)).fill({ missing: 'page' });
  // Selecting its tab again reloads a failed photo. Another tab must be selected first, so the failed one comes last.
  const indexes = [...photos.keys()].filter((index) => index !== found);
  if (carousel.isFailed?.(surface)) indexes.push(found);
  else indexes.unshift(found);
  try {
    for (const index of indexes) photos[index] = await turnTo(carousel, key, index, options);
  } finally {
    const { signal } = options;
    const left = signal.aborted && signal.reason instanceof PersonActed;
    const now = carousel.surfaceOf(key);
    const away = now && !left && carousel.selectedTab(now) !== found;
    if (away && !carousel.isCovered()) carousel.tabs(now)[found]?.click();
  }
  return photos;
}

/** Selects a photo's tab, once per rendering of the card, and waits for the photo. */
async function turnTo(
  carousel: Carousel,
  key: string,
  index: number,
  { signal, deadline, late: cardLate }: ReadOptions,
): Promise<PagePhoto> {
  signal.throwIfAborted();
  if (cardLate.aborted) return { missing: 'page' };
  const turned = new WeakSet<Element>();
  const look = () => {
    const surface = carousel.surfaceOf(key);
    if (!surface) return undefined;
    if (!turned.has(surface)) {
      turned.add(surface);
      const away = carousel.selectedTab(surface) !== index;
      if (away || carousel.isFailed?.(surface)) {
        if (carousel.isCovered()) throw new DeckCovered();
        carousel.tabs(surface)[index]?.click();
      }
    }
    const here = carousel.selectedTab(surface) === index || !carousel.tabs(surface).some(Boolean);
    return here ? carousel.photo(surface, index) : undefined;
  };
  const late = AbortSignal.any([deadline(PHOTO_TIMEOUT_MS), cardLate]);
  try {
    return await until(carousel.document, look, AbortSignal.any([signal, late]));
  } catch (error) {
    if (late.aborted && !signal.aborted) return { missing: 'page' };
    throw error;
  }
}
