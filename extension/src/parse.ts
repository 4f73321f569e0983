// Parsers for what the extension tells itself, what it stores, and what it hears from a page. They are small enough for a
// content script. The server's contract is zod's (`shared/src/contract/`), and the worker alone carries it.

/**
 * Returns a copy of a value, with everything that the parser names and nothing else.
 *
 * @throws TypeError that says where the value is wrong. It never quotes the value, which may be private.
 */
export type Parser<Value> = (value: unknown, at?: string) => Value;

/** What a parser returns. */
export type Parsed<Of extends Parser<unknown>> = ReturnType<Of>;

/** Returns what a parser makes of a value, or undefined if it refuses the value. */
export function tryParse<Value>(parse: Parser<Value>, value: unknown): Value | undefined {
  try {
    return parse(value);
  } catch {
    return undefined;
  }
}

function check<Value>(isValid: (value: unknown) => value is Value, expected: string): Parser<Value> {
  return (value, at = 'value') => {
    if (isValid(value)) return value;
    throw new TypeError(`${at} is not ${expected}`);
  };
}

/** A string whose length is in a range. */
export const string = (least = 0, most = Number.POSITIVE_INFINITY): Parser<string> =>
  check(
    (value): value is string => typeof value === 'string' && isIn(value.length, least, most),
    'a string, or its length is out of range',
  );

/** A string that matches a pattern. */
export const matching = (pattern: RegExp): Parser<string> =>
  check(
    (value): value is string => typeof value === 'string' && pattern.test(value),
    `a string that matches ${pattern}`,
  );

/** A finite number in a range, both ends included. */
export const number = (least = -Number.MAX_VALUE, most = Number.MAX_VALUE): Parser<number> =>
  check((value): value is number => isIn(value, least, most), 'a number in range');

/** A whole number in a range, both ends included. */
export const int = (least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER): Parser<number> =>
  check((value): value is number => Number.isSafeInteger(value) && isIn(value, least, most), 'a whole number in range');

/** A confidence or a threshold: a number from 0 to 1, both included. */
export const fraction = number(0, 1);

/** True or false. */
export const boolean: Parser<boolean> = check((value) => typeof value === 'boolean', 'true or false');

/** Anything, and nothing: an object may lack the field. */
export const unknown: Parser<unknown> = (value) => value;

/** One value alone. */
export const literal = <const Value extends string | boolean | null>(only: Value): Parser<Value> =>
  check((value): value is Value => value === only, String(only));

/** One string of a list. */
export const oneOf = <const Value extends string>(values: readonly Value[]): Parser<Value> =>
  check((value): value is Value => values.includes(value as Value), `one of ${values.join(', ')}`);

/** Null, or what another parser takes. */
export const nullable =
  <Value>(parse: Parser<Value>): Parser<Value | null> =>
  (value, at) =>
    value === null ? null : parse(value, at);

/** What another parser takes, or nothing. In an object, the field may be absent. */
export const optional =
  <Value>(parse: Parser<Value>): Parser<Value | undefined> =>
  (value, at) =>
    value === undefined ? undefined : parse(value, at);

/** A list of up to `most` items. */
export const array = <Value>(item: Parser<Value>, most = Number.POSITIVE_INFINITY): Parser<Value[]> => {
  const list = check(
    (value): value is unknown[] => Array.isArray(value) && value.length <= most,
    'a list, or it is too long',
  );
  return (value, at = 'value') => Array.from(list(value, at), (one, index) => item(one, `${at}[${index}]`));
};

type Shape = Readonly<Record<string, Parser<unknown>>>;
type OptionalKey<Of extends Shape> = {
  [Key in keyof Of]: undefined extends Parsed<Of[Key]> ? Key : never;
}[keyof Of];
type ObjectOf<Of extends Shape> = { [Key in Exclude<keyof Of, OptionalKey<Of>>]: Parsed<Of[Key]> } & {
  [Key in OptionalKey<Of>]?: Parsed<Of[Key]>;
};
type Flat<Of> = { [Key in keyof Of]: Of[Key] };

/** An object with these fields. Other fields are left out of the copy. */
export const object = <const Of extends Shape>(shape: Of): Parser<Flat<ObjectOf<Of>>> => {
  const fields = Object.entries(shape);
  const whole = check(
    (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
    'an object',
  );
  return (value, at = 'value') => {
    const given = whole(value, at) as Readonly<Record<string, unknown>>;
    const parsed = fields.map(([key, parse]) => [key, parse(given[key], `${at}.${key}`)]);
    return Object.fromEntries(parsed.filter(([, field]) => field !== undefined));
  };
};

/** What one of several parsers takes; the first that does. */
export const union =
  <const Of extends readonly Parser<unknown>[]>(...parsers: Of): Parser<Parsed<Of[number]>> =>
  (value, at = 'value') => {
    for (const parse of parsers) {
      try {
        return parse(value, at) as Parsed<Of[number]>;
      } catch {
        // The next one may take it.
      }
    }
    throw new TypeError(`${at} has none of the expected shapes`);
  };

function isIn(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}
