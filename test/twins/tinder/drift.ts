import type { AnswerShape } from './recs.ts';

/** Families of class names. A build that renames one class renames its whole family. */
export const FAMILIES = [
  'gamepad',
  'sparks',
  'keen',
  'cardboard',
  'profileCard',
  'stretched',
  'breakWord',
  'hidden',
  'tappable',
  'sentry',
  'toolbar',
] as const;

/** Ways to show a photo, other than the inline background image of the outlines. */
export const TECHNIQUES = [
  'shorthand',
  'image-set',
  'layered',
  'variable',
  'pseudo',
  'sheet',
  'img',
  'picture',
  'svg',
] as const;

/** Things that can cover the page. `harmless` lets every click through. */
export const COVERS = [
  'popover',
  'modal',
  'shadow',
  'closed-shadow',
  'panel',
  'iframe',
  'tooltip',
  'transparent',
  'harmless',
] as const;

/** What a cover can cover: a button, the middle of the card or of the window, or everything. */
export const COVERED = ['like', 'nope', 'card', 'window', 'all'] as const;

/** Kinds of fake cards, by what they share with a real one. */
export const FAKES = ['promo', 'blurred', 'bare', 'nameless'] as const;

/** What else is marked as active: the next card, the previous one, a copy, or an element inside the card. */
export const ACTIVES = ['below', 'thrown', 'clone', 'nested'] as const;

/** Parts that can move into a shadow root. */
export const SHADOWED = ['row', 'deck', 'card', 'carousel', 'photo'] as const;

/** Where a second row of buttons can be. */
export const SECOND_ROWS = ['above', 'below', 'undisplayed', 'invisible', 'off-screen'] as const;

/** What can be outside the window: everything (below or beside it), or only the row of buttons. */
export const OFF_SCREEN = ['all', 'side', 'row'] as const;

/** Parts of the page, as its scripts name them, with the attributes that each can lose. */
export const PARTS = {
  region: ['role', 'aria-label', 'class'],
  cards: ['class'],
  card: ['data-keyboard-gamepad', 'aria-hidden', 'inert'],
  carousel: ['aria-roledescription', 'aria-label'],
  tablist: ['role', 'aria-label'],
  tab: ['role', 'aria-controls', 'aria-selected', 'aria-label'],
  slider: ['class', 'id'],
  slide: ['class', 'id', 'role', 'aria-label', 'aria-hidden', 'aria-roledescription'],
  photo: ['role', 'aria-label', 'aria-hidden', 'class'],
  'previous-photo': ['aria-label', 'aria-controls', 'disabled'],
  'next-photo': ['aria-label', 'aria-controls', 'disabled'],
  name: ['itemprop'],
  age: ['itemprop'],
  bio: ['class'],
  heading: ['aria-label'],
  back: ['data-testid', 'role'],
  'profile-card': ['class'],
  wrapper: ['class'],
  like: ['class', 'type'],
  nope: ['class', 'type'],
  paid: ['class'],
  counter: ['role', 'aria-label'],
} as const satisfies Record<string, readonly string[]>;

/** A new paid button in the row. `label` is the name of one of the page's words, or a word. */
export interface AddedButton {
  readonly kind: 'add-button';
  readonly at: 'first' | 'last' | 'before-like' | 'after-like' | 'before-nope';
  /** The word in its class. */
  readonly sparks: string;
  readonly label: string;
  readonly size: 'large' | 'middle' | 'small';
  /** The number on its counter; null for no counter. */
  readonly remaining: number | null;
  /** True if it has a second icon, like Like, Nope and Super Like. */
  readonly secondIcon: boolean;
}

/** A paid button copies some of Like's cues: the word in its class, its name, its size, no counter. It gets a second icon, too. */
export interface Takeover {
  readonly kind: 'paid-takes-over';
  readonly by: 'super-like' | 'first-impression' | 'rewind';
  readonly sparks: boolean;
  readonly name: boolean;
  readonly size: boolean;
  readonly counter: boolean;
  /** The new word in Like's own class; null to keep it. */
  readonly like: { readonly sparks: string } | null;
}

/** One change of the page since the outlines. `at` counts the cards that come on top, from 0. Times are in milliseconds. */
export type Drift =
  | { readonly kind: 'rename-classes'; readonly family: (typeof FAMILIES)[number] }
  /** Without `part`, every part loses the attribute. */
  | { readonly kind: 'drop-attribute'; readonly name: string; readonly part?: string }
  | { readonly kind: 'image'; readonly technique: (typeof TECHNIQUES)[number] }
  /** Only the shown slide and its neighbors are in the document. `recycled`: they share three ids. */
  | { readonly kind: 'virtual-slides'; readonly recycled: boolean }
  | { readonly kind: 'tabs'; readonly change: number | 'none' }
  /** "1 of N" shows another N. */
  | { readonly kind: 'slide-labels'; readonly change: number }
  | { readonly kind: 'actives'; readonly how: (typeof ACTIVES)[number] }
  /** Every card reuses the elements of the card before it. */
  | { readonly kind: 'recycled-cards' }
  /** An element on the page changes all the time. */
  | { readonly kind: 'ticker'; readonly everyMs: number }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'fake-card'; readonly how: (typeof FAKES)[number]; readonly at: number }
  | AddedButton
  | Takeover
  /** Like and Nope become small and the others large, or all become the same size. */
  | { readonly kind: 'sizes'; readonly sizes: 'swapped' | 'same' }
  | { readonly kind: 'counter'; readonly by: string; readonly remaining: number | null }
  | { readonly kind: 'sparks'; readonly by: string; readonly sparks: string }
  | { readonly kind: 'button-name'; readonly by: string; readonly label: string }
  /** No button has a hidden name. */
  | { readonly kind: 'no-names' }
  | { readonly kind: 'shadow'; readonly part: (typeof SHADOWED)[number]; readonly mode: 'open' | 'closed' }
  | {
      readonly kind: 'cover';
      readonly how: (typeof COVERS)[number];
      readonly over: (typeof COVERED)[number];
      readonly at: number;
      readonly afterMs: number;
      /** How long it stays; forever by default. */
      readonly forMs?: number;
    }
  /** A second row with the same buttons. */
  | { readonly kind: 'second-row'; readonly how: (typeof SECOND_ROWS)[number] }
  /** Like or Nope is disabled. */
  | { readonly kind: 'disabled'; readonly by: 'like' | 'nope'; readonly attribute: 'disabled' | 'aria-disabled' }
  /** A card contains a second carousel, with photos of earlier matches. */
  | { readonly kind: 'extra-carousel'; readonly at: 'before' | 'after' }
  /** The profile opens or closes by itself. */
  | {
      readonly kind: 'profile';
      readonly how: 'opens' | 'closes' | 'opens-and-closes';
      readonly at: number;
      readonly afterMs: number;
      readonly forMs: number;
    }
  | { readonly kind: 'rerender'; readonly at: number; readonly afterMs: number }
  | { readonly kind: 'off-screen'; readonly what: (typeof OFF_SCREEN)[number] }
  /** The page's data arrives after its cards. Until then each card shows a share of its photos, and then all if it `grows`. */
  | { readonly kind: 'late-data'; readonly afterMs: number; readonly share: number; readonly grows: boolean }
  /** The page's API has another path, or answers in another shape. */
  | { readonly kind: 'api-path' }
  | { readonly kind: 'api-shape'; readonly shape: AnswerShape }
  | { readonly kind: 'verdict-path' };
