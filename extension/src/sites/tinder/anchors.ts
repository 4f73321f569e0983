// Where things are on tinder.com, from page dumps of May 2026; nothing here was checked on a live site. Each anchor carries
// what it rests on. What matches no more is seen in the popup, "Check this page", by the role's name.

/** Every other card is `aria-hidden=true` and `inert`, a thrown-off one too. Language-free; stable for years. */
export const ACTIVE_CARD = '[data-keyboard-gamepad="true"][aria-hidden="false"]:not([inert])';

/** What holds the cards; the class has been in use since 2020 (the region's label beside it is English). */
export const DECK = '.recsCardboard__cards';

/** Structural. Ids of its parts repeat in every card, so all below are looked for inside the active one alone. */
export const CAROUSEL = 'section[aria-roledescription=carousel]';

/** One a photo. Matched by role and what it controls: the label, "Photo 3", is in the site's language. */
export const TAB = '[role=tablist] button[role=tab][aria-controls^="carousel-item-"]';

/** What a tab controls; one a photo, too. */
export const SLIDE = '[role=tabpanel][id^="carousel-item-"]';

/** What shows a photo. Gradients are background images too, so only the photo host's URLs count. */
export const PHOTO = '[role=img][style*="background-image"]';

/** Structural microdata. */
export const NAME = '[itemprop=name]';

/** Structural microdata. */
export const AGE = '[itemprop=age]';

/** A class name; medium. In the open profile the section has an English heading, so the class serves there too. */
export const BIO = '.BreakWord';

/** An `<a>` on recs, a `<div role=button>` on explore; language-free. */
export const BACK_TO_DECK = '[data-testid=profileBackButton]';

/** The open profile's heading, "Ann 26 years": name and number are read, the rest is in the site's language. */
export const OPEN_HEADING = 'h1[aria-label]';

/** Every button below the card; which is which is in its class (see {@link gamepadKinds}), since names are in `span.Hidden`. */
export const GAMEPAD_BUTTON = 'button.gamepad-button';

/** No people left: the searching beacon, or the busy output of the same place. */
export const BEACON = '.beacon, output[aria-busy=true]';

/** What a button of the gamepad is, by the part of its class that means something. */
export type GamepadKind = 'like' | 'nope' | 'super-like' | 'rewind' | 'boost';

const GAMEPAD_CLASS = /gamepad-sparks-(super-like|like|nope|rewind|boost)\b/g;

/**
 * Every kind that an element's class speaks of. The class is semantic and language-free (May 2026); one that speaks of two
 * kinds is neither, which is why all are given.
 */
export function gamepadKinds(element: Element): Set<GamepadKind> {
  const classes = element.getAttribute('class') ?? '';
  return new Set([...classes.matchAll(GAMEPAD_CLASS)].map(([, kind]) => kind as GamepadKind));
}

/** The photo's own part of its URL: the same for one photo in every size, so it joins the page to the page's data. */
export function photoToken(url: string): string | undefined {
  return /^https:\/\/images-ssl\.gotinder\.com\/u\/([^/?#]+)\//.exec(url)?.[1];
}
