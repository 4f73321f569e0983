// Parsers for the extension's own messages, for what it stores, and for what it receives from a page. They are small enough
// for a content script. `NO_SIDE_EFFECTS` lets the bundler leave out the parsers that a script doesn't use, such as those of
// the requests that it sends. The contract with the server uses zod (`shared/src/contract/`), which only the worker loads.

/**
 * Returns a copy of the value that contains only what the parser names.
 *
 * @throws TypeError saying where the value is wrong. The error never quotes the value, which may be private.
 */
export type Parser<Value> = (value: unknown, at?: string) => Value;

/** The type that a parser returns. */
export type Parsed<Of extends Parser<unknown>> = ReturnType<Of>;

/** Returns the parsed value, or undefined if the parser rejects it. */
export function tryParse<Value>(parse: Parser<Value>, value: unknown): Value | undefined {
  try {
    return parse(value);
  } catch {
    return undefined;
  }
}

/* @__NO_SIDE_EFFECTS__ */
function check<Value>(isValid: (value: unknown) => value is Value, expected: string): Parser<Value> {
  return (value, at = 'value') => {
    if (isValid(value)) return value;
    throw new TypeError(`${at} is not ${expected}`);
  };
}

/** A string with a length in a range, both ends included. */
/* @__NO_SIDE_EFFECTS__ */
export const string = (min = 0, max = Number.POSITIVE_INFINITY): Parser<string> =>
  check(
    (value): value is string => typeof value === 'string' && isIn(value.length, min, max),
    'a string, or its length is out of range',
  );

/** A string that matches a pattern. */
/* @__NO_SIDE_EFFECTS__ */
export const matching = (pattern: RegExp): Parser<string> =>
  check(
    (value): value is string => typeof value === 'string' && pattern.test(value),
    `a string that matches ${pattern}`,
  );

/** A finite number in a range, both ends included. */
/* @__NO_SIDE_EFFECTS__ */
export const number = (min = -Number.MAX_VALUE, max = Number.MAX_VALUE): Parser<number> =>
  check((value): value is number => isIn(value, min, max), 'a number in range');

/** A whole number in a range, both ends included. */
/* @__NO_SIDE_EFFECTS__ */
export const int = (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): Parser<number> =>
  check((value): value is number => Number.isSafeInteger(value) && isIn(value, min, max), 'a whole number in range');

/** A confidence or a threshold: a number from 0 to 1, both included. */
export const fraction = number(0, 1);

/** True or false. */
export const boolean: Parser<boolean> = check((value) => typeof value === 'boolean', 'true or false');

/** Any value. In an object, the field may be absent. */
export const unknown: Parser<unknown> = (value) => value;

/** Exactly one value. */
/* @__NO_SIDE_EFFECTS__ */
export const literal = <const Value extends string | boolean | null>(only: Value): Parser<Value> =>
  check((value): value is Value => value === only, String(only));

/** One string of a list. */
/* @__NO_SIDE_EFFECTS__ */
export const oneOf = <const Value extends string>(values: readonly Value[]): Parser<Value> =>
  check((value): value is Value => values.includes(value as Value), `one of ${values.join(', ')}`);

/** Null, or whatever another parser accepts. */
/* @__NO_SIDE_EFFECTS__ */
export const nullable =
  <Value>(parse: Parser<Value>): Parser<Value | null> =>
  (value, at) =>
    value === null ? null : parse(value, at);

/** Undefined, or whatever another parser accepts. In an object, the field may be absent. */
/* @__NO_SIDE_EFFECTS__ */
export const optional =
  <Value>(parse: Parser<Value>): Parser<Value | undefined> =>
  (value, at) =>
    value === undefined ? undefined : parse(value, at);

/** A list of up to `max` items. */
/* @__NO_SIDE_EFFECTS__ */
export const array = <Value>(item: Parser<Value>, max = Number.POSITIVE_INFINITY): Parser<Value[]> => {
  const list = check(
    (value): value is unknown[] => Array.isArray(value) && value.length <= max,
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

/** An object with these fields. The copy omits all others. */
/* @__NO_SIDE_EFFECTS__ */
export const object = <const Of extends Shape>(shape: Of): Parser<Flat<ObjectOf<Of>>> => {
  const fields = Object.entries(shape);
  const anyObject = check(
    (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
    'an object',
  );
  return (value, at = 'value') => {
    const input = anyObject(value, at) as Readonly<Record<string, unknown>>;
    const parsed = fields.map(([key, parse]) => [key, parse(input[key], `${at}.${key}`)]);
    return Object.fromEntries(parsed.filter(([, field]) => field !== undefined));
  };
};

/** An object with the fields of two others. */
/* @__NO_SIDE_EFFECTS__ */
export const both =
  <One extends object, Other extends object>(one: Parser<One>, other: Parser<Other>): Parser<Flat<One & Other>> =>
  (value, at) => ({ ...one(value, at), ...other(value, at) });

/** A value that at least one of the parsers accepts. The first one that does returns the copy. */
/* @__NO_SIDE_EFFECTS__ */
export const union =
  <const Of extends readonly Parser<unknown>[]>(...parsers: Of): Parser<Parsed<Of[number]>> =>
  (value, at = 'value') => {
    for (const parse of parsers) {
      try {
        return parse(value, at) as Parsed<Of[number]>;
      } catch {
        // The next parser may accept it.
      }
    }
    throw new TypeError(`${at} has none of the expected shapes`);
  };

function isIn(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}
