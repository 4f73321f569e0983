import type { Field, Type } from 'protobufjs';
import { CommandError } from '../command-error.ts';

/**
 * What an ONNX file, or one of Caffe's, may contain. A GoogLeNet has up to 800 messages and 2,500 elements, and our training graph several
 * times as many. The limits matter because two bytes of a hostile file can become an object with several lists: at the
 * limits, these take about 25 MB.
 */
export const PROTO_LIMITS = {
  /** Nodes, attributes, tensors and other messages, together. */
  messages: 20_000,
  /** How deep messages may nest. The body of a `Loop` is the seventh level. */
  depth: 16,
  /** Names, sizes and other elements of lists, together, except the numbers of tensors. */
  elements: 100_000,
  /** The bytes of one text: a name, or a manifest in the metadata. */
  textBytes: 1_000_000,
  /** The bytes of all texts. */
  allTextBytes: 16_000_000,
  /** Numbers that tensors store as lists of integers. A GoogLeNet has 13 million parameters at most. */
  integers: 16_000_000,
} as const;

type Counted = Exclude<keyof typeof PROTO_LIMITS, 'depth' | 'textBytes'>;

const COUNTED_WORDS: Readonly<Record<Counted, string>> = {
  messages: 'nodes, tensors and attributes',
  elements: 'names and sizes',
  allTextBytes: 'bytes of text',
  integers: 'numbers in lists',
};

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const WIRE_OF: Readonly<Record<string, number>> = {
  int32: WIRE.varint,
  int64: WIRE.varint,
  float: WIRE.fixed32,
  double: WIRE.fixed64,
};

/**
 * Decodes a protobuf message from an untrusted file into plain objects. Lists are always present, other fields only if
 * the file has them. Tensors' bytes are views of the file, and their lists of numbers are typed arrays. Fields that the
 * type doesn't have are skipped without being read.
 *
 * @param kind what the bytes claim to be, for error messages.
 * @throws CommandError `weights_invalid` if the message exceeds {@link PROTO_LIMITS}.
 * @throws Error if the bytes aren't such a message.
 */
export function readProto(type: Type, bytes: Uint8Array, kind = 'ONNX file'): Record<string, unknown> {
  return new ProtoReader(bytes, kind).message(type, bytes.length, 1);
}

class ProtoReader {
  readonly #source: Uint8Array;
  /** The same bytes, with Node's faster reading. */
  readonly #bytes: Buffer;
  readonly #left: Record<Counted, number> = { ...PROTO_LIMITS };
  readonly #kind: string;
  #at = 0;

  constructor(bytes: Uint8Array, kind: string) {
    this.#kind = kind;
    this.#source = bytes;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  message(type: Type, end: number, depth: number): Record<string, unknown> {
    this.#count('messages', 1);
    if (depth > PROTO_LIMITS.depth) throw this.#tooMany(`more than ${PROTO_LIMITS.depth} levels of nesting`);
    const message: Record<string, unknown> = {};
    for (const field of type.fieldsArray) if (field.repeated && !isNumbers(field)) message[field.name] = [];
    while (this.#at < end) {
      const tag = this.#varint();
      const wire = tag % 8;
      const field = type.fieldsById[Math.floor(tag / 8)];
      if (field) this.#field(field, wire, message, depth);
      else this.#skip(wire);
    }
    if (this.#at > end) throw malformed();
    return message;
  }

  #field(field: Field, wire: number, message: Record<string, unknown>, depth: number): void {
    const { name, repeated } = field;
    if (isNumbers(field)) {
      // Writers store a tensor's numbers in one piece. Joining pieces would take time and memory.
      if (wire !== WIRE.bytes || message[name] !== undefined) throw malformed();
      message[name] = this.#numbers(field);
      return;
    }
    const into = message[name];
    if (repeated && wire === WIRE.bytes && field.type in WIRE_OF) {
      for (const end = this.#end(); this.#at < end; ) this.#push(into as unknown[], this.#varint());
    } else if (repeated) this.#push(into as unknown[], this.#value(field, wire, depth));
    else if (field.resolvedType && into !== undefined)
      throw malformed(); // protobuf would merge the two
    else message[name] = this.#value(field, wire, depth);
  }

  #push(list: unknown[], value: unknown): void {
    this.#count('elements', 1);
    list.push(value);
  }

