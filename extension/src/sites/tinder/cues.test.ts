import { describe, expect, it } from 'vitest';
import { GAMEPAD, type GamepadButton } from '../../../../test/support/tinder-card.ts';
import { controlNamed, findInRow, isCounter, kindsIn, type RowButton } from './cues.ts';

/** A button in a row. Its key identifies it through every mutation. */
type Button = GamepadButton & { readonly key: string; readonly disabled?: boolean };

const named = (buttons: Readonly<Record<string, GamepadButton>>): Button[] =>
  Object.entries(buttons).map(([key, button]) => ({ key, ...button }));

const { rewind, nope, superLike, like } = GAMEPAD as Record<'rewind' | 'nope' | 'superLike' | 'like', GamepadButton>;
const BOOST: GamepadButton = { kind: 'boost', name: 'Boost', size: 48 };

/** The rows of the saved pages, and one that ends with a Boost. */
const ROWS: Readonly<Record<string, readonly Button[]>> = {
  'closed profile': named(GAMEPAD),
  'open profile': named({ nope, superLike, like }),
  'with a boost': named({ rewind, nope, superLike, like, boost: BOOST }),
  'with a boost that has a supply': named({ rewind, nope, superLike, like, boost: { ...BOOST, remaining: 2 } }),
};

const semantic = (kind: string | undefined) =>
  kind ? `D(b) Bgc($c-ds-background-gamepad-sparks-${kind}-default) c1p6lbu0` : 'D(b) c1p6lbu0';

const rowOf = (buttons: readonly Button[]): RowButton[] =>
  buttons.map(({ kind, counterKind = kind, name = '', remaining, icons, size, disabled = false }) => ({
    kinds: kindsIn(semantic(kind)),
    kindsAround: remaining === undefined ? [] : kindsIn(semantic(counterKind)),
    name: controlNamed(name),
    hasCounter: remaining !== undefined,
    hasSecondIcon: icons === 2,
    width: size,
    isDisabled: disabled,
  }));

/** The keys of the buttons that may be pressed. Undefined unless both are proven. */
function proven(buttons: readonly Button[]): { like: string; nope: string } | undefined {
  const found = findInRow(rowOf(buttons));
  if (!found.like.isProven || !found.nope.isProven) return undefined;
  return { like: buttons[found.like.at!]!.key, nope: buttons[found.nope.at!]!.key };
}

const TRUE = { like: 'like', nope: 'nope' };

/** A named change to a row. It does nothing if the row lacks the button. */
type Mutation = readonly [name: string, mutate: (row: readonly Button[]) => readonly Button[]];

const change = (row: readonly Button[], key: string, changed: (button: Button) => Button) =>
  row.map((button) => (button.key === key ? changed(button) : button));

/** Changes one button. */
const one = (key: string, what: string, changed: (button: Button) => Button): Mutation => [
  `${key} ${what}`,
  (row) => change(row, key, changed),
];

const every = (what: string, changed: (button: Button) => Button): Mutation => [
  `every button ${what}`,
  (row) => row.map(changed),
];

/** Changes two buttons, each depending on the other. */
const pair = (
  first: string,
  what: string,
  second: string,
  changed: (first: Button, second: Button) => readonly [Button, Button],
): Mutation => [
  `${first} ${what} ${second}`,
  (row) => {
    const [a, b] = [first, second].map((key) => row.find((button) => button.key === key));
    if (!a || !b) return row;
    const [nowA, nowB] = changed(a, b);
    return change(
      change(row, first, () => nowA),
      second,
      () => nowB,
    );
  },
];

const move = (key: string, where: 'before' | 'after', place: string): Mutation => [
  `${key} comes ${where} ${place}`,
  (row) => {
    const moved = row.find((button) => button.key === key);
    const rest = row.filter((button) => button.key !== key);
    const at = rest.findIndex((button) => button.key === place);
    if (!moved || at === -1) return row;
    return rest.toSpliced(where === 'before' ? at : at + 1, 0, moved);
  },
];

const remove = (key: string): Mutation => [`${key} is gone`, (row) => row.filter((button) => button.key !== key)];

const add = (
  what: string,
  where: 'before' | 'after',
  place: string,
  button: GamepadButton & { readonly key?: string },
): Mutation => [
  `${what} comes ${where} ${place}`,
  (row) => {
    const at = row.findIndex(({ key }) => key === place);
    return at === -1 ? row : row.toSpliced(where === 'before' ? at : at + 1, 0, { key: 'stranger', ...button });
  },
];

const without = <Key extends keyof Button>(button: Button, key: Key): Button => {
  const { [key]: _, ...rest } = button;
  return rest as Button;
};
const kindOf = (button: Button, { kind }: { readonly kind?: string | undefined }): Button =>
  kind === undefined
    ? { ...without(button, 'kind'), counterKind: button.kind }
    : { ...button, kind, counterKind: button.kind };
