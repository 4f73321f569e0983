import type { AnswerShape } from './recs.ts';

/** Class names that belong together: a build that renames one renames all of them. */
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

/** Ways to show a photo, beside the inline background image of the outlines. */
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

/** Things that can come to lie over the page; `harmless` lets every click through. */
export const COVERS = ['popover', 'modal', 'shadow', 'closed-shadow', 'panel', 'transparent', 'harmless'] as const;

/** What a cover can lie over: a button, the middle of the card or of the window, everything. */
export const COVERED = ['like', 'nope', 'card', 'window', 'all'] as const;

/** Cards that are nobody's, by what they have of a real one. */
export const FAKES = ['promo', 'blurred', 'bare', 'nameless'] as const;

/** How more than one card comes to be marked as active: the next one, the last one, a copy, an element inside of one. */
export const ACTIVES = ['below', 'thrown', 'clone', 'nested'] as const;

/** What can move into a shadow tree. */
export const SHADOWED = ['row', 'deck', 'card', 'carousel', 'photo'] as const;

/** Where a second row of buttons is. */
export const SECOND_ROWS = ['above', 'below', 'undisplayed', 'invisible', 'off-screen'] as const;

/** What can lie outside of the window: everything, below or beside it, or the row of buttons alone. */
export const OFF_SCREEN = ['all', 'side', 'row'] as const;

/** Parts of the page, as its scripts name them, and the attributes that each can lose. */
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

/** A button that costs money and came to the row. `label` is one of the page's words, or a word. */
export interface AddedButton {
  readonly kind: 'add-button';
  readonly at: 'first' | 'last' | 'before-like' | 'after-like' | 'before-nope';
  /** The word in its class. */
  readonly sparks: string;
  readonly label: string;
  readonly size: 'large' | 'middle' | 'small';
  /** What its counter says; null: it has none. */
  readonly remaining: number | null;
  /** It has the second icon of Like, Nope and Super Like. */
  readonly secondIcon: boolean;
}

/** A paid button gets what Like is known by: its class's word, its name, its size, no counter; and its second icon. */
export interface Takeover {
  readonly kind: 'paid-takes-over';
  readonly by: 'super-like' | 'first-impression' | 'rewind';
  readonly sparks: boolean;
  readonly name: boolean;
  readonly size: boolean;
  readonly counter: boolean;
  /** Like's own class has this word from now on; null: it stays. */
  readonly like: { readonly sparks: string } | null;
}

/** One change of the page since the outlines; `at` counts cards that came on top, from 0. Times are in milliseconds. */
export type Drift =
  | { readonly kind: 'rename-classes'; readonly family: (typeof FAMILIES)[number] }
  /** Without a part: every part loses it. */
  | { readonly kind: 'drop-attribute'; readonly name: string; readonly part?: string }
  | { readonly kind: 'image'; readonly technique: (typeof TECHNIQUES)[number] }
  /** Only the slide that is shown and its neighbors are in the document; recycled: with three ids that come again. */
  | { readonly kind: 'virtual-slides'; readonly recycled: boolean }
  | { readonly kind: 'tabs'; readonly change: number | 'none' }
  /** "1 of N" has another N. */
  | { readonly kind: 'slide-labels'; readonly change: number }
  | { readonly kind: 'actives'; readonly how: (typeof ACTIVES)[number] }
  | { readonly kind: 'fake-card'; readonly how: (typeof FAKES)[number]; readonly at: number }
  | AddedButton
  | Takeover
  /** Like and Nope become small and the others large, or all are the same. */
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
      /** It goes by itself. */
      readonly forMs?: number;
    }
  /** Another row of buttons that do the same. */
  | { readonly kind: 'second-row'; readonly how: (typeof SECOND_ROWS)[number] }
  /** Like or Nope cannot be pressed just now. */
  | { readonly kind: 'disabled'; readonly by: 'like' | 'nope'; readonly attribute: 'disabled' | 'aria-disabled' }
  /** A card holds another carousel, of people matched before. */
  | { readonly kind: 'extra-carousel'; readonly at: 'before' | 'after' }
  /** The profile opens or closes by itself, as if a person had done it elsewhere. */
  | {
      readonly kind: 'profile';
      readonly how: 'opens' | 'closes' | 'opens-and-closes';
      readonly at: number;
      readonly afterMs: number;
      readonly forMs: number;
    }
  | { readonly kind: 'rerender'; readonly at: number; readonly afterMs: number }
  | { readonly kind: 'off-screen'; readonly what: (typeof OFF_SCREEN)[number] }
  /** The page's own data comes after its cards. Until then they show this share of their photos; `grows`: then all. */
  | { readonly kind: 'late-data'; readonly afterMs: number; readonly share: number; readonly grows: boolean }
  /** The page asks its API under another path, or is answered in another shape. */
  | { readonly kind: 'api-path' }
  | { readonly kind: 'api-shape'; readonly shape: AnswerShape }
  | { readonly kind: 'verdict-path' };
