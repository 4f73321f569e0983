import { CommandError } from '../../command-error.ts';

/** A message in protobuf's text format: the values of each field, in order. */
export type Prototxt = ReadonlyMap<string, readonly (string | Prototxt)[]>;

/** DIGITS' GoogLeNet has 1,300 fields, in four levels. */
const LIMITS = { characters: 1_000_000, fields: 20_000, depth: 16 } as const;

const TOKEN = /\s+|#[^\n]*|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|[\w.+-]+|[{}<>[\]:,;]/y;

/**
 * Parses an untrusted `.prototxt`. Numbers and names of constants stay text. Escapes in quoted text are kept,
 * because layer names don't contain escapes.
 *
 * @throws CommandError `weights_invalid`, naming the line.
 */
export function parsePrototxt(text: string, fileName: string): Prototxt {
  if (text.length > LIMITS.characters) {
    throw new CommandError('weights_invalid', `${fileName} has more than ${LIMITS.characters} characters`);
  }
  return new Parser(text, fileName).message();
}

class Parser {
  readonly #text: string;
  readonly #fileName: string;
  readonly #token = new RegExp(TOKEN);
  #next: { readonly text: string; readonly quoted: boolean } | undefined;
  #fields = 0;

  constructor(text: string, fileName: string) {
    this.#text = text;
    this.#fileName = fileName;
    this.#advance();
  }

  message(close?: string, depth = 1): Prototxt {
    const fields = new Map<string, (string | Prototxt)[]>();
    while (this.#next && !this.#is(close)) {
      this.#fields += 1;
      if (this.#fields > LIMITS.fields || depth > LIMITS.depth) throw this.#wrong('has too many fields');
      const name = this.#word();
      const values = fields.get(name) ?? [];
      fields.set(name, values);
      if (this.#is(':')) this.#advance();
      values.push(...this.#values(depth));
      while (this.#is(',') || this.#is(';')) this.#advance();
    }
    if (close) this.#expect(close);
    return fields;
  }

  #values(depth: number): (string | Prototxt)[] {
    if (this.#is('{') || this.#is('<')) return [this.#nested(depth)];
    if (!this.#is('[')) return [this.#scalar()];
    this.#advance();
    const values: (string | Prototxt)[] = [];
    while (!this.#is(']')) {
      values.push(this.#is('{') ? this.#nested(depth) : this.#scalar());
      this.#fields += 1;
      if (this.#fields > LIMITS.fields) throw this.#wrong('has too many fields');
      if (this.#is(',')) this.#advance();
    }
    this.#advance();
    return values;
  }

  #nested(depth: number): Prototxt {
    const close = this.#is('{') ? '}' : '>';
    this.#advance();
    return this.message(close, depth + 1);
  }

  /** A number, a name, or quoted text, which may continue in the next quotes. */
  #scalar(): string {
    if (!this.#next?.quoted) return this.#word();
    let text = '';
    for (; this.#next?.quoted; this.#advance()) text += this.#next.text;
    return text;
  }

  #word(): string {
    const { text = '', quoted } = this.#next ?? {};
    if (quoted || !/^[\w.+-]+$/.test(text)) throw this.#wrong('isn’t in protobuf’s text format');
    this.#advance();
    return text;
  }

  #is(sign: string | undefined): boolean {
    return sign !== undefined && this.#next?.text === sign && !this.#next.quoted;
  }

  #expect(sign: string): void {
    if (!this.#is(sign)) throw this.#wrong('isn’t in protobuf’s text format');
    this.#advance();
  }

  #advance(): void {
    for (;;) {
      const at = this.#token.lastIndex;
      const match = this.#token.exec(this.#text);
      if (!match) {
        this.#next = undefined;
        if (at < this.#text.length) {
          this.#token.lastIndex = at;
          throw this.#wrong('isn’t in protobuf’s text format');
        }
        return;
      }
      const quoted = match[1] ?? match[2];
      if (quoted === undefined && /^[\s#]/.test(match[0])) continue;
      this.#next = { text: quoted ?? match[0], quoted: quoted !== undefined };
      return;
    }
  }

  #wrong(what: string): CommandError {
    const line = this.#text.slice(0, this.#token.lastIndex || this.#text.length).split('\n').length;
    return new CommandError('weights_invalid', `${this.#fileName} ${what} (line ${line})`);
  }
}

/** The messages in a field. */
export const messagesOf = (message: Prototxt | undefined, field: string): readonly Prototxt[] =>
  (message?.get(field) ?? []).filter((value): value is Prototxt => typeof value !== 'string');

/** The text in a field, or undefined if it doesn't have any. The last one counts, as in protobuf. */
export const textOf = (message: Prototxt | undefined, field: string): string | undefined =>
  textsOf(message, field).at(-1);

export const textsOf = (message: Prototxt | undefined, field: string): readonly string[] =>
  (message?.get(field) ?? []).filter((value): value is string => typeof value === 'string');

/** The numbers in a field. What isn't a number becomes NaN, which fits nowhere. */
export const numbersOf = (message: Prototxt | undefined, field: string): readonly number[] =>
  textsOf(message, field).map(Number);

export const numberOf = (message: Prototxt | undefined, field: string, fallback: number): number =>
  numbersOf(message, field).at(-1) ?? fallback;