const nameOf = (button: Button, { name }: { readonly name?: string | undefined }): Button =>
  name === undefined ? without(button, 'name') : { ...button, name };
const resized = (button: Button, size: number): Button => ({ ...button, size });

const PAID = ['rewind', 'superLike', 'firstImpressions', 'boost'];
const OWN = ['like', 'nope'];

const MUTATIONS: readonly Mutation[] = [
  ...PAID.flatMap((paid) =>
    OWN.flatMap((own) => [
      pair(paid, 'takes over the class of', own, (a, b) => [kindOf(a, b), without(b, 'kind')]),
      pair(paid, 'copies the class of', own, (a, b) => [kindOf(a, b), b]),
      pair(paid, 'swaps classes with', own, (a, b) => [kindOf(a, b), kindOf(b, a)]),
      pair(paid, 'swaps classes, including its counter’s, with', own, (a, b) => [
        { ...kindOf(a, b), counterKind: b.kind },
        kindOf(b, a),
      ]),
      pair(paid, 'takes over the name of', own, (a, b) => [nameOf(a, b), without(b, 'name')]),
      pair(paid, 'copies the name of', own, (a, b) => [nameOf(a, b), b]),
      pair(paid, 'swaps names with', own, (a, b) => [nameOf(a, b), nameOf(b, a)]),
      pair(paid, 'swaps sizes with', own, (a, b) => [resized(a, b.size), resized(b, a.size)]),
      move(paid, 'before', own),
      move(paid, 'after', own),
    ]),
  ),
  ...PAID.flatMap((paid) => [
    one(paid, 'loses its counter', (button) => without(button, 'remaining')),
    one(paid, 'grows', (button) => resized(button, 64)),
    one(paid, 'is renamed', (button) => ({ ...button, name: 'Xyz' })),
    one(paid, 'loses its class', (button) => without(button, 'kind')),
    remove(paid),
  ]),
  ...OWN.flatMap((own) => [
    one(own, 'shrinks', (button) => resized(button, 48)),
    one(own, 'grows', (button) => resized(button, 80)),
    one(own, 'is renamed', (button) => ({ ...button, name: 'Xyz' })),
    one(own, 'loses its class', (button) => without(button, 'kind')),
    one(own, 'has a class that only begins like its own', (button) => ({
      ...button,
      kind: `${button.kind}-default-boost`,
    })),
    one(own, 'has a class that only ends like its own', (button) => ({ ...button, kind: `mega-${button.kind}` })),
    one(own, 'has a counter', (button) => ({ ...button, remaining: 5 })),
    one(own, 'is disabled', (button) => ({ ...button, disabled: true })),
    remove(own),
  ]),
  ...(['kind', 'name'] as const).map((what) =>
    pair('like', `swaps its ${what} with`, 'nope', (a, b) =>
      what === 'kind' ? [kindOf(a, b), kindOf(b, a)] : [nameOf(a, b), nameOf(b, a)],
    ),
  ),
  move('like', 'before', 'nope'),
  ...OWN.map((own) => one(own, 'loses its second icon', (button) => without(button, 'icons'))),
  every('loses its second icon', (button) => without(button, 'icons')),
  every('has a second icon', (button) => ({ ...button, icons: 2 })),
  every('loses its name', (button) => without(button, 'name')),
  every('loses its class', (button) => without({ ...button, counterKind: undefined }, 'kind')),
  every('loses its counter', (button) => without(button, 'remaining')),
  every('is as big as the others', (button) => resized(button, 56)),
  every('has no size', (button) => resized(button, 0)),
  ['the row is reversed', (row) => row.toReversed()],
  ...(['before', 'after'] as const).flatMap((where) =>
    OWN.flatMap((own) => [
      add('a duplicate', where, own, { ...(own === 'like' ? like : nope), key: own }),
      add('a paid button without a counter', where, own, { kind: 'super-like', name: 'Super Like', size: 48 }),
      add('a paid button of the same size', where, own, { kind: 'boost', name: 'Boost', size: 64 }),
      add('an unknown button', where, own, { name: 'Xyz', size: 48 }),
      add('an unknown button of the same size', where, own, { name: 'Xyz', size: 64 }),
      add('a paid button with the class of Like', where, own, { kind: 'like', name: 'Xyz', remaining: 1, size: 48 }),
      add('a paid button named Like', where, own, { kind: 'boost', name: 'Like', size: 48 }),
      add('a like-default-boost', where, own, { kind: 'like-default-boost', name: 'Boost', size: 48 }),
    ]),
  ),
];

const LANGUAGES: Readonly<Record<string, (row: readonly Button[]) => readonly Button[]>> = {
  English: (row) => row,
  'an unknown language': (row) => row.map((button, at) => ({ ...button, name: `ꙮ${at}` })),
};

