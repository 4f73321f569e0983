/** A header like `form-data; name="photo"; filename="a.jpg"`. Names of parameters are in lower case. */
export interface HeaderParameters {
  /** In lower case: `form-data`. */
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const VALUE = /^[ \t]*([^\s;"]+)[ \t]*/y;

/** A parameter. Like browsers and other servers, it accepts more characters without quotes than RFC 9110 does. */
const PARAMETER = /;[ \t]*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))[ \t]*/y;

/**
 * Parses a value with parameters (RFC 9110, section 5.6.6).
 *
 * @returns `undefined` if it is malformed or a parameter appears twice.
 */
export function parseParameters(header: string): HeaderParameters | undefined {
  const parameters = new Map<string, string>();
  VALUE.lastIndex = 0;
  const value = VALUE.exec(header)?.[1]?.toLowerCase();
  if (value === undefined) return undefined;
  PARAMETER.lastIndex = VALUE.lastIndex;
  let end = PARAMETER.lastIndex;
  for (let match = PARAMETER.exec(header); match; match = PARAMETER.exec(header)) {
    const [, name, quoted, plain] = match;
    const key = name!.toLowerCase();
    if (parameters.has(key)) return undefined;
    parameters.set(key, plain ?? quoted!.replace(/\\(["\\])/g, '$1'));
    end = PARAMETER.lastIndex;
  }
  return end === header.length ? { value, parameters } : undefined;
}
