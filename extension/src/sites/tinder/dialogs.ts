import { resolve, resolveAll, selectorOf } from '../dom/roles.ts';
import { isVisible } from '../dom/visibility.ts';
import type { Obstacle, PageView } from '../site-adapter.ts';
import { ANCHORS, type TinderRole } from './anchors.ts';

/** What lies over the page. */
export type Overlying = Extract<PageView, { kind: 'dialog' | 'obstacle' }>;

const DIALOG = selectorOf(ANCHORS.dialog);

/** Dialogs that may be closed: what each is known by, and the one button in it that costs and changes nothing. */
const HARMLESS = [
  { name: 'match', anchors: ANCHORS.match, safe: ANCHORS.match },
  { name: 'add_to_home_screen', anchors: ANCHORS.addToHomeScreen, safe: ANCHORS.decline },
];

/** What only the person can deal with, the most pressing first. */
const OBSTACLES = [
  ['challenge', 'challenge'],
  ['consentLayer', 'consent_layer'],
  ['outOfLikes', 'out_of_likes'],
  ['upsell', 'upsell_open'],
] as const satisfies (readonly [TinderRole, Obstacle])[];

/** Every anchor that this file looks for. */
const ANYTHING = [
  ...OBSTACLES.flatMap(([role]) => [...ANCHORS[role]]),
  ...ANCHORS.permissionPrompt,
  ...ANCHORS.dialog,
  ...HARMLESS.flatMap(({ anchors }) => anchors),
];

/** What lies over the page, what only the person can deal with first; undefined where nothing does. */
export function overlying(document: Document): Overlying | undefined {
  if (!document.querySelector(selectorOf(ANYTHING))) return undefined; // as with almost every look at a page
  const visible = (role: TinderRole) => resolve(ANCHORS[role], document, isVisible)[0];
  for (const [role, obstacle] of OBSTACLES) if (visible(role)) return { kind: 'obstacle', obstacle };

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
  const asks = visible('permissionPrompt');
  if (asks && (stranger ? stranger.contains(asks) : !harmless[0])) {
    return { kind: 'obstacle', obstacle: 'permission_prompt' };
  }
  // The one that is not known lies, for all we know, on top.
  if (stranger) return { kind: 'dialog', name: 'unknown', element: stranger };
  return harmless[0];
}

/** True for an element of a dialog: its buttons are never ours to press. */
export function isInDialog(element: Element): boolean {
  return element.closest(DIALOG) !== null;
}

const related = (one: Element, other: Element) => one.contains(other) || other.contains(one);
