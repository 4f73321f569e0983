import fc from 'fast-check';

/** One change of a file: at a place, from 0 to 1, with a number that says what to write. */
type Edit = readonly [kind: 'set' | 'flip' | 'cut' | 'insert' | 'repeat' | 'swap', place: number, number: number];

const edits = fc.array(
  fc.tuple(
    fc.constantFrom('set', 'flip', 'cut', 'insert', 'repeat', 'swap'),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.nat(255),
  ) as fc.Arbitrary<Edit>,
  { minLength: 1, maxLength: 6 },
);

/**
 * Creates damaged copies of a file: bytes are changed, removed, inserted, repeated and swapped, mostly among the first
 * `head` bytes, where files have their structure.
 */
export function mutated(file: Uint8Array, head = file.length): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fc.integer({ min: 0, max: 3 }), edits).map(([where, changes]) => {
    let bytes = Buffer.from(file);
    for (const [kind, place, number] of changes) {
      const range = where === 0 ? bytes.length : Math.min(head, bytes.length);
      bytes = edited(bytes, kind, Math.floor(place * range), number);
    }
    return new Uint8Array(bytes);
  });
}

function edited(bytes: Buffer<ArrayBuffer>, kind: Edit[0], at: number, number: number): Buffer<ArrayBuffer> {
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (kind) {
    case 'set':
      return Buffer.concat([before, Buffer.from([number]), after.subarray(1)]);
    case 'flip':
      return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ (1 << (number % 8))]), after.subarray(1)]);
    case 'cut':
      return Buffer.concat([before, number < 32 ? Buffer.alloc(0) : after.subarray(number)]);
    case 'insert':
      return Buffer.concat([before, Buffer.alloc(number % 12, number), after]);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, 4 * number), after]);
    case 'swap':
      return Buffer.concat([
        before,
        after.subarray(number, 2 * number),
        after.subarray(0, number),
        after.subarray(2 * number),
      ]);
  }
}
