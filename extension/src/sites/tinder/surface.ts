import { numbersIn } from '../dom/digits.ts';
import { hits } from '../dom/hit.ts';
import { resolve, resolveAll, selectorOf } from '../dom/roles.ts';
import { isVisible } from '../dom/visibility.ts';
import type { ProfileText } from '../site-adapter.ts';
import { ANCHORS, BELOW } from './anchors.ts';

/** What shows one profile: its card, or the open profile, beside which there is no card (May 2026). */
export interface Surface {
  /** Holds its photos and what it says of the person. */
  readonly root: Element;
  /** Holds its photos: everything that is counted and turned over. */
  readonly carousel: Element;
}

const CARD = selectorOf(ANCHORS.card);
const NAME = selectorOf([...ANCHORS.name, ...ANCHORS.openHeading]);

/** Every surface that the page gives out for active: each with photos, none of them below another by its attributes. */
export function surfaces(document: Document): Surface[] {
  const carousels = resolveAll(ANCHORS.carousel, document).filter((one) => !one.closest(BELOW));
  return carousels
    .filter((one) => !carousels.some((other) => other !== one && one.contains(other)))
    .map((carousel) => ({ root: carousel.closest(CARD) ?? withName(carousel), carousel }));
}

/** An open profile has no element of its own in common with a card: it is what holds the photos and a name. */
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
 * The surface that a person sees. Where several are given out for active, clicks decide: one that is reached at all of it
 * while the others aren't reached at all is on top.
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
 * Name, age and bio: from the card, or from the open profile, whose heading has name and age and whose section "About me"
 * has the bio. That heading is English: in another language an open profile has no bio.
 */
export function textOf(root: Element): ProfileText {
  const bio = own(root, ANCHORS.bio)?.textContent.trim() || aboutMe(root);
  return { ...nameAndAge(root), ...(bio && { bio }) };
}

/** By what a profile is told from its neighbours; looked at with every change of the page. */
export function nameAndAge(root: Element): Pick<ProfileText, 'name' | 'age'> {
  const heading = own(root, ANCHORS.openHeading);
  const [, headed, years] =
    /^(.+?)[\s,]*(\p{Nd}{2,3})$/su.exec(heading?.textContent.trim() ?? '') ??
    /^(.+?)[\s,]+(\p{Nd}{2,3})(?!\p{Nd})/su.exec(heading?.getAttribute('aria-label')?.trim() ?? '') ??
    [];
  const name = own(root, ANCHORS.name)?.textContent.trim() || headed;
  const [age] = numbersIn(own(root, ANCHORS.age)?.textContent ?? years ?? '');
  return { ...(name && { name }), ...(age && { age }) };
}

function aboutMe(root: Element): string | undefined {
  const title = [...root.querySelectorAll('h2')].find((heading) => heading.textContent.trim() === 'About me');
  return title?.parentElement?.textContent.replace(title.textContent, '').trim();
}

/** The first such element below a root that is not part of another card: those are inert. */
function own(root: Element, anchors: Parameters<typeof resolve>[0]): HTMLElement | undefined {
  return resolve(anchors, root, (element) => {
    const inert = element.closest('[inert]');
    return inert === null || inert.contains(root);
  })[0];
}
