import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { parseParameters } from './header-parameters.ts';

/** What the headers of a part say about it. */
export interface PartHead {
  readonly name: string;
  /** True if it has a file name, in either form (`filename` or `filename*`). The file name itself isn't needed. */
  readonly isFile: boolean;
  /** The value of its header `Content-Type`, or empty. */
  readonly contentType: string;
}

/** Gets the parts of a form as they arrive, in order. Throwing ends the parsing. */
export interface PartReceiver {
  readonly begin: (head: PartHead) => void;
  /** Gets some more of the part's content. The bytes may change after the call. */
  readonly content: (bytes: Uint8Array) => void;
  readonly end: () => void;
}

/** The limits of what a form has besides the content of its parts. All of it is tiny in forms of real clients. */
export const MULTIPART_LIMITS = {
  /** All headers of a part, in bytes. */
  headBytes: 4096,
  /** The headers of a part. */
  headers: 8,
  /** Spaces and tabs after a boundary. */
  padding: 64,
  /** Everything before the first boundary and after the last one, in bytes. */
  outsideBytes: 64 * 1024,
} as const;

/** RFC 2046, section 5.1.1: up to 70 of these characters, and no space at the end. */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/;

/** A header of a part. Browsers leave other control characters in names as they are. */
const HEADER = /^([\w!#$%&'*+.^`|~-]+):([^\0\r\n]*)$/;

const CRLF = '\r\n';
const [TAB, LF, CR, SPACE, DASH] = [9, 10, 13, 32, 45];
const EMPTY = Buffer.alloc(0);

/** Returns the boundary of `multipart/form-data; boundary=…`, or `undefined` if there is no valid one. */
export function boundaryOf(contentType: string): string | undefined {
  const boundary = parseParameters(contentType)?.parameters.get('boundary');
  return boundary !== undefined && BOUNDARY.test(boundary) ? boundary : undefined;
}

/**
 * Parses `multipart/form-data` (RFC 7578 and RFC 2046) as it arrives, however it is split into chunks. It keeps only the
 * bytes that it can't decide on yet: a part's headers, or what may become a boundary.
 *
 * The hard part is what a boundary is: a line that starts with `--` and the boundary, and then has nothing but spaces
 * and tabs, or `--` before them. Anything else belongs to the content, even if it starts like one.
 *
 * Its methods throw SwipenetError `body_malformed`, and whatever the receiver throws.
 */
export class MultipartParser {
  readonly #delimiter: Buffer;
  readonly #receiver: PartReceiver;
  #state: 'before' | 'head' | 'content' | 'after' = 'before';
  /** What has arrived and isn't decided. A line break in front makes the first boundary look like the others. */
  #rest: Buffer = Buffer.from(CRLF);
  /** Bytes to leave out of the content: the line break at the end of the headers, see {@link #readHead}. */
  #leaveOut = CRLF.length;
  #outsideBytes = 0;

  constructor(boundary: string, receiver: PartReceiver) {
    this.#delimiter = Buffer.from(`${CRLF}--${boundary}`, 'latin1');
    this.#receiver = receiver;
  }

  write(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    let needsMore = false;
    while (!needsMore) needsMore = this.#state === 'head' ? this.#readHead() : this.#readToBoundary();
  }

  /** Ends the form. The last boundary may end it without a line break. */
  end(): void {
    if (this.#state === 'after') return;
    const isBoundary = this.#state !== 'head' && this.#rest.indexOf(this.#delimiter) === 0;
    if (!isBoundary || !/^--[ \t]*$/.test(this.#rest.toString('latin1', this.#delimiter.length))) {
      throw malformed('is cut off: its last boundary is missing');
    }
    this.#leave('after');
  }

  /** Reads the headers of a part. Returns true if it needs more bytes. */
  #readHead(): boolean {
    const end = this.#rest.indexOf(CRLF + CRLF); // the first line break is the boundary's
    if (end > MULTIPART_LIMITS.headBytes || (end < 0 && this.#rest.length > MULTIPART_LIMITS.headBytes)) {
      throw malformed(`has a part with more than ${MULTIPART_LIMITS.headBytes} bytes of headers`);
    }
    if (end < 0) return true;
    const head = parseHead(this.#rest.toString('utf8', CRLF.length, end));
    // A part without content may end with the line break of its headers. So it stays, and a boundary can begin with it.
    this.#rest = this.#rest.subarray(end + CRLF.length);
    this.#leaveOut = CRLF.length;
    this.#state = 'content';
    this.#receiver.begin(head);
    return false;
  }

  /** Passes content on until the next boundary. Returns true if it needs more bytes. */
  #readToBoundary(): boolean {
    if (this.#state === 'after') {
      this.#pass(this.#rest.length);
      return true;
    }
    const at = this.#rest.indexOf(this.#delimiter);
    if (at < 0) {
      this.#pass(Math.max(0, this.#rest.length - this.#delimiter.length + 1));
      return true;
    }
    const after = at + this.#delimiter.length;
    const line = boundaryLine(this.#rest, after);
    if (line === 'incomplete') {
      this.#pass(at);
      return true;
    }
    if (line === 'content') {
      this.#pass(after); // no boundary can begin within another, because they have no line breaks
      return false;
    }
    this.#pass(at);
    this.#rest = this.#rest.subarray(line.end - at);
    this.#leave(line.isLast ? 'after' : 'head');
    return false;
  }

  #leave(next: 'head' | 'after'): void {
    if (this.#state === 'content') this.#receiver.end();
    this.#state = next;
  }

  /** Passes on the first bytes of the rest, or counts them if they don't belong to a part. */
  #pass(length: number): void {
    const leftOut = Math.min(this.#leaveOut, length);
    const bytes = this.#rest.subarray(leftOut, length);
    this.#leaveOut -= leftOut;
    this.#rest = length < this.#rest.length ? this.#rest.subarray(length) : EMPTY;
    if (bytes.length === 0) return;
    if (this.#state === 'content') {
      this.#receiver.content(bytes);
      return;
    }
    this.#outsideBytes += bytes.length;
    const { outsideBytes } = MULTIPART_LIMITS;
    if (this.#outsideBytes > outsideBytes) throw malformed(`has more than ${outsideBytes} bytes outside of its parts`);
  }
}

/**
 * Reads what follows a delimiter: nothing but padding (a boundary, up to its line break at `end`), or something else
 * (the delimiter belongs to the content).
 */
function boundaryLine(
  bytes: Buffer,
  from: number,
): { readonly end: number; readonly isLast: boolean } | 'content' | 'incomplete' {
  const isLast = bytes[from] === DASH && bytes[from + 1] === DASH;
  let end = isLast ? from + 2 : from;
  while (bytes[end] === SPACE || bytes[end] === TAB) end += 1;
  if (end - from > MULTIPART_LIMITS.padding) throw malformed('has a boundary with too many spaces');
  const [first, second] = [bytes[end], bytes[end + 1]];
  if (first === undefined || (first === CR && second === undefined)) return 'incomplete';
  if (first === DASH && end === from && second === undefined) return 'incomplete';
  return first === CR && second === LF ? { end, isLast } : 'content';
}

/** Parses the headers of a part. */
function parseHead(text: string): PartHead {
  const lines = text.split(CRLF);
  if (lines.length > MULTIPART_LIMITS.headers) {
    throw malformed(`has a part with more than ${MULTIPART_LIMITS.headers} headers`);
  }
  const headers = lines.map((line) => HEADER.exec(line));
  if (headers.includes(null)) throw malformed('has a part with an invalid header');
  const valuesOf = (name: string) =>
    headers.filter((header) => header?.[1]?.toLowerCase() === name).map((header) => header?.[2] ?? '');
  const dispositions = valuesOf('content-disposition');
  const disposition = parseParameters(dispositions[0] ?? '');
  const name = disposition?.parameters.get('name');
  if (dispositions.length !== 1 || disposition?.value !== 'form-data' || name === undefined) {
    throw malformed('has a part that doesn’t have one header Content-Disposition: form-data with a name');
  }
  const isFile = disposition.parameters.has('filename') || disposition.parameters.has('filename*');
  return { name, isFile, contentType: valuesOf('content-type')[0] ?? '' };
}

const malformed = (what: string) => new SwipenetError('body_malformed', `the multipart body is broken: it ${what}`);
