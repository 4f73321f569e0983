import * as z from 'zod';

/** What the twin writes into a photo's bytes, so that the stub scorer knows the truth without decoding. */
const markSchema = z.object({
  profile: z.string(),
  photo: z.string(),
  /** 0 to 1. */
  like: z.number(),
  /** The width in pixels of the size that was asked for. */
  width: z.int(),
});

/** See {@link markPhoto}. */
export type PhotoMark = z.infer<typeof markSchema>;

// JPEG (ITU T.81, B.1.1): a marker is FF and its code; segments have a length of two bytes that counts itself.
const START = 0xd8;
const COMMENT = 0xfe;
const SCAN = 0xda;

/** A JPEG with a comment right after its start, so the bytes of every photo differ. */
export function markPhoto(jpeg: Uint8Array, mark: PhotoMark): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(mark));
  const marked = new Uint8Array(jpeg.length + text.length + 4);
  marked.set(jpeg.subarray(0, 2));
  marked.set([0xff, COMMENT, (text.length + 2) >> 8, (text.length + 2) & 0xff], 2);
  marked.set(text, 6);
  marked.set(jpeg.subarray(2), 6 + text.length);
  return marked;
}

/** Reads the mark back; undefined for bytes that carry none. */
export function readPhotoMark(bytes: Uint8Array): PhotoMark | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== START) return undefined;
  for (let at = 2; bytes[at] === 0xff && bytes[at + 1] !== SCAN; ) {
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (bytes[at + 1] === COMMENT) return parseMark(bytes.subarray(at + 4, at + 2 + length));
    at += 2 + length;
  }
  return undefined;
}

function parseMark(text: Uint8Array): PhotoMark | undefined {
  try {
    return markSchema.parse(JSON.parse(new TextDecoder().decode(text)));
  } catch {
    return undefined; // somebody else's comment
  }
}
