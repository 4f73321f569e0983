import { isVisible } from '../dom/visibility.ts';
import type { Obstacle, PageView } from '../site-adapter.ts';

/** What lies over the page. */
export type Overlying = Extract<PageView, { kind: 'dialog' | 'obstacle' }>;

/** Anything that calls itself a dialog. One that none of the entries below knows is the person's. */
const DIALOG = 'dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true]';

/** Who asks whether a person is there (May 2026). We stop and say so; nothing here ever tries to pass one. */
const CHALLENGE = /arkoselabs|funcaptcha|hcaptcha|recaptcha|challenges\.cloudflare/;

/** Sourcepoint's layer: it lies over the buttons until the person has chosen (July 2026, seen on badoo.com). */
const CONSENT_LAYER = '[id^=sp_message_container_]';

/**
 * What is known by an English text alone (dumps of May 2026). In another language it is a dialog that is not known, which
 * stops the run as well: only the words that tell of it are plainer here.
 */
const HEADINGS: readonly (readonly [Obstacle, string, RegExp])[] = [
  ['out_of_likes', 'h1', /^you[’']re out of likes/i],
  ['upsell_open', 'h3', /^upgrade your like/i],
];

/** What asks for the browser's location or notifications: allowing or declining is the person's to decide. */
const PERMISSION_PROMPT = 'button[data-testid=allow]';

/** Dialogs that may be closed: what each is known by, and the one button in it that costs and changes nothing. */
const HARMLESS: readonly { readonly name: string; readonly anchor: string; readonly safe: string }[] = [
  { name: 'match', anchor: 'button[title="Back to Tinder"]', safe: 'button[title="Back to Tinder"]' },
  { name: 'add_to_home_screen', anchor: '[data-testid=addToHomeScreen]', safe: 'button[data-testid=decline]' },
];

/** Every anchor of this file. */
const ANYTHING = [
  'iframe[src]',
  CONSENT_LAYER,
  DIALOG,
  PERMISSION_PROMPT,
  ...HEADINGS.map(([, heading]) => heading),
  ...HARMLESS.map(({ anchor }) => anchor),
].join();

/** What lies over the page, what only the person can deal with first; undefined where nothing does. */
export function overlying(document: Document): Overlying | undefined {
  if (!document.querySelector(ANYTHING)) return undefined; // as with almost every look at a page
  const visible = (selector: string) => [...document.querySelectorAll(selector)].filter(isVisible);
  const obstacle = (name: Obstacle): Overlying => ({ kind: 'obstacle', obstacle: name });

  if (visible('iframe[src]').some((frame) => CHALLENGE.test(frame.getAttribute('src') ?? ''))) {
    return obstacle('challenge');
  }
  if (visible(CONSENT_LAYER).length > 0) return obstacle('consent_layer');
  for (const [name, heading, words] of HEADINGS) {
    if (visible(heading).some(({ textContent }) => words.test(textContent.trim()))) return obstacle(name);
  }

  // A dialog may have no size of its own, and all of it in what it holds.
  const dialogs = [...document.querySelectorAll(DIALOG)].filter((one) => [one, ...one.children].some(isVisible));
  const harmless = HARMLESS.flatMap(({ name, anchor, safe }): (Overlying & { kind: 'dialog' })[] =>
    visible(anchor).map((found) => {
      const element = found.closest(DIALOG) ?? (found.matches('button') ? found.parentElement! : found);
      const button = [...element.querySelectorAll<HTMLElement>(safe)].find(isVisible);
      return { kind: 'dialog', name, element, ...(button && { dismiss: () => button.click() }) };
    }),
  );
  const stranger = dialogs.find((dialog) => !harmless.some(({ element }) => related(dialog, element)));
  if (stranger?.querySelector(PERMISSION_PROMPT) || (!stranger && !harmless[0] && visible(PERMISSION_PROMPT)[0])) {
    return obstacle('permission_prompt');
  }
  // The one that is not known lies, for all we know, on top.
  if (stranger) return { kind: 'dialog', name: 'unknown', element: stranger };
  return harmless[0];
}

/** True for an element that could cost money because it stands in a dialog: its buttons are never ours to press. */
export function isInDialog(element: Element): boolean {
  return element.closest(DIALOG) !== null;
}

const related = (one: Element, other: Element) => one.contains(other) || other.contains(one);
