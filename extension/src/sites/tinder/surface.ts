import { clickableBoxes } from '../dom/clickable.ts';
import { numbersIn } from '../dom/digits.ts';
import { hits } from '../dom/hit.ts';
import { resolve, resolveAll, selectorOf } from '../dom/roles.ts';
import { isVisible } from '../dom/visibility.ts';
import { ANCHORS, BELOW } from './anchors.ts';

/** What shows one profile: its card or the open profile. While a profile is open, there is no card (May 2026). */
export interface Surface {
  /** Holds the photos and the text about the person. */
  readonly root: Element;
  /** Holds the photos, tabs and slides. */
  readonly carousel: Element;
}

/** What a surface shows about its person. */
export interface CardText {
  readonly name?: string;
  readonly age?: number;
  readonly bio?: string;
}

const CARD = selectorOf(ANCHORS.card);
const CAROUSEL = selectorOf(ANCHORS.carousel);
const TAB = selectorOf(ANCHORS.tab);
const NAME = selectorOf([...ANCHORS.name, ...ANCHORS.openHeading]);

/**
 * Returns every surface that the page marks as active. Each has photos, and no attribute says that it is below another.
 */
export function surfaces(document: Document): Surface[] {
  const carousels = resolveAll(ANCHORS.carousel, document).filter((one) => !one.closest(BELOW));
  return carousels
    .filter((one) => !carousels.some((other) => other !== one && one.contains(other)))
    .map((carousel) => ({ root: carousel.closest(CARD) ?? withName(carousel), carousel }));
}

/**
 * An open profile shares no markup with a card, so its root is the nearest element that holds the photos and a name.
 */
function withName(carousel: Element): Element {
  let root = carousel;
  while (!root.querySelector(NAME)) {
    const around = root.parentElement;
    if (!around || around.matches('main, body') || resolveAll(ANCHORS.carousel, around).length > 1) break;
    root = around;
  }
  return root;
}

/**
 * Returns the surface that a person sees. If the page marks several as active, hit-testing decides: the one on top is
 * the only one that a click can reach.
 */
export function surfaceOnTop(document: Document): Surface | 'ambiguous' | undefined {
  const all = surfaces(document);
  if (all.length <= 1) return all[0];
  const visible = all.filter(({ carousel }) => isVisible(carousel));
  if (visible.length <= 1) return visible[0] ?? 'ambiguous';
  const reached = visible.filter((surface) => {
    const alone = !visible.some((other) => other !== surface && other.root === surface.root);
    const within = alone ? surface.root : surface.carousel;
    return hits(surface.carousel).reached.some((hit) => within.contains(hit));
  });
  return reached.length === 1 ? reached[0] : 'ambiguous';
}

/**
 * Returns name, age and bio, from the card or the open profile. An open profile has name and age in its heading, and
 * the bio in its "About me" section. Only the English section is recognized, so in other languages there is no bio.
 */
export function textOf(root: Element): CardText {
  const bio = own(root, ANCHORS.bio)?.textContent.trim() || aboutMe(root);
  return { ...nameAndAge(root), ...(bio && { bio }) };
}

/**
 * Returns the name and age that tell a profile from its neighbors. It runs on every change of the page, so it is cheap.
 */
export function nameAndAge(root: Element): Pick<CardText, 'name' | 'age'> {
  const heading = own(root, ANCHORS.openHeading);
  const [, headed, years] =
    /^(.+?)[\s,]*(\p{Nd}{2,3})$/su.exec(heading?.textContent.trim() ?? '') ??
    /^(.+?)[\s,]+(\p{Nd}{2,3})(?!\p{Nd})/su.exec(heading?.getAttribute('aria-label')?.trim() ?? '') ??
    [];
  const name = own(root, ANCHORS.name)?.textContent.trim() || headed;
  const [age] = numbersIn(own(root, ANCHORS.age)?.textContent ?? years ?? '');
  return { ...(name && { name }), ...(age && { age }) };
}

/** Returns where everything clickable is. Of what is in a carousel, only the tabs are: the rest are halves of the photo. */
export function clickable(document: Document): DOMRect[] {
  return clickableBoxes(document, (element) => element.closest(CAROUSEL) !== null && !element.matches(TAB));
}

function aboutMe(root: Element): string | undefined {
  const title = [...root.querySelectorAll('h2')].find((heading) => heading.textContent.trim() === 'About me');
  return title?.parentElement?.textContent.replace(title.textContent, '').trim();
}

/** Returns the first match below a root that isn't part of another card. Other cards are inert. */
function own(root: Element, anchors: Parameters<typeof resolve>[0]): HTMLElement | undefined {
  return resolve(anchors, root, (element) => {
    const inert = element.closest('[inert]');
    return inert === null || inert.contains(root);
  })[0];
}
