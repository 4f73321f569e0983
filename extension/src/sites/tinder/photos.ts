import { numbersIn } from '../dom/digits.ts';
import { resolve, resolveAll } from '../dom/roles.ts';
import type { PagePhoto } from '../site-adapter.ts';
import { ANCHORS, photoToken } from './anchors.ts';

/** One photo's elements on the page: its tab and its slide. */
interface Place {
  readonly tab: HTMLElement | undefined;
  readonly slide: HTMLElement | undefined;
}

/**
 * Returns the places of the photos. They are numbered by the slide's ID, which the tab also names, or else by order.
 * A missing photo keeps its place, because it may be the one that matters.
 */
function places(carousel: Element): Place[] {
  const [tabs, slides] = [partsOf(carousel, 'tab'), partsOf(carousel, 'slide')];
  const first = Math.min(1, ...tabs.at.keys(), ...slides.at.keys()); // counted from 0 (May 2026), or from 1
  return Array.from({ length: Math.max(tabs.span, slides.span) }, (_, at) => ({
    tab: tabs.at.get(first + at),
    slide: slides.at.get(first + at),
  }));
}

/** Returns the tabs or slides by number, the span of those numbers, and their count. */
function partsOf(carousel: Element, role: 'tab' | 'slide') {
  const all = resolveAll(ANCHORS[role], carousel);
  const found = new Map<number, HTMLElement>();
  for (const part of all) {
    const id = role === 'tab' ? part.getAttribute('aria-controls') : part.id;
    const number = /^carousel-item-(\d{1,3})$/.exec(id ?? '')?.[1];
    if (number && !found.has(Number(number))) found.set(Number(number), part);
  }
  const at = found.size > 0 ? found : new Map(all.entries());
  const span = at.size === 0 ? 0 : Math.max(...at.keys()) - Math.min(1, ...at.keys()) + 1;
  return { all, at, span, count: Math.max(all.length, span) };
}

/** Returns one tab per photo, in order. A missing tab is undefined. */
export function tabs(carousel: Element): (HTMLElement | undefined)[] {
  return places(carousel).map(({ tab }) => tab);
}

/** Returns the position of the selected photo, or -1 if none is selected. */
export function selectedTab(carousel: Element): number {
  const all = places(carousel);
  const selected = all.findIndex(({ tab }) => tab?.getAttribute('aria-selected') === 'true');
  return selected === -1 ? all.findIndex(({ slide }) => slide?.getAttribute('aria-hidden') === 'false') : selected;
}

/** The photo or video that a place shows. */
export interface ShownPhoto {
  readonly photo: PagePhoto;
  /** Identifies the photo. Undefined for a video without any URL. */
  readonly token: string | undefined;
  readonly element: Element;
}

/** Returns what a place shows, or undefined while it is loading or hidden. */
export function photoIn(carousel: Element, index: number): ShownPhoto | undefined {
  const slide = slideOf(carousel, index);
  if (!slide || slide.getAttribute('aria-hidden') === 'true') return undefined;
  const video = slide.querySelector('video');
  if (video) {
    const source = video.querySelector('source')?.getAttribute('src'); // a page may put the URL in any of these
    const address = [video.getAttribute('poster'), video.getAttribute('src'), source].find(Boolean) ?? '';
    return { photo: { missing: 'video' }, token: photoToken(address) ?? (address || undefined), element: video };
  }
  const [element] = resolve(ANCHORS.photo, slide, (node) => addressOf(node) !== undefined);
  const url = element && addressOf(element);
  return url ? { photo: { url }, token: photoToken(url), element } : undefined;
}

/** Returns the element that shows a photo. A single photo needs neither tabs nor slides. */
export function slideOf(carousel: Element, index: number): Element | undefined {
  const all = places(carousel);
  return all.length === 0 ? carousel : all[index]?.slide;
}

/** Returns the photo host's URL that an element shows, whether as an image or as a background. */
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

/** What a page says about how many photos a profile has. */
export interface PhotoCount {
  /** The highest count from any source, at least 1. */
  readonly most: number;
  /** True if enough sources agree on the count and none contradicts it. */
  readonly isSure: boolean;
  /** The count from each source, or 0 if it has none. `slides` may be lower, because a page may render only some. */
  readonly says: { readonly tabs: number; readonly slides: number; readonly labels: number; readonly data: number };
}

/**
 * Counts a profile's photos from every source: tabs, slides, labels such as "1 of 8" in any language, and the page's
 * data. The next-photo button must also be disabled at the last photo. Only a label or the data proves that there is
 * just one photo, because a page that renders one tab and one slide at a time looks the same.
 *
 * @param data the number of photos in the page's data, if it has this profile
 */
export function countPhotos(carousel: Element, data = 0): PhotoCount {
  const { count: tabs } = partsOf(carousel, 'tab');
  const { count: slides, all } = partsOf(carousel, 'slide');
  const totals = new Set(
    all.flatMap((slide) => {
      const numbers = numbersIn(slide.getAttribute('aria-label') ?? '');
      return numbers.length === 2 ? [Math.max(...numbers)] : []; // languages order "1 of 8" differently
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

/** The next-photo button must be disabled at the last photo, and only there. */
function nextPhotoAgrees(carousel: Element, count: number): boolean {
  const ended = endsHere(carousel);
  const at = selectedTab(carousel);
  if (ended === undefined || (at === -1 && count > 1)) return true;
  return ended === (Math.max(0, at) === count - 1);
}

/** Returns whether the next-photo button is disabled, so no photo follows. Undefined if there is no such button. */
export function endsHere(carousel: Element): boolean | undefined {
  const [next] = resolve(ANCHORS.nextPhoto, carousel, (button) => !button.closest('[role=tablist]'));
  return next && isDisabled(next);
}

/** Returns whether a button is disabled. */
export function isDisabled(button: Element): boolean {
  return button.hasAttribute('disabled') || button.getAttribute('aria-disabled') === 'true';
}
