import { resolve, resolveAll, selectorOf } from '../dom/roles.ts';
import { isVisible } from '../dom/visibility.ts';
import type { Obstacle, PageView } from '../site-adapter.ts';
import { ANCHORS } from './anchors.ts';

/** What lies over the page. */
export type Overlying = Extract<PageView, { kind: 'dialog' | 'obstacle' }>;

const DIALOG = selectorOf(ANCHORS.dialog);

/** Dialogs that may be closed: what each is known by, and the one button in it that costs and changes nothing. */
const HARMLESS = [
  { name: 'match', anchors: ANCHORS.match, safe: ANCHORS.match },
  { name: 'add_to_home_screen', anchors: ANCHORS.addToHomeScreen, safe: ANCHORS.decline },
];

/** Every anchor that this file looks for. */
const ANYTHING = [
  'challenge',
  'consentLayer',
  'outOfLikes',
  'upsell',
  'permissionPrompt',
  'dialog',
  'match',
  'addToHomeScreen',
] as const satisfies (keyof typeof ANCHORS)[];
const ANYTHING_SELECTOR = ANYTHING.map((role) => selectorOf(ANCHORS[role])).join();

/** What lies over the page, what only the person can deal with first; undefined where nothing does. */
export function overlying(document: Document): Overlying | undefined {
  if (!document.querySelector(ANYTHING_SELECTOR)) return undefined; // as with almost every look at a page
  const visible = (role: keyof typeof ANCHORS) => resolve(ANCHORS[role], document, isVisible);
  const obstacle = (name: Obstacle): Overlying => ({ kind: 'obstacle', obstacle: name });

  if (visible('challenge')[0]) return obstacle('challenge');
  if (visible('consentLayer')[0]) return obstacle('consent_layer');
  if (visible('outOfLikes')[0]) return obstacle('out_of_likes');
  if (visible('upsell')[0]) return obstacle('upsell_open');

  // A dialog may have no size of its own, and all of it in what it holds.
  const dialogs = resolveAll(ANCHORS.dialog, document).filter((one) => [one, ...one.children].some(isVisible));
  const harmless = HARMLESS.flatMap(({ name, anchors, safe }): (Overlying & { kind: 'dialog' })[] =>
    resolve(anchors, document, isVisible).map((found) => {
      const element = found.closest(DIALOG) ?? (found.matches('button') ? found.parentElement! : found);
      const [button] = resolve(safe, element, isVisible);
      return { kind: 'dialog', name, element, ...(button && { dismiss: () => button.click() }) };
    }),
  );
  const stranger = dialogs.find((dialog) => !harmless.some(({ element }) => related(dialog, element)));
  const asks = visible('permissionPrompt')[0];
  if (asks && (stranger ? stranger.contains(asks) : !harmless[0])) return obstacle('permission_prompt');
  // The one that is not known lies, for all we know, on top.
  if (stranger) return { kind: 'dialog', name: 'unknown', element: stranger };
  return harmless[0];
}

/** True for an element of a dialog: its buttons are never ours to press. */
export function isInDialog(element: Element): boolean {
  return element.closest(DIALOG) !== null;
}

const related = (one: Element, other: Element) => one.contains(other) || other.contains(one);