  #value({ type, resolvedType }: Field, wire: number, depth: number): unknown {
    if (wire !== (WIRE_OF[type] ?? WIRE.bytes)) throw malformed();
    if (type === 'float') return this.#bytes.readFloatLE(this.#advance(4));
    if (wire === WIRE.varint) return this.#varint();
    const end = this.#end();
    if (resolvedType) return this.message(resolvedType as Type, end, depth + 1);
    const begin = this.#advance(end - this.#at);
    if (type === 'bytes') return this.#source.subarray(begin, end);
    if (end - begin > PROTO_LIMITS.textBytes)
      throw this.#tooMany(`a name of more than ${PROTO_LIMITS.textBytes} bytes`);
    this.#count('allTextBytes', end - begin);
    return this.#bytes.toString('utf8', begin, end);
  }

  /** Reads all numbers of a tensor, which are packed. */
  #numbers({ type }: Field): Float32Array | Int32Array | number[] {
    const end = this.#end();
    if (type === 'float') {
      const begin = this.#advance(end - this.#at);
      if ((end - begin) % 4 !== 0) throw malformed();
      return new Float32Array(new Uint8Array(this.#source.subarray(begin, end)).buffer); // a copy is aligned
    }
    if (type === 'double') {
      const begin = this.#advance(end - this.#at);
      if ((end - begin) % 8 !== 0) throw malformed();
      return Float32Array.from({ length: (end - begin) / 8 }, (_, index) =>
        this.#bytes.readDoubleLE(begin + 8 * index),
      );
    }
    let count = 0;
    for (let at = this.#at; at < end; at += 1) if (this.#bytes[at]! < 0x80) count += 1;
    this.#count(type === 'int32' ? 'integers' : 'elements', count);
    const numbers = type === 'int32' ? new Int32Array(count) : new Array<number>(count).fill(0);
    for (let index = 0; index < count; index += 1) numbers[index] = this.#varint();
    if (this.#at !== end) throw malformed();
    return numbers;
  }

  /** Reads an integer as ONNX means it: signed, with 64 bits, exact up to 2⁵³. */
  #varint(): number {
    let [low, high] = [0, 0];
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw malformed();
      this.#at += 1;
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high |= bits >>> 4;
      if (shift > 28) high |= bits << (shift - 32);
      if (byte < 0x80) return high * 2 ** 32 + (low >>> 0);
    }
    throw malformed();
  }

  /** Reads a length and returns where the bytes of that length end. */
  #end(): number {
    const length = this.#varint();
    if (length < 0 || length > this.#bytes.length - this.#at) throw malformed();
    return this.#at + length;
  }

  /** Skips bytes and returns where they began. */
  #advance(length: number): number {
    const begin = this.#at;
    if (length > this.#bytes.length - begin) throw malformed();
    this.#at += length;
    return begin;
  }

  #skip(wire: number): void {
    if (wire === WIRE.varint) this.#varint();
    else if (wire === WIRE.bytes) this.#at = this.#end();
    else if (wire === WIRE.fixed32) this.#advance(4);
    else if (wire === WIRE.fixed64) this.#advance(8);
    else throw malformed(); // groups, which ONNX doesn't have
  }

  #count(what: Counted, count: number): void {
    this.#left[what] -= count;
    if (this.#left[what] < 0) throw this.#tooMany(`more than ${PROTO_LIMITS[what]} ${COUNTED_WORDS[what]}`);
  }

  #tooMany(what: string): CommandError {
    return new CommandError('weights_invalid', `the ${this.#kind} has ${what}, so it isn’t a GoogLeNet`);
  }
}

/** True for a list of a tensor's numbers. */
const isNumbers = ({ options }: Field) => options?.packed === true;

const malformed = () => new Error('not a protobuf message of this type');
