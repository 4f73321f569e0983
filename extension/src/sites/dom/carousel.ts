import { DeckCovered, type PagePhoto, PersonActed, type ReadOptions } from '../site-adapter.ts';
import { until } from './until.ts';

/** A photo that has not come after this long is one the page does not show. */
const PHOTO_TIMEOUT_MS = 10_000;

/** How a page shows one photo of several at a time. It is looked at afresh with each call: cards are rendered anew. */
export interface Carousel {
  readonly document: Document;
  /** What holds a profile's tabs and photos, while that profile is on top. */
  surfaceOf(key: string): Element | undefined;
  /** One a photo, in order; undefined where it is missing. */
  tabs(surface: Element): (HTMLElement | undefined)[];
  selectedTab(surface: Element): number;
  /** The photo of the tab that is selected; undefined while it is under way. */
  photo(surface: Element, index: number): PagePhoto | undefined;
  /** True while something lies over the deck. */
  isCovered(): boolean;
  /** True for a photo that comes only when its tab is turned to once more: it failed. */
  isFailed?(surface: Element): boolean;
}

/** A page that says another number of photos each time it is asked is not one that can be read. */
const MAX_READINGS = 3;

/** How many photos there are; a profile with one may have no tabs at all. */
export function photoCount(carousel: Pick<Carousel, 'tabs'>, surface: Element): number {
  return Math.max(carousel.tabs(surface).length, 1);
}

/**
 * Turns a profile's photos over, one tab after the other, and back to the one it found; unless the person acted, who then
 * finds the page as it was that moment. A photo that does not come in time is missing, alone. Where there are more photos
 * in the end than there were in the beginning, it begins anew: the page was still being rendered.
 */
export async function pageThrough(carousel: Carousel, key: string, options: ReadOptions): Promise<PagePhoto[]> {
  for (let reading = 1; ; reading += 1) {
    const photos = await readOnce(carousel, key, options);
    const surface = carousel.surfaceOf(key);
    const count = surface ? photoCount(carousel, surface) : photos.length;
    if (count === photos.length) return photos;
    if (reading < MAX_READINGS && !options.late.aborted) continue;
    const most = Math.max(count, photos.length); // none that was seen is dropped
    return Array.from({ length: most }, (_, index) => photos[index] ?? { missing: 'page' });
  }
}

async function readOnce(carousel: Carousel, key: string, options: ReadOptions): Promise<PagePhoto[]> {
  const surface = carousel.surfaceOf(key);
  if (!surface) return [];
  const found = Math.max(0, carousel.selectedTab(surface));
  const photos: PagePhoto[] = new Array(photoCount(carousel, surface)).fill({ missing: 'page' });
  // A photo that failed is asked for again by turning to it, which takes turning away first: so it comes last.
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

/** Turns a card to a photo, once for each time that the card is rendered, and waits for it. */
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
