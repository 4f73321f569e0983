/** A person's swipe. On any site, `right` means like and `left` means pass. */
export const SWIPES = ['left', 'right'] as const;

export type Swipe = (typeof SWIPES)[number];

/** What the extension would have done before the person swiped. `hold` leaves the profile to the person. */
export const DECISIONS = [...SWIPES, 'hold'] as const;

export type SwipeDecision = (typeof DECISIONS)[number];

/** What made that decision: the network, a rule such as the age range, or the words of the bio. */
export const DECIDERS = ['network', 'rule', 'words'] as const;

export type Decider = (typeof DECIDERS)[number];

/** Whether the person could see the decision before swiping. `none` means that there was no decision yet. */
export const VERDICTS = ['hidden', 'shown', 'none'] as const;

export type Verdict = (typeof VERDICTS)[number];

/** The longest profile ID in characters. The ID is opaque to the server. */
export const MAX_PROFILE_ID = 128;

/** The lower bound of balanced agreement at which a taste model may swipe, and the range of that setting. */
export const REQUIRED_AGREEMENT = { default: 0.6, min: 0.5, max: 0.95 } as const;