/** If Like and Nope trade class and place, only their names can tell them apart, if the language is known. */
const haveTraded = (...names: string[]) =>
  names.includes('like swaps its kind with nope') &&
  (names.includes('like comes before nope') || names.includes('the row is reversed'));

const mutation = (name: string) => {
  const [, mutate] = MUTATIONS.find(([known]) => known === name)!;
  return mutate;
};

describe.each(Object.entries(ROWS))('the row of a %s', (_, row) => {
  describe.each(Object.entries(LANGUAGES))('in %s', (__, speak) => {
    it('proves its Like and its Nope', () => {
      expect(proven(speak(row))).toEqual(TRUE);
    });

    it('proves both or neither after any two changes', () => {
      const wrong: string[] = [];
      for (const [first, begin] of MUTATIONS) {
        for (const [second, go] of MUTATIONS) {
          const found = proven(go(begin(speak(row))));
          const isTrue = !found || (found.like === 'like' && found.nope === 'nope');
          if (!isTrue && !haveTraded(first, second)) wrong.push(`${first}, and ${second}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  });
});

it.each([
  'every button loses its class',
  'every button loses its name',
  'every button loses its counter',
  'every button is as big as the others',
  'every button has no size',
  'like loses its class',
  'like is renamed',
  'like shrinks',
  'superLike loses its counter',
  'superLike is gone',
  'a paid button without a counter comes before like',
  'a paid button of the same size comes after like',
  'an unknown button comes before nope',
  'a like-default-boost comes after like',
])('finds both in English when %s', (name) => {
  expect(proven(mutation(name)(ROWS['closed profile']!))).toEqual(TRUE);
});

it.each([
  'every button loses its counter',
  'every button is as big as the others',
  'like shrinks',
  'superLike is gone',
  'an unknown button comes before nope',
  'a paid button of the same size comes after like',
])('finds both in an unknown language when %s', (name) => {
  const row = LANGUAGES['an unknown language']!(ROWS['closed profile']!);
  expect(proven(mutation(name)(row))).toEqual(name.startsWith('a paid') ? undefined : TRUE);
});

it.each([
  ['superLike takes over the class of like', 'control_ambiguous'],
  ['superLike copies the class of like', 'control_ambiguous'],
  ['firstImpressions takes over the class of like', 'control_ambiguous'],
  ['rewind takes over the class of nope', 'control_ambiguous'],
  ['superLike takes over the name of like', 'control_ambiguous'],
  ['like swaps its kind with nope', 'control_ambiguous'],
  ['like comes before nope', 'control_ambiguous'],
  ['superLike swaps sizes with like', 'control_ambiguous'],
  ['like has a counter', 'control_ambiguous'],
  ['like has a class that only begins like its own', 'control_ambiguous'],
  ['a duplicate comes after like', 'control_ambiguous'],
  ['like is gone', 'control_missing'],
  ['nope is gone', 'control_missing'],
  ['like is disabled', 'control_missing'],
])('finds neither when %s: %s', (name, why) => {
  const row = mutation(name)(ROWS['closed profile']!);
  expect(proven(row)).toBeUndefined();
  const { like: right, nope: left } = findInRow(rowOf(row));
  const isMissing = right.candidates === 0 || left.candidates === 0;
  expect(isMissing ? 'control_missing' : 'control_ambiguous').toBe(why);
});

it.each([
  [
    'Bgc($c-ds-background-gamepad-sparks-like-default) Bgi($g-ds-background-gamepad-sparks-like-pressed):a',
    ['like', 'like'],
  ],
  ['Bgc($c-ds-background-gamepad-sparks-super-like-default)', ['super-like']],
  ['gamepad-sparks-like-default', ['like']],
  ['gamepad-sparks-like-default-boost', ['other']],
  ['gamepad-sparks-like', ['other']],
  ['gamepad-sparks-likes-default', ['likes']],
  ['gamepad-sparks-like-defaulted', ['other']],
  ['gamepad-button like-default', []],
])('reads the class %s as %j', (className, kinds) => {
  expect(kindsIn(className)).toEqual(kinds);
});

it.each([
  ['Like', 'like'],
  [' like ', 'like'],
  ['Curtir', 'like'],
  ['إعجاب', 'like'],
  ['Nope', 'nope'],
  ['Não', 'nope'],
  ['Super Like', 'paid'],
  ['Super\n Like', 'paid'],
  ['First Impressions', 'paid'],
  ['スーパーライク', 'paid'],
  ['Likes', undefined],
  ['Like someone', undefined],
  ['', undefined],
])('reads the name "%s" as %s', (name, control) => {
  expect(controlNamed(name)).toBe(control);
});

it.each([
  ['3 remaining', '', true],
  ['باقي ٣', '', true],
  ['०', '', true],
  [null, '۱۲', true],
  ['Like', '', false],
  [null, '3 likes', false],
  [null, '', false],
])('is a counter with the label "%s" and the text "%s": %s', (label, text, is) => {
  expect(isCounter(label, text)).toBe(is);
});
