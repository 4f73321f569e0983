import { fractionSchema } from '@swipenet/shared/fraction.ts';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod/mini';
import {
  array,
  boolean,
  both,
  fraction,
  int,
  literal,
  matching,
  nullable,
  number,
  object,
  oneOf,
  optional,
  type Parsed,
  type Parser,
  string,
  tryParse,
  union,
  unknown,
} from './parse.ts';

/** A parser and its equivalent zod schema. */
type Pair = readonly [Parser<unknown>, z.ZodMiniType];

const simple: readonly Pair[] = [
  [string(), z.string()],
  [string(1, 3), z.string().check(z.minLength(1), z.maxLength(3))],
  [matching(/^a+$/), z.string().check(z.regex(/^a+$/))],
  [number(), z.number()],
  [number(-1, 2), z.number().check(z.gte(-1), z.lte(2))],
  [int(), z.int()],
  [int(1, 9), z.int().check(z.gte(1), z.lte(9))],
  [fraction, fractionSchema],
  [boolean, z.boolean()],
  [literal('a'), z.literal('a')],
  [literal(true), z.literal(true)],
  [literal(null), z.null()],
  [oneOf(['a', 'b']), z.enum(['a', 'b'])],
  [unknown, z.optional(z.unknown())],
];

const keys = ['a', 'b', 'kind'];

const { pair } = fc.letrec<{ pair: Pair; leaf: Pair }>((tie) => ({
  leaf: fc.constantFrom(...simple),
  pair: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    tie('pair').map(([parse, schema]): Pair => [array(parse), z.array(schema)]),
    tie('pair').map(([parse, schema]): Pair => [array(parse, 2), z.array(schema).check(z.maxLength(2))]),
    tie('pair').map(([parse, schema]): Pair => [nullable(parse), z.nullable(schema)]),
    fc.tuple(tie('pair'), tie('pair')).map(([one, other]): Pair => {
      return [union(one[0], other[0]), z.union([one[1], other[1]])];
    }),
    fc.dictionary(fc.constantFrom(...keys), fc.tuple(tie('pair'), fc.boolean())).map((fields): Pair => {
      const of = (side: 0 | 1, wrap: (field: never) => unknown) =>
        Object.fromEntries(
          Object.entries(fields).map(([key, [field, may]]) => [key, may ? wrap(field[side] as never) : field[side]]),
        );
      return [object(of(0, optional) as never), z.object(of(1, z.optional) as never)] as const;
    }),
  ),
}));

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', 'aa', '', 'abcd', null, true, false, undefined),
    fc.constantFrom(0, 1, 0.5, -1, 2, 9, 10, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, -0),
    fc.anything(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value')),
  ),
}));

describe('a parser', () => {
  it('accepts what the equivalent zod schema accepts, and returns the same copy', () => {
    fc.assert(
      fc.property(pair, value, ([parse, schema], given) => {
        const expected = schema.safeParse(given);
        if (expected.success) expect(parse(given)).toEqual(expected.data);
        else expect(() => parse(given)).toThrow(TypeError);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [string(), 1, 'value is not a string, or its length is out of range'],
    [int(1, 9), 10, 'value is not a whole number in range'],
    [oneOf(['on', 'off']), 'of', 'value is not one of on, off'],
    [array(number()), [1, 'secret'], 'value[1] is not a number in range'],
    [object({ a: object({ b: boolean }) }), { a: { b: 'secret' } }, 'value.a.b is not true or false'],
    [object({ a: string() }), {}, 'value.a is not a string, or its length is out of range'],
    [object({}), null, 'value is not an object'],
    [object({ a: union(string(), literal(null)) }), { a: 7 }, 'value.a has none of the expected shapes'],
  ])('says where a value is wrong without quoting it (%#)', (parse: Parser<unknown>, given, message) => {
    expect(() => parse(given)).toThrow(new TypeError(message));
    expect(tryParse(parse, given)).toBeUndefined();
  });

  it('returns a copy without the fields that it does not name', () => {
    const given = { a: { b: 1, c: 2 }, d: 3 };
    const parsed = object({ a: object({ b: number() }), e: optional(number()) })(given);
    expect(Object.keys(parsed)).toEqual(['a']);
    expect(parsed).toEqual({ a: { b: 1 } });
    expect(parsed.a).not.toBe(given.a);
  });

  it('of two objects accepts what both accept, and returns the fields of both', () => {
    const parse = both(object({ a: string() }), object({ b: optional(number()) }));
    expect(parse({ a: '1', b: 2, c: 3 })).toEqual({ a: '1', b: 2 });
    expect(parse({ a: '1' })).toEqual({ a: '1' });
    expect(() => parse({ b: 2 }, 'label')).toThrow('label.a is not a string');
    expect(() => parse({ a: '1', b: '2' }, 'label')).toThrow('label.b is not a number');
    expectTypeOf<Parsed<typeof parse>>().toEqualTypeOf<{ a: string; b?: number | undefined }>();
  });

  it('infers the type of what it returns', () => {
    const parse = object({
      kind: literal('a'),
      mode: oneOf(['on', 'off']),
      photos: array(union(object({ url: string() }), object({ missing: literal(true) }))),
      limit: nullable(int()),
      detail: optional(string()),
    });
    expectTypeOf<Parsed<typeof parse>>().toEqualTypeOf<{
      kind: 'a';
      mode: 'on' | 'off';
      photos: ({ url: string } | { missing: true })[];
      limit: number | null;
      detail?: string | undefined;
    }>();
  });

  it('does not compile if a field of the type is missing', () => {
    // @ts-expect-error: `b` is missing
    const parse: Parser<{ a: string; b: string }> = object({ a: string() });
    expect(parse({ a: '1' })).toEqual({ a: '1' });
  });
});
