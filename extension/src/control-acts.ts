import { fraction, literal, object, oneOf, type Parsed, string, union } from './parse.ts';

// What the person can do in the control on a dating page. Popup and keys share the modes.

/** The states of the control: do nothing, show what Swipenet would do, learn from the person's swipes, or swipe. */
export const MODES = ['off', 'show', 'learn', 'swipe'] as const;

export type Mode = (typeof MODES)[number];

/** Where the control on the page stands, as shares of the free space, from 0 to 1. */
export const parsePlace = object({ x: fraction, y: fraction });

export type Place = Parsed<typeof parsePlace>;

/**
 * What the worker does for the control: it chooses a mode, starts a new session of swipes because the person clicked Resume,
 * remembers the control's place on a site, or hides it on every page until the popup shows it again.
 */
export const parseControlAct = union(
  object({ act: literal('choose'), mode: oneOf(MODES) }),
  object({ act: literal('place'), site: string(1), place: parsePlace }),
  object({ act: oneOf(['renew', 'hide']) }),
);

export type ControlAct = Parsed<typeof parseControlAct>;
