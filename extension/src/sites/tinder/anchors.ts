import type { Anchor, AnchorPack } from '../dom/roles.ts';

// Where things are on tinder.com, as data. Each role lists its anchors, the most reliable first, with the month of the saved
// page that shows it and the reason why it can be relied on. Nothing here was checked on a live site. "Check this page" in
// the popup says which anchors match.

const SAVED = '2026-05';

const anchor = (match: string, why: string, since = SAVED): Anchor => ({ match, why, since });
const worded = (match: string, text: RegExp, why: string): Anchor => ({ match, text, why, since: SAVED });

/** The roles of a page with a deck. */
export const ANCHORS = {
  deck: [
    anchor('.recsCardboard__cards', 'in use since 2020', '2020-01'),
    anchor('[role=region]:has([aria-roledescription])', 'structural'),
  ],
  /** What holds the photos of one profile. Several match; which one is on top is seen by hit-testing. */
  carousel: [
    anchor('section[aria-roledescription=carousel]', 'structural, but the word may be translated'),
    anchor('section:has([role=tablist])', 'structural and language-free'),
    anchor('section:has(.keen-slider)', 'the class of a library'),
  ],
  /** A card that is not below another one: those are hidden and inert. */
  card: [
    anchor('[data-keyboard-gamepad="true"]', 'language-free, in every saved page'),
    anchor('.recsCardboard__cards > *', 'a child of the deck'),
  ],
  /** The ids repeat in every card, so all parts of a carousel are looked for inside of one. */
  tab: [
    anchor('[role=tab][aria-controls^="carousel-item-"]', 'role and what it controls; the label is translated'),
    anchor('[role=tablist] [role=tab]', 'roles alone'),
    anchor('[aria-controls^="carousel-item-"]', 'what it controls alone'),
  ],
  slide: [
    anchor('[role=tabpanel][id^="carousel-item-"]', 'role and id'),
    anchor('[role=tabpanel]', 'role alone'),
    anchor('[id^="carousel-item-"]', 'id alone'),
    anchor('.keen-slider__slide', 'the class of a library'),
  ],
  /** Only addresses of the photo host count: gradients are background images, too. */
  photo: [
    anchor('[role=img][style*="background-image"]', 'every photo of every saved page'),
    anchor('[style*="background-image"]', 'without its role'),
    anchor('img[src]', 'never seen: the usual other way'),
    anchor('[role=img]', 'never seen: its address stands in a style sheet'),
    anchor('*', 'never seen: whatever draws it'),
  ],
  nextPhoto: [
    anchor('button[aria-label="Next Photo"]', 'English'),
    anchor('section > button[aria-controls] ~ button[aria-controls]', 'comes after "previous"'),
  ],
  name: [anchor('[itemprop=name]', 'microdata')],
  age: [anchor('[itemprop=age]', 'microdata')],
  bio: [anchor('.BreakWord', 'a utility class; an open profile has a heading, too')],
  /** An `<a>` on recs, a `<div role=button>` on explore. */
  backToDeck: [anchor('[data-testid=profileBackButton]', 'a test id, language-free')],
  /** An open profile's name and age. */
  openHeading: [anchor('h1[aria-label]', 'every saved open profile'), anchor('h1', 'without its label')],
  /** Every round button below a card. Which is which, see controls.ts. */
  gamepadButton: [
    anchor('button.gamepad-button', 'in every saved page'),
    anchor('.gamepad-button-wrapper button', 'the class of what is around it'),
    anchor('button[class*="gamepad-sparks-"]', 'the semantic part of its color'),
  ],
  gamepadWrapper: [anchor('.gamepad-button-wrapper', 'one per button: 64 px for Like and Nope, 48 px for the others')],
  /** A button's name for screen readers: `aria-label` is empty. */
  buttonName: [anchor('span.Hidden', 'in every saved page')],
  /** Like, Nope and Super Like have one. */
  secondIcon: [anchor('.gamepad-2nd-icon-wrapper', 'in every saved page')],
  /** "3 remaining": every paid button with a supply has one, Like and Nope never do. */
  counter: [anchor('[role=img][aria-label]', 'in every saved page')],
  /** No people left. */
  searching: [anchor('.beacon', 'in use since 2020', '2020-01'), anchor('output[aria-busy=true]', 'the same place')],

  /** Who asks whether a person is there. We stop and say so; nothing here ever tries to pass one. */
  challenge: ['arkoselabs', 'funcaptcha', 'hcaptcha', 'recaptcha', 'challenges.cloudflare'].map((name) =>
    anchor(`iframe[src*="${name}"]`, 'the address of a service'),
  ),
  /** It lies over the buttons until the person has chosen. */
  consentLayer: [anchor('[id^=sp_message_container_]', 'Sourcepoint, seen on badoo.com', '2026-07')],
  /** These two are English: in another language they are dialogs that are not known, which stop the run as well. */
  outOfLikes: [worded('h1', /^you[’']re out of likes/i, 'English')],
  upsell: [worded('h3', /^upgrade your like/i, 'English')],
  /** Allowing or declining the browser's location or notifications is the person's to decide. */
  permissionPrompt: [anchor('button[data-testid=allow]', 'a test id')],
  /** Anything that calls itself a dialog. One that no other role knows is the person's. */
  dialog: [
    anchor('dialog[open]', 'the element'),
    anchor('[role=dialog]', 'structural'),
    anchor('[role=alertdialog]', 'structural'),
    anchor('[aria-modal=true]', 'structural'),
  ],
  match: [anchor('button[title="Back to Tinder"]', 'English')],
  addToHomeScreen: [anchor('[data-testid=addToHomeScreen]', 'a test id')],
  decline: [anchor('button[data-testid=decline]', 'a test id')],
} as const satisfies AnchorPack;

/** What is not on top: another card, a thrown-off one, and whatever is in them. */
export const BELOW = '[inert], [aria-hidden="true"]';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** `/u/TOKEN/FILE…` (May 2026), and the older `/24HEX/WxH_UUID.jpg`, which matches, and some photos of a card, still have. */
const PHOTO_ADDRESS = new RegExp(
  `^https://images-ssl\\.gotinder\\.com/(?:u/([^/?#]+)/|[0-9a-f]{24}/[^/?#]*?(${UUID})\\.)`,
  'i',
);

/** The photo's own part of its URL: the same for one photo in every size, so it joins the page to the page's data. */
export function photoToken(url: string): string | undefined {
  const [, token, uuid] = PHOTO_ADDRESS.exec(url) ?? [];
  return token ?? uuid?.toLowerCase();
}
