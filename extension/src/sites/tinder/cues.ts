import { numbersIn } from '../dom/digits.ts';

// How to tell Like and Nope from the buttons that cost money. Nothing here reads a page.

/** The only two buttons that are ever pressed. */
export type Control = 'like' | 'nope';

/** What a cue says about a button: it is the wanted one, it isn't, or the cue can't tell. */
type Vote = 'yes' | 'no' | 'unknown';

/** Independent cues, each weak on its own. */
export interface Cues {
  /** The semantic part of its class, matched exactly: `like-default-boost` and `super-like-default` don't count. */
  readonly class: Vote;
  /** Its name for screen readers, in a known language. */
  readonly name: Vote;
  /** "N remaining" next to it, which paid buttons have. */
  readonly counter: Vote;
  /** Like and Nope are the two biggest buttons in their row. */
  readonly size: Vote;
  /** Nope comes before Like. */
  readonly order: Vote;
  /** There are as many buttons before Nope as after Like. */
  readonly symmetry: Vote;
  /** It has a second icon. Like, Nope and Super Like have one, and the others don't. */
  readonly icon: Vote;
}

/** A button in a row, with everything that the cues need. */
export interface RowButton {
  /** What its own class says it is; see {@link kindsIn}. */
  readonly kinds: readonly string[];
  /** The same for the elements around and inside it, such as its counter. */
  readonly kindsAround: readonly string[];
  readonly name: Control | 'paid' | undefined;
  readonly hasCounter: boolean;
  readonly hasSecondIcon: boolean;
  /** In pixels; 0 if unknown. */
  readonly width: number;
  readonly isDisabled: boolean;
}

/** The result of looking for a control in its row. */
export interface Finding {
  /** How many buttons have this control's class or name. */
  readonly candidates: number;
  /** The position of the only candidate. */
  readonly at?: number;
  readonly cues?: Cues;
  readonly isProven?: boolean;
}

/** How many of the seven cues a button needs. Two may be missing, such as the name in an unknown language. */
const MIN_CUES = 5;

/**
 * Finds Like and Nope in a row, given in document order. Each must be the only candidate. At least {@link MIN_CUES}
 * cues must speak for it, among them its class or its name, and none against it.
 */
export function findInRow(row: readonly RowButton[]): Record<Control, Finding> {
  const called = (control: Control) => row.flatMap((button, at) => (isCalled(button, control) ? [at] : []));
  const [likes, nopes] = [called('like'), called('nope')];
  const finding = (control: Control, places: readonly number[]): Finding => {
    const [at] = places;
    if (at === undefined || row[at]!.isDisabled) return { candidates: 0 };
    if (likes.length !== 1 || nopes.length !== 1) return { candidates: places.length };
    const cues = cuesFor(control, row[at]!, row, { like: likes[0]!, nope: nopes[0]! });
    return { candidates: 1, at, cues, isProven: isEnough(cues) };
  };
  return { like: finding('like', likes), nope: finding('nope', nopes) };
}

/** Returns whether a button's class or name says that it is this control, even if they also say otherwise. */
export const isCalled = ({ kinds, name }: Pick<RowButton, 'kinds' | 'name'>, control: Control): boolean =>
  kinds.includes(control) || name === control;

function cuesFor(control: Control, button: RowButton, row: readonly RowButton[], at: Record<Control, number>): Cues {
  const vote = (isYes: boolean, isNo: boolean): Vote => (isNo ? 'no' : isYes ? 'yes' : 'unknown');
  const kinds = [...button.kinds, ...button.kindsAround];
  const biggest = Math.max(...row.map(({ width }) => width));
  const isBig = ({ width }: RowButton) => width > biggest * 0.92; // a pressed button may shrink a little
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

/** In a class name, the kind of button and its state follow this prefix. */
const SEMANTIC = 'gamepad-sparks-';

/**
 * Returns what a class says a button is: `like` for `Bgc($c-ds-background-gamepad-sparks-like-default)`. A name that
 * isn't complete or isn't in a known state is `other`, which never counts as Like.
 */
export function kindsIn(className: string): string[] {
  const said = className.split(/\s+/).flatMap((token) => token.split(SEMANTIC).slice(1));
  return said.map((kind) => /^([a-z-]+)-(?:default|pressed|hover|disabled)(?![\w-])/.exec(kind)?.[1] ?? 'other');
}

/** The buttons' names in several languages. The English ones were seen (May 2026); the others are translations. */
const NAMES: Readonly<Record<Control, RegExp>> = {
  like: /^(like|curtir|gosto|me gusta|gefällt mir|j['’]aime|mi piace|vind ik leuk|лайк|нравится|beğen|lubię to|gilla|いいね!?|좋아요|喜欢|喜歡|赞|إعجاب|أعجبني|लाइक|پسندیدن)$/iu,
  nope: /^(nope|não|no|nein|non|nee|нет|hayır|nie|nej|いいえ|아니요|不喜欢|不喜歡|لا|नहीं|نه)$/iu,
};
const PAID_NAME = /super|boost|rewind|impression|супер|буст|スーパー|ブースト|슈퍼|부스트|超级|超級|سوبر|सुपर|سوپر/iu;

/** Returns what a name says a button is, if its language is known. */
export function controlNamed(name: string): Control | 'paid' | undefined {
  const words = name.replaceAll(/\s+/g, ' ').trim();
  if (NAMES.like.test(words)) return 'like';
  if (NAMES.nope.test(words)) return 'nope';
  return PAID_NAME.test(words) ? 'paid' : undefined;
}

/** Returns whether a label or text is a counter, such as "3 remaining", in any script. */
export function isCounter(label: string | null, text: string): boolean {
  return numbersIn(label ?? '').length > 0 || /^\p{Nd}+$/u.test(text.trim());
}
