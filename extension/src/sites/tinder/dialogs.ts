import { resolve, resolveAll, selectorOf } from '../dom/roles.ts';
import { isVisible } from '../dom/visibility.ts';
import type { Obstacle, PageView } from '../site-adapter.ts';
import { ANCHORS, type TinderRole } from './anchors.ts';

/** A dialog or obstacle that covers the page. */
export type Overlying = Extract<PageView, { kind: 'dialog' | 'obstacle' }>;

const DIALOG = selectorOf(ANCHORS.dialog);

/** Dialogs that may be closed: how to recognize each one, and its one button that costs and changes nothing. */
const HARMLESS = [
  { name: 'match', anchors: ANCHORS.match, safe: ANCHORS.match },
  { name: 'add_to_home_screen', anchors: ANCHORS.addToHomeScreen, safe: ANCHORS.decline },
];

/** What only the person can deal with, most urgent first. */
const OBSTACLES = [
  ['challenge', 'challenge'],
  ['consentLayer', 'consent_layer'],
  ['outOfLikes', 'out_of_likes'],
  ['upsell', 'upsell_open'],
] as const satisfies (readonly [TinderRole, Obstacle])[];

/** All anchors that this file looks for. */
const ANYTHING = [
  ...OBSTACLES.flatMap(([role]) => [...ANCHORS[role]]),
  ...ANCHORS.permissionPrompt,
  ...ANCHORS.dialog,
  ...HARMLESS.flatMap(({ anchors }) => anchors),
];

/** Returns what covers the page, if anything. What only the person can deal with comes first. */
export function overlying(document: Document): Overlying | undefined {
  if (!document.querySelector(selectorOf(ANYTHING))) return undefined; // the usual case, made fast
  const visible = (role: TinderRole) => resolve(ANCHORS[role], document, isVisible)[0];
  for (const [role, obstacle] of OBSTACLES) if (visible(role)) return { kind: 'obstacle', obstacle };

  // A dialog may have no size of its own, only visible children.
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
  // An unknown dialog may be on top, so it wins.
  if (stranger) return { kind: 'dialog', name: 'unknown', element: stranger };
  return harmless[0];
}

/** Returns whether an element is in a dialog, where Like and Nope are never looked for. */
export function isInDialog(element: Element): boolean {
  return element.closest(DIALOG) !== null;
}

const related = (one: Element, other: Element) => one.contains(other) || other.contains(one);
