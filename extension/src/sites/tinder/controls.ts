import { numbersIn } from '../dom/digits.ts';
import { resolve, resolveAll } from '../dom/roles.ts';
import { ANCHORS, BELOW } from './anchors.ts';
import { isInDialog } from './dialogs.ts';
import { isDisabled } from './photos.ts';

/** The two buttons that are ever pressed. */
export type Control = 'like' | 'nope';

/** What a cue says of a button: it is the one wanted, it isn't, or the cue doesn't tell. */
type Vote = 'yes' | 'no' | 'unknown';

/** Independent cues, each by itself weak. Together they tell Like and Nope from everything that could cost money. */
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
}

/** A button that something calls Like or Nope, and whether it is. */
export interface ControlSight {
  /** How many buttons something calls so. */
  readonly candidates: number;
  /** The only candidate, where one is. */
  readonly button?: HTMLElement;
  readonly cues?: Cues;
  readonly isProven: boolean;
}

/** Both buttons of a surface, and the row that holds them. */
export interface Controls extends Readonly<Record<Control, ControlSight>> {
  readonly row?: Element;
}

const BUTTON = 'button, [role=button]';

/** Cues that must speak for a button; one more where the row has a button that nothing tells of. */
const MIN_CUES = 3;

/**
 * Like and Nope of a surface: in the first element around it that holds candidates for both. Each must be the only one that
 * anything calls so, in one row with the other, by at least three cues of which one names it, and by none otherwise.
 */
export function findControls(document: Document, { root, carousel }: { root: Element; carousel: Element }): Controls {
  const buttons = [...document.querySelectorAll<HTMLElement>(BUTTON)].filter(
    (button) =>
      !button.closest(BELOW) &&
      !carousel.contains(button) &&
      !button.querySelector(BUTTON) &&
      !isInDialog(button) &&
      isShown(button),
  );
  const called = (control: Control) =>
    buttons.filter((button) => kindsOf(button).has(control) || nameOf(button) === control);
  const all = { like: called('like'), nope: called('nope') };
  let scope: Element = root;
  while (scope.parentElement && !(holdsAny(scope, all.like) && holdsAny(scope, all.nope))) scope = scope.parentElement;
  const likes = all.like.filter((button) => scope.contains(button));
  const nopes = all.nope.filter((button) => scope.contains(button));
  const [like, nope] = [likes[0], nopes[0]];
  const found = { like: sight(likes), nope: sight(nopes) };
  if (!like || !nope) return found;
  let row = like;
  while (!row.contains(nope)) row = row.parentElement!;
  if (likes.length > 1 || nopes.length > 1 || like === nope || row.contains(carousel)) return { ...found, row };
  const items = itemsOf(row, buttons);
  const inOrder = buttons.indexOf(nope) < buttons.indexOf(like);
  return { row, like: prove('like', like, items, inOrder), nope: prove('nope', nope, items, inOrder) };
}

const holdsAny = (scope: Element, buttons: readonly Element[]) => buttons.some((button) => scope.contains(button));

/** Not every button that can be seen is in the window: that is another question. */
const isShown = (button: Element) => button.checkVisibility({ visibilityProperty: true, opacityProperty: true });

const sight = (candidates: readonly HTMLElement[]): ControlSight => ({
  candidates: candidates.length,
  isProven: false,
  ...(candidates.length === 1 && { button: candidates[0]! }),
});

/** A button of the row, with everything about it that a cue looks at. */
interface Item {
  readonly button: HTMLElement;
  /** Its own, and those of what is around and in it, as on its counter. */
  readonly kinds: ReadonlySet<string>;
  readonly name: Control | 'paid' | undefined;
  readonly hasCounter: boolean;
  /** Width in pixels. */
  readonly width: number;
}

function itemsOf(row: Element, buttons: readonly HTMLElement[]): Item[] {
  const members = buttons.filter((button) => row.contains(button));
  const sized = members.map((button) => {
    const wrapper = wrapperOf(button, row, members);
    const kinds = new Set([wrapper, ...wrapper.querySelectorAll('[class]')].flatMap((part) => [...kindsOf(part)]));
    const name = nameOf(button);
    const [outer, inner] = [wrapper, button].map((box) => Math.round(box.getBoundingClientRect().width));
    return { button, kinds, name, hasCounter: hasCounter(wrapper), outer: outer!, inner: inner! };
  });
  const wrappersDiffer = new Set(sized.map(({ outer }) => outer)).size > 1;
  return sized.map(({ outer, inner, ...item }) => ({ ...item, width: wrappersDiffer ? outer : inner }));
}

