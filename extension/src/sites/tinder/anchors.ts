import type { Anchor, AnchorPack } from '../dom/roles.ts';

// Where things are on tinder.com, as data. Each role lists its anchors, the most reliable first, with the month of the
// saved page that shows it and the reason why it can be relied on. Nothing here was checked on a live site. "Check this
// page" in the popup says which anchors match.

const SAVED = '2026-05';

const anchor = (match: string, why = 'in every saved page', since = SAVED): Anchor => ({ match, why, since });
const english = (match: string, text?: RegExp): Anchor => ({ ...anchor(match, 'English'), ...(text && { text }) });

/** The roles of a page with a deck. */
export const ANCHORS = {
  deck: [
    anchor('.recsCardboard__cards', 'in use for years', '2020-01'),
    anchor('[role=region]:has([aria-roledescription])', 'structural'),
  ],
  /** What holds the photos of one profile. Several match; which one is on top is seen by hit-testing. */
  carousel: [
    anchor('section[aria-roledescription=carousel]', 'structural, but a word'),
    anchor('section:has([role=tablist])', 'structural'),
    anchor('section:has(.keen-slider)', 'a library’s class'),
  ],
  /** A card that is not below another one: those are hidden and inert. */
  card: [anchor('[data-keyboard-gamepad="true"]'), anchor('.recsCardboard__cards > *', 'in the deck')],
  /**
   * The ids repeat in every card, so all parts of a carousel are looked for inside of one. Their labels are translated.
   */
  tab: [
    anchor('[role=tab][aria-controls^="carousel-item-"]'),
    anchor('[role=tablist] [role=tab]', 'role alone'),
    anchor('[aria-controls^="carousel-item-"]', 'id alone'),
  ],
  slide: [
    anchor('[role=tabpanel][id^="carousel-item-"]'),
    anchor('[role=tabpanel]', 'role alone'),
    anchor('[id^="carousel-item-"]', 'id alone'),
    anchor('.keen-slider__slide', 'a library’s class'),
  ],
  /**
   * Only addresses of the photo host count: gradients are background images, too. All but the first were never seen.
   */
  photo: [
    anchor('[role=img][style*="background-image"]'),
    anchor('[style*="background-image"]', 'no role'),
    anchor('img[src]', 'the usual way'),
    anchor('[role=img]', 'by a style sheet'),
    anchor('*', 'by any way'),
  ],
  nextPhoto: [
    english('button[aria-label="Next Photo"]'),
    anchor('section > button[aria-controls] ~ button[aria-controls]', 'after “previous”'),
  ],
  name: [anchor('[itemprop=name]')],
  age: [anchor('[itemprop=age]')],
  /** A utility class. An open profile has a heading, too. */
  bio: [anchor('.BreakWord')],
  /** An `<a>` on recs, a `<div role=button>` on explore. */
  backToDeck: [anchor('[data-testid=profileBackButton]')],
  /** An open profile's name and age. */
  openHeading: [anchor('h1[aria-label]'), anchor('h1', 'no label')],
  /** Every round button below a card. Which is which, see cues.ts. */
  gamepadButton: [
    anchor('button.gamepad-button'),
    anchor('.gamepad-button-wrapper button', 'by its wrapper'),
    anchor('button[class*="gamepad-sparks-"]', 'by its color'),
  ],
  /** One per button: 64 px for Like and Nope, 48 px for the others. */
  gamepadWrapper: [anchor('.gamepad-button-wrapper')],
  /** A button's name for screen readers; it has no label. */
  buttonName: [anchor('span.Hidden')],
  /** Like, Nope and Super Like have one. */
  secondIcon: [anchor('.gamepad-2nd-icon-wrapper')],
  /** "3 remaining": every paid button with a supply has one, Like and Nope never do. */
  counter: [anchor('[role=img][aria-label]')],
  /** No people left. */
  searching: [anchor('.beacon', 'in use for years', '2020-01'), anchor('output[aria-busy=true]', 'in the same place')],

  /** Who asks whether a person is there. We stop and say so; nothing here ever tries to pass one. */
  challenge: ['arkoselabs', 'funcaptcha', 'hcaptcha', 'recaptcha', 'challenges.cloudflare'].map((name) =>
    anchor(`iframe[src*="${name}"]`, 'a service’s address'),
  ),
  /** Sourcepoint's layer lies over the buttons until the person has chosen. */
  consentLayer: [anchor('[id^=sp_message_container_]', 'seen on badoo.com', '2026-07')],
  /** In another language these two are dialogs that are not known, which stop the run as well. */
  outOfLikes: [english('h1', /^you[’']re out of likes/i)],
  upsell: [english('h3', /^upgrade your like/i)],
  /** Allowing or declining the browser's location or notifications is the person's to decide. */
  permissionPrompt: [anchor('button[data-testid=allow]')],
  /** Anything that calls itself a dialog. One that no other role knows is the person's. */
  dialog: ['dialog[open]', '[role=dialog]', '[role=alertdialog]', '[aria-modal=true]'].map((match) =>
    anchor(match, 'structural'),
  ),
  match: [english('button[title="Back to Tinder"]')],
  addToHomeScreen: [anchor('[data-testid=addToHomeScreen]')],
  decline: [anchor('button[data-testid=decline]')],
} as const satisfies AnchorPack;

/** Roles of {@link ANCHORS}. */
export type TinderRole = keyof typeof ANCHORS;

/** What is not on top: another card, a thrown-off one, and whatever is in them. */
export const BELOW = '[inert], [aria-hidden="true"]';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/**
 * `/u/TOKEN/FILE…` (May 2026), and the older `/24HEX/WxH_UUID.jpg`, which matches, and some photos of a card, still
 * have.
 */
const PHOTO_ADDRESS = new RegExp(
  `^https://images-ssl\\.gotinder\\.com/(?:u/([^/?#]+)/|[0-9a-f]{24}/[^/?#]*?(${UUID})\\.)`,
  'i',
);

/** The photo's own part of its URL: the same for one photo in every size, so it joins the page to the page's data. */
export function photoToken(url: string): string | undefined {
  const [, token, uuid] = PHOTO_ADDRESS.exec(url) ?? [];
  return token ?? uuid?.toLowerCase();
}
