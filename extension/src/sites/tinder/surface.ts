import { isVisible } from '../dom/visibility.ts';
import type { PagePhoto, ProfileText } from '../site-adapter.ts';
import {
  AGE,
  BACK_TO_DECK,
  BIO,
  CAROUSEL,
  DECK,
  NAME,
  OPEN_HEADING,
  PHOTO,
  photoToken,
  SLIDE,
  TAB,
} from './anchors.ts';

/**
 * What holds the photos of the profile on top: the open profile where one is open (inside the card on recs, beside the
 * deck on explore), else the card. Undefined where an open profile is another person's: it is closing, and the next card is
 * up already.
 */
export function surfaceOf(document: Document, card: Element): Element | undefined {
  // Most often there is none; the one of a card that lies below another, as after a swipe that failed, is not this card's.
  const back = [...document.querySelectorAll(BACK_TO_DECK)].find((one) => !one.closest(BELOW) && isVisible(one));
  let open = back?.parentElement;
  while (open && !own(open, CAROUSEL)) open = open.parentElement;
  if (!open || open.contains(card)) return card;
  // All of it, with its heading: up to what holds the card or the deck, too.
  while (open.parentElement && !open.parentElement.contains(card) && !open.parentElement.querySelector(DECK)) {
    open = open.parentElement;
  }
  const [name, age] = [NAME, AGE].map((selector) => own(card, selector)?.textContent.trim());
  const heading = headingOf(open);
  const differ = (onCard: string | undefined, onOpen: string | undefined) => onCard && onOpen && onCard !== onOpen;
  return differ(name, heading.name) || differ(age, heading.age) ? undefined : open;
}

/** What is not on top: another card, and whatever is in it. */
const BELOW = '[inert], [aria-hidden="true"]';

/** What of one photo is in the page: its tab and its slide. */
interface Place {
  readonly tab: HTMLElement | undefined;
  readonly slide: Element | undefined;
}

/**
 * The photos' places, by the number in what a tab controls, which is its slide's id. Tabs and slides are as many as there
 * are photos; where one is missing, its place stays: a photo that is not seen may be the one that matters.
 */
function places(surface: Element): Place[] {
  const byNumber = (selector: string, idOf: (element: HTMLElement) => string | null) => {
    const found = new Map<number, HTMLElement>();
    for (const element of surface.querySelectorAll<HTMLElement>(selector)) {
      const number = /^carousel-item-(\d{1,3})$/.exec(idOf(element) ?? '')?.[1];
      if (number && !found.has(Number(number))) found.set(Number(number), element);
    }
    return found;
  };
  const tab = byNumber(TAB, (element) => element.getAttribute('aria-controls'));
  const slide = byNumber(SLIDE, ({ id }) => id);
  const numbers = [...tab.keys(), ...slide.keys()];
  const first = Math.min(1, ...numbers); // counted from 0 (May 2026), or from 1
  const count = numbers.length === 0 ? 0 : Math.max(...numbers) - first + 1;
  return Array.from({ length: count }, (_, at) => ({ tab: tab.get(first + at), slide: slide.get(first + at) }));
}

/** One a photo, in order; undefined where it is missing. */
export function tabs(surface: Element): (HTMLElement | undefined)[] {
  return places(surface).map(({ tab }) => tab);
}

/** The position of the tab that is selected; -1 where none is. */
export function selectedTab(surface: Element): number {
  return tabs(surface).findIndex((tab) => tab?.getAttribute('aria-selected') === 'true');
}

/** What a tab shows, with its token; undefined while it is under way, or hidden. */
export function photoIn(
  surface: Element,
  index: number,
): { readonly photo: PagePhoto; readonly token: string | undefined } | undefined {
  const slide = slideOf(surface, index);
  if (!slide || slide.getAttribute('aria-hidden') === 'true') return undefined;
  const video = slide.querySelector('video');
  if (video) {
    const source = video.querySelector('source')?.getAttribute('src'); // how a page names it is its own affair
    const address = [video.getAttribute('poster'), video.getAttribute('src'), source].find(Boolean) ?? '';
    return { photo: { missing: 'video' }, token: photoToken(address) ?? (address || undefined) };
  }
  for (const node of slide.querySelectorAll<HTMLElement>(PHOTO)) {
    const url = urlOf(node);
    if (url) return { photo: { url }, token: photoToken(url) };
  }
  return undefined;
}

/** The element that shows a tab's photo or video. */
export function photoElement(surface: Element, index: number): Element | undefined {
  const slide = slideOf(surface, index);
  const photo = [...(slide?.querySelectorAll<HTMLElement>(PHOTO) ?? [])].find(urlOf);
  return photo ?? slide?.querySelector('video') ?? slide ?? undefined;
}

/**
 * Name, age and bio: from the card, or from the open profile, whose heading has name and age and whose section "About me"
 * has the bio. That heading is English: in another language an open profile has no bio.
 */
export function textOf(card: Element, surface: Element): ProfileText {
  const bio = (own(card, BIO) ?? own(surface, BIO))?.textContent.trim() || aboutMe(surface);
  return { ...nameAndAge(card, surface), ...(bio && { bio }) };
}

/** By what a card is told from its neighbours; looked at with every change of the page. */
export function nameAndAge(card: Element, surface: Element): Pick<ProfileText, 'name' | 'age'> {
  const text = (selector: string) => (own(card, selector) ?? own(surface, selector))?.textContent.trim();
  const heading = headingOf(surface);
  const name = text(NAME) || heading.name;
  const age = Number.parseInt(text(AGE) || heading.age || '', 10);
  return { ...(name && { name }), ...(age && { age }) };
}

function headingOf(open: Element): { name?: string | undefined; age?: string | undefined } {
  const label = own(open, OPEN_HEADING)?.getAttribute('aria-label') ?? '';
  return /^(?<name>.+?)\s+(?<age>\d{2,3})\b/.exec(label)?.groups ?? {};
}

function aboutMe(card: Element): string | undefined {
  const title = [...card.querySelectorAll('h2')].find((heading) => heading.textContent.trim() === 'About me');
  return title?.parentElement?.textContent.replace(title.textContent, '').trim();
}

/** One photo needs neither tabs nor slides. */
function slideOf(surface: Element, index: number): Element | undefined {
  const all = places(surface);
  return all.length === 0 ? own(surface, CAROUSEL) : all[index]?.slide;
}

function urlOf(node: HTMLElement): string | undefined {
  const url = /url\(["']?([^"')]+)["']?\)/.exec(node.style.backgroundImage)?.[1];
  return url && photoToken(url) ? url : undefined;
}

/** The first such element below a root that is not part of another card: those are inert. */
function own(root: Element, selector: string): Element | undefined {
  return [...root.querySelectorAll(selector)].find((element) => isOwn(element, root));
}

function isOwn(element: Element, root: Element): boolean {
  const inert = element.closest('[inert]');
  return inert === null || inert.contains(root);
}
