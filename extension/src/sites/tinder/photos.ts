import { numbersIn } from '../dom/digits.ts';
import { resolve, resolveAll } from '../dom/roles.ts';
import type { PagePhoto } from '../site-adapter.ts';
import { ANCHORS, photoToken } from './anchors.ts';

/** What of one photo is in the page: its tab and its slide. */
interface Place {
  readonly tab: HTMLElement | undefined;
  readonly slide: HTMLElement | undefined;
}

/**
 * The photos' places, by the number in what a tab controls, which is its slide's id; else by their order. Where one is
 * missing, its place stays: a photo that is not seen may be the one that matters.
 */
function places(carousel: Element): Place[] {
  const tabs = numbered(resolveAll(ANCHORS.tab, carousel), (tab) => tab.getAttribute('aria-controls'));
  const slides = numbered(resolveAll(ANCHORS.slide, carousel), ({ id }) => id);
  const first = Math.min(1, ...tabs.keys(), ...slides.keys()); // counted from 0 (May 2026), or from 1
  return Array.from({ length: Math.max(spanOf(tabs), spanOf(slides)) }, (_, at) => ({
    tab: tabs.get(first + at),
    slide: slides.get(first + at),
  }));
}

/** Parts of a carousel by their number. Where a number is missing or there twice, the order tells. */
function numbered(parts: HTMLElement[], idOf: (part: HTMLElement) => string | null): Map<number, HTMLElement> {
  const found = new Map<number, HTMLElement>();
  for (const part of parts) {
    const number = /^carousel-item-(\d{1,3})$/.exec(idOf(part) ?? '')?.[1];
    if (number && !found.has(Number(number))) found.set(Number(number), part);
  }
  return found.size > 0 ? found : new Map(parts.entries());
}

function spanOf(parts: Map<number, unknown>): number {
  return parts.size === 0 ? 0 : Math.max(...parts.keys()) - Math.min(1, ...parts.keys()) + 1;
}

/** One per photo, in order; undefined where it is missing. */
export function tabs(carousel: Element): (HTMLElement | undefined)[] {
  return places(carousel).map(({ tab }) => tab);
}

/** The position of the photo that is turned to; -1 where none is. */
export function selectedTab(carousel: Element): number {
  const all = places(carousel);
  const selected = all.findIndex(({ tab }) => tab?.getAttribute('aria-selected') === 'true');
  return selected === -1 ? all.findIndex(({ slide }) => slide?.getAttribute('aria-hidden') === 'false') : selected;
}

/** What a place shows, with its token; undefined while it is under way, or hidden. */
export function photoIn(
  carousel: Element,
  index: number,
): { readonly photo: PagePhoto; readonly token: string | undefined } | undefined {
  const slide = slideOf(carousel, index);
  if (!slide || slide.getAttribute('aria-hidden') === 'true') return undefined;
  const video = slide.querySelector('video');
  if (video) {
    const source = video.querySelector('source')?.getAttribute('src'); // how a page names it is its own affair
    const address = [video.getAttribute('poster'), video.getAttribute('src'), source].find(Boolean) ?? '';
    return { photo: { missing: 'video' }, token: photoToken(address) ?? (address || undefined) };
  }
  const url = resolve(ANCHORS.photo, slide, (node) => addressOf(node) !== undefined).map(addressOf)[0];
  return url ? { photo: { url }, token: photoToken(url) } : undefined;
}

/** The element that shows a place's photo or video. */
export function photoElement(carousel: Element, index: number): Element | undefined {
  const slide = slideOf(carousel, index);
  const [photo] = slide ? resolve(ANCHORS.photo, slide, (node) => addressOf(node) !== undefined) : [];
  return photo ?? slide?.querySelector('video') ?? slide ?? undefined;
}

/** One photo needs neither tabs nor slides. */
function slideOf(carousel: Element, index: number): Element | undefined {
  const all = places(carousel);
  return all.length === 0 ? carousel : all[index]?.slide;
}

/** The photo host's address that an element shows, by whichever way. */
function addressOf(node: HTMLElement): string | undefined {
  const { currentSrc = '', src = '' } = node as Partial<HTMLImageElement>;
  const drawn = () => ['', '::before', '::after'].map((part) => getComputedStyle(node, part).backgroundImage).join();
  return (
    addressIn(`url(${currentSrc || src || node.getAttribute('href')}) ${node.style.backgroundImage}`) ??
    addressIn(drawn())
  );
}

const addressIn = (styles: string) =>
  [...styles.matchAll(/url\(["']?([^"')]+)/g)].map(([, url]) => url!).find((url) => photoToken(url));

/** What a page says of how many photos a profile has. */
export interface PhotoCount {
  /** The most that anything says, at least 1. */
  readonly most: number;
  /** True where at least two say the same, and nothing says otherwise. */
  readonly isSure: boolean;
  /** What each says; 0: nothing. `slides` may be fewer where a page renders only some of them. */
  readonly says: { readonly tabs: number; readonly slides: number; readonly labels: number; readonly data: number };
}

/**
 * Counts a profile's photos by everything that tells their number: tabs, slides, labels such as "1 of 8" in any language,
 * the page's data, and whether the next-photo button ends where the photos do. That there is only one is proven by a label
 * or the data: a page that renders one tab and one slide at a time looks the same.
 *
 * @param data the number of photos in the page's data, where it has this profile
 */
export function countPhotos(carousel: Element, data = 0): PhotoCount {
  const tabNodes = resolveAll(ANCHORS.tab, carousel);
  const slideNodes = resolveAll(ANCHORS.slide, carousel);
  const tabs = Math.max(tabNodes.length, spanOf(numbered(tabNodes, (tab) => tab.getAttribute('aria-controls'))));
  const slides = Math.max(slideNodes.length, spanOf(numbered(slideNodes, ({ id }) => id)));
  const totals = new Set(
    slideNodes.flatMap((slide) => {
      const numbers = numbersIn(slide.getAttribute('aria-label') ?? '');
      return numbers.length === 2 ? [Math.max(...numbers)] : []; // whichever of "1 of 8" a language says first
    }),
  );
  const labels = Math.max(0, ...totals);
  const most = Math.max(1, tabs, slides, labels, data);
  const exact = [tabs, labels, data].filter((count) => count > 0);
  const agree = totals.size <= 1 && exact.every((count) => count === most) && nextPhotoAgrees(carousel, most);
  const whole = slides === 0 || slides === most;
  const enough =
    most === 1 ? labels + data > 0 && whole : exact.length > 1 || data > 0 || (exact.length === 1 && slides === most);
  return { most, isSure: agree && enough, says: { tabs, slides, labels, data } };
}

/** The next-photo button is disabled at the last photo, and only there. */
function nextPhotoAgrees(carousel: Element, count: number): boolean {
  const ended = endsHere(carousel);
  const at = selectedTab(carousel);
  if (ended === undefined || (at === -1 && count > 1)) return true;
  return ended === (Math.max(0, at) === count - 1);
}

/** Whether the next-photo button says that no photo comes after the one that is turned to; undefined where there is none. */
export function endsHere(carousel: Element): boolean | undefined {
  const [next] = resolve(ANCHORS.nextPhoto, carousel, (button) => !button.closest('[role=tablist]'));
  return next && isDisabled(next);
}

/** True for a button that can't be pressed. */
export function isDisabled(button: Element): boolean {
  return button.hasAttribute('disabled') || button.getAttribute('aria-disabled') === 'true';
}