/** What surrounds one button alone: the row's own, or what a class calls so. */
function wrapperOf(button: HTMLElement, row: Element, members: readonly HTMLElement[]): Element {
  let wrapper: Element = button;
  for (let around = button.parentElement; around && around !== row; around = around.parentElement) {
    if (members.some((other) => other !== button && around.contains(other))) break;
    wrapper = around;
    if (around.matches(ANCHORS.gamepadWrapper[0].match)) break;
  }
  return wrapper;
}

function hasCounter(wrapper: Element): boolean {
  const labels = resolveAll(ANCHORS.counter, wrapper).map((counter) => counter.getAttribute('aria-label') ?? '');
  const texts = [...wrapper.querySelectorAll('*')]
    .filter(({ childElementCount }) => childElementCount === 0)
    .map(({ textContent }) => textContent.trim())
    .filter((text) => /^\p{Nd}+$/u.test(text));
  return [...labels, ...texts].some((text) => numbersIn(text).length > 0);
}

function prove(control: Control, button: HTMLElement, items: readonly Item[], inOrder: boolean): ControlSight {
  const cues = cuesFor(control, items.find((item) => item.button === button)!, items, inOrder);
  const votes = Object.values(cues);
  const yes = votes.filter((vote) => vote === 'yes').length;
  const isKnown = ({ kinds, name, hasCounter: counts }: Item) => kinds.size > 0 || name !== undefined || counts;
  const enough = yes >= MIN_CUES + (items.every(isKnown) ? 0 : 1);
  const named = cues.class === 'yes' || cues.name === 'yes';
  const isProven = enough && named && !votes.includes('no') && !isDisabled(button);
  return { candidates: isDisabled(button) ? 0 : 1, button, cues, isProven };
}

function cuesFor(control: Control, item: Item, items: readonly Item[], inOrder: boolean): Cues {
  const { kinds, name, hasCounter: counts, width } = item;
  const vote = (isYes: boolean, isNo: boolean): Vote => (isNo ? 'no' : isYes ? 'yes' : 'unknown');
  const biggest = Math.max(...items.map((other) => other.width));
  const isBig = (other: Item) => other.width > biggest * 0.92; // a button that is pressed may shrink a little
  const pair = items.filter(isBig).length === 2 && items.length > 2 && width > 0;
  return {
    class: vote(kinds.has(control), kinds.size > (kinds.has(control) ? 1 : 0)),
    name: vote(name === control, name !== undefined && name !== control),
    counter: vote(
      items.some((other) => other.hasCounter),
      counts,
    ),
    size: vote(pair && isBig(item), pair && !isBig(item)),
    order: inOrder ? 'yes' : 'no',
  };
}

/** Everything from here to the class's end is what a button is, and its state. */
const SEMANTIC = 'gamepad-sparks-';

/**
 * What a class says that a button is: `like` for `Bgc($c-ds-background-gamepad-sparks-like-default)`. What isn't said in full
 * and in a known state is `other`, which is never Like.
 */
function kindsOf(element: Element): Set<string> {
  const said = (element.getAttribute('class') ?? '').split(/\s+/).flatMap((token) => token.split(SEMANTIC).slice(1));
  return new Set(
    said.map((kind) => /^([a-z-]+)-(?:default|pressed|hover|disabled)(?![\w-])/.exec(kind)?.[1] ?? 'other'),
  );
}

/** A button's names, as its languages say them. "Like" in English is seen; the others are translations. */
const NAMES: Readonly<Record<Control, RegExp>> = {
  like: /^(like|curtir|gosto|me gusta|gefällt mir|j['’]aime|mi piace|vind ik leuk|лайк|нравится|beğen|lubię to|gilla|いいね!?|좋아요|喜欢|喜歡|赞|إعجاب|أعجبني|लाइक|پسندیدن)$/iu,
  nope: /^(nope|não|nao|no|nein|non|nee|нет|hayır|nie|nej|いいえ|아니요|不喜欢|不喜歡|لا|नहीं|نه)$/iu,
};
const PAID_NAME = /super|boost|rewind|impression|супер|буст|スーパー|ブースト|슈퍼|부스트|超级|超級|سوبر|सुपर|سوپر/iu;

function nameOf(button: HTMLElement): Control | 'paid' | undefined {
  const hidden = resolve(ANCHORS.buttonName, button)[0]?.textContent;
  const name = (button.getAttribute('aria-label') || hidden || button.textContent).replace(/\s+/g, ' ').trim();
  if (NAMES.like.test(name)) return 'like';
  if (NAMES.nope.test(name)) return 'nope';
  return PAID_NAME.test(name) ? 'paid' : undefined;
}
