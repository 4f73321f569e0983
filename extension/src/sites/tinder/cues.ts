import { numbersIn } from '../dom/digits.ts';

// What tells Like and Nope from the buttons that cost money. Nothing here looks at a page.

/** The two buttons that are ever pressed. */
export type Control = 'like' | 'nope';

/** What a cue says of a button: it is the one wanted, it isn't, or the cue doesn't tell. */
type Vote = 'yes' | 'no' | 'unknown';

/** Independent cues, each weak by itself. */
export interface Cues {
  /** The semantic part of its class, exactly: `like-default-boost` and `super-like-default` are something else. */
  readonly class: Vote;
  /** Its name for screen readers, in a language that is known. */
  readonly name: Vote;
  /** "N remaining" beside it: paid buttons have it. */
  readonly counter: Vote;
  /** Like and Nope are the two biggest of their row. */
  readonly size: Vote;
  /** Nope comes before Like. */
  readonly order: Vote;
  /** As many buttons stand before Nope as after Like. */
  readonly symmetry: Vote;
  /** It has a second icon, as Like, Nope and Super Like have, and others don't. */
  readonly icon: Vote;
}

/** A button of a row: everything about it that a cue looks at. */
export interface RowButton {
  /** What its own class says that it is; see {@link kindsIn}. */
  readonly kinds: readonly string[];
  /** The same of what is around and in it, such as its counter. */
  readonly kindsAround: readonly string[];
  readonly name: Control | 'paid' | undefined;
  readonly hasCounter: boolean;
  readonly hasSecondIcon: boolean;
  /** In pixels; 0: not known. */
  readonly width: number;
  readonly isDisabled: boolean;
}

/** What was found of a control in its row. */
export interface Finding {
  /** How many buttons anything calls so. */
  readonly candidates: number;
  /** The place of the only candidate. */
  readonly at?: number;
  readonly cues?: Cues;
  readonly isProven: boolean;
}

/** Cues that must speak for a button: two of the seven may be missing, as the name is in a language that isn't known. */
const MIN_CUES = 5;

/**
 * Finds Like and Nope in a row, in document order. Each must be the only button that anything calls so, by most cues, of
 * which one names it; and no cue may say otherwise.
 */
export function findInRow(row: readonly RowButton[]): Record<Control, Finding> {
  const called = (control: Control) => row.flatMap((button, at) => (isCalled(button, control) ? [at] : []));
  const [likes, nopes] = [called('like'), called('nope')];
  const finding = (control: Control, places: readonly number[]): Finding => {
    const [at] = places;
    if (at === undefined || row[at]!.isDisabled) return { candidates: 0, isProven: false };
    if (likes.length !== 1 || nopes.length !== 1) return { candidates: places.length, isProven: false };
    const cues = cuesFor(control, row[at]!, row, { like: likes[0]!, nope: nopes[0]! });
    return { candidates: 1, at, cues, isProven: isEnough(cues) };
  };
  return { like: finding('like', likes), nope: finding('nope', nopes) };
}

/** True where a class or a name calls a button so, whatever else they call it. */
export const isCalled = ({ kinds, name }: Pick<RowButton, 'kinds' | 'name'>, control: Control): boolean =>
  kinds.includes(control) || name === control;

function cuesFor(control: Control, button: RowButton, row: readonly RowButton[], at: Record<Control, number>): Cues {
  const vote = (isYes: boolean, isNo: boolean): Vote => (isNo ? 'no' : isYes ? 'yes' : 'unknown');
  const kinds = [...button.kinds, ...button.kindsAround];
  const biggest = Math.max(...row.map(({ width }) => width));
  const isBig = ({ width }: RowButton) => width > biggest * 0.92; // a button that is pressed may shrink a little
  const isPair = row.length > 2 && row.filter(isBig).length === 2;
  const iconsDiffer = row.some(({ hasSecondIcon }) => hasSecondIcon !== row[0]!.hasSecondIcon);
  return {
    class: vote(
      kinds.includes(control),
      kinds.some((kind) => kind !== control),
    ),
    name: vote(button.name === control, button.name !== undefined && button.name !== control),
    counter: vote(
      row.some(({ hasCounter }) => hasCounter),
      button.hasCounter,
    ),
    size: vote(isPair && isBig(button), isPair && !isBig(button)),
    order: vote(at.nope < at.like, at.nope > at.like),
    symmetry: vote(at.nope === row.length - 1 - at.like, false),
    icon: iconsDiffer ? vote(button.hasSecondIcon, !button.hasSecondIcon) : 'unknown',
  };
}

function isEnough(cues: Cues): boolean {
  const votes = Object.values<Vote>({ ...cues });
  const isNamed = cues.class === 'yes' || cues.name === 'yes';
  return isNamed && !votes.includes('no') && votes.filter((vote) => vote === 'yes').length >= MIN_CUES;
}

/** Everything from here to the end of the name is what a button is, and its state. */
const SEMANTIC = 'gamepad-sparks-';

/**
 * What a class says that a button is: `like` for `Bgc($c-ds-background-gamepad-sparks-like-default)`. What isn't said in full
 * and in a known state is `other`, which is never Like.
 */
export function kindsIn(className: string): string[] {
  const said = className.split(/\s+/).flatMap((token) => token.split(SEMANTIC).slice(1));
  return said.map((kind) => /^([a-z-]+)-(?:default|pressed|hover|disabled)(?![\w-])/.exec(kind)?.[1] ?? 'other');
}

/** The buttons' names as languages say them. The English ones were seen (May 2026), the others are translations. */
const NAMES: Readonly<Record<Control, RegExp>> = {
  like: /^(like|curtir|gosto|me gusta|gefällt mir|j['’]aime|mi piace|vind ik leuk|лайк|нравится|beğen|lubię to|gilla|いいね!?|좋아요|喜欢|喜歡|赞|إعجاب|أعجبني|लाइक|پسندیدن)$/iu,
  nope: /^(nope|não|no|nein|non|nee|нет|hayır|nie|nej|いいえ|아니요|不喜欢|不喜歡|لا|नहीं|نه)$/iu,
};
const PAID_NAME = /super|boost|rewind|impression|супер|буст|スーパー|ブースト|슈퍼|부스트|超级|超級|سوبر|सुपर|سوپر/iu;

/** What a name says that a button is, where its language is known. */
export function controlNamed(name: string): Control | 'paid' | undefined {
  const words = name.replaceAll(/\s+/g, ' ').trim();
  if (NAMES.like.test(words)) return 'like';
  if (NAMES.nope.test(words)) return 'nope';
  return PAID_NAME.test(words) ? 'paid' : undefined;
}

/** True for a counter, by its label or by all of its text: "3 remaining", in any script. */
export function isCounter({ label, text }: { readonly label?: string; readonly text?: string }): boolean {
  return numbersIn(label ?? '').length > 0 || /^\p{Nd}+$/u.test(text?.trim() ?? '');
}
