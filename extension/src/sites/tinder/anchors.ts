import type { Anchor, AnchorPack } from '../dom/roles.ts';

// Where things are on tinder.com, as data. Each role lists its anchors, most reliable first. Each anchor has the month
// of the saved page that shows it and the reason to rely on it. Nothing here was checked on the live site. "Check this
// page" in the popup shows which anchors match.

const SAVED = '2026-05';

const anchor = (match: string, why = 'in every saved page', since = SAVED): Anchor => ({ match, why, since });
const english = (match: string, text?: RegExp): Anchor => ({ ...anchor(match, 'English'), ...(text && { text }) });

/** The roles of a page with a deck. */
export const ANCHORS = {
  deck: [
    anchor('.recsCardboard__cards', 'in use for years', '2020-01'),
    anchor('[role=region]:has([aria-roledescription])', 'structural'),
  ],
  /** Holds the photos of one profile. Several elements match. Hit-testing shows which one is on top. */
  carousel: [
    anchor('section[aria-roledescription=carousel]', 'structural, but a word'),
    anchor('section:has([role=tablist])', 'structural'),
    anchor('section:has(.keen-slider)', 'a library’s class'),
  ],
  /** A card that isn't below another one. Those below are hidden and inert. */
  card: [anchor('[data-keyboard-gamepad="true"]'), anchor('.recsCardboard__cards > *', 'in the deck')],
  /** The IDs repeat in every card, so look for the parts of a carousel only inside it. Their labels are translated. */
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
   * Only URLs of the photo host count, because gradients are background images, too. Only the first anchor was ever
   * seen.
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
  /** A utility class. An open profile also has a heading. */
  bio: [anchor('.BreakWord')],
  /** An `<a>` on recs, a `<div role=button>` on explore. */
  backToDeck: [anchor('[data-testid=profileBackButton]')],
  /** An open profile's name and age. */
  openHeading: [anchor('h1[aria-label]'), anchor('h1', 'no label')],
  /** Every round button below a card. cues.ts tells which is which. */
  gamepadButton: [
    anchor('button.gamepad-button'),
    anchor('.gamepad-button-wrapper button', 'by its wrapper'),
    anchor('button[class*="gamepad-sparks-"]', 'by its color'),
  ],
  /** One per button: 64 px for Like and Nope, 48 px for the others. */
  gamepadWrapper: [anchor('.gamepad-button-wrapper')],
  /** A button's name for screen readers. It has no label. */
  buttonName: [anchor('span.Hidden')],
  /** Like, Nope and Super Like have one. */
  secondIcon: [anchor('.gamepad-2nd-icon-wrapper')],
  /** "3 remaining". Every paid button with a supply has a counter; Like and Nope never do. */
  counter: [anchor('[role=img][aria-label]')],
  /** No profiles are left. */
  searching: [anchor('.beacon', 'in use for years', '2020-01'), anchor('output[aria-busy=true]', 'in the same place')],

  /** Bot checks. Swiping stops and says so. Nothing here ever tries to pass one. */
  challenge: ['arkoselabs', 'funcaptcha', 'hcaptcha', 'recaptcha', 'challenges.cloudflare'].map((name) =>
    anchor(`iframe[src*="${name}"]`, 'a service’s address'),
  ),
  /** Sourcepoint's consent layer covers the buttons until the person chooses. */
  consentLayer: [anchor('[id^=sp_message_container_]', 'seen on badoo.com', '2026-07')],
  /** In other languages, these two are unknown dialogs, which also stop swiping. */
  outOfLikes: [english('h1', /^you[’']re out of likes/i)],
  upsell: [english('h3', /^upgrade your like/i)],
  /** Only the person may allow or decline the browser's location or notifications. */
  permissionPrompt: [anchor('button[data-testid=allow]')],
  /** Anything marked up as a dialog. If no other role recognizes it, it is left to the person. */
  dialog: ['dialog[open]', '[role=dialog]', '[role=alertdialog]', '[aria-modal=true]'].map((match) =>
    anchor(match, 'structural'),
  ),
  match: [english('button[title="Back to Tinder"]')],
  addToHomeScreen: [anchor('[data-testid=addToHomeScreen]')],
  decline: [anchor('button[data-testid=decline]')],
} as const satisfies AnchorPack;

/** The name of a role in {@link ANCHORS}. */
export type TinderRole = keyof typeof ANCHORS;

/** Matches what isn't on top: another card, a swiped one, and everything in them. */
export const BELOW = '[inert], [aria-hidden="true"]';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** `/u/TOKEN/FILE…` (May 2026), or the older `/24HEX/WxH_UUID.jpg`, which matches and some card photos still use. */
const PHOTO_ADDRESS = new RegExp(
  `^https://images-ssl\\.gotinder\\.com/(?:u/([^/?#]+)/|[0-9a-f]{24}/[^/?#]*?(${UUID})\\.)`,
  'i',
);

/**
 * Returns the part of a URL that identifies the photo in every size. It links what the page shows to the page's data.
 */
export function photoToken(url: string): string | undefined {
  const [, token, uuid] = PHOTO_ADDRESS.exec(url) ?? [];
  return token ?? uuid?.toLowerCase();
}
