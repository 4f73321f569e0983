// Imports no package, so that the programs of child processes, which are often restarted, start without zod.
import { shortMessage } from '../short-message.ts';

/**
 * What an error is about, which decides how it is reported:
 * - `request`: the HTTP request is invalid (4xx).
 * - `server`: the server can't answer (5xx). If the code has `retryAfterS`, the same request may succeed later.
 * - `photo`: one photo can't be scored. It gets an `{index, error}` in a 200 response, next to the results of the other
 *   photos.
 */
export type ErrorKind = 'request' | 'server' | 'photo';

interface ErrorDefinition {
  readonly kind: ErrorKind;
  /** The HTTP status. Photo errors don't have one. */
  readonly status?: 400 | 401 | 403 | 404 | 408 | 409 | 410 | 413 | 415 | 429 | 500 | 503 | 507;
  /** The value of the `Retry-After` header, in seconds. */
  readonly retryAfterS?: number;
}

/**
 * Every error code of the HTTP contract. Codes of commands are in the server's `command-error.ts`. A test checks that
 * docs/failure-modes.md has an entry for each.
 */
export const errorDefinitions = {
  token_missing: { kind: 'request', status: 401 },
  token_invalid: { kind: 'request', status: 401 },
  host_refused: { kind: 'request', status: 403 },
  origin_refused: { kind: 'request', status: 403 },
  loopback_only: { kind: 'request', status: 403 },
  pairing_code_invalid: { kind: 'request', status: 403 },
  pairing_request_unknown: { kind: 'request', status: 404 },
  link_code_invalid: { kind: 'request', status: 403 },
  session_missing: { kind: 'request', status: 401 },
  session_invalid: { kind: 'request', status: 401 },
  rate_limited: { kind: 'request', status: 429 },
  route_unknown: { kind: 'request', status: 404 },
  studio_not_built: { kind: 'request', status: 404 },
  query_invalid: { kind: 'request', status: 400 },
  studio_unknown: { kind: 'request', status: 404 },
  studio_refused: { kind: 'request', status: 409 },
  body_not_multipart: { kind: 'request', status: 415 },
  body_encoded: { kind: 'request', status: 415 },
  body_malformed: { kind: 'request', status: 400 },
  body_too_large: { kind: 'request', status: 413 },
  body_too_slow: { kind: 'request', status: 408 },
  field_unknown: { kind: 'request', status: 400 },
  field_repeated: { kind: 'request', status: 400 },
  threshold_invalid: { kind: 'request', status: 400 },
  photo_count_invalid: { kind: 'request', status: 400 },
  priority_invalid: { kind: 'request', status: 400 },
  evidence_invalid: { kind: 'request', status: 400 },
  learn_invalid: { kind: 'request', status: 400 },
  swipe_invalid: { kind: 'request', status: 400 },
  nonce_invalid: { kind: 'request', status: 400 },
  cursor_invalid: { kind: 'request', status: 400 },
  photos_missing: { kind: 'request', status: 400 },
  photos_too_many: { kind: 'request', status: 400 },
  photo_too_large: { kind: 'request', status: 413 },
  preparation_unknown: { kind: 'request', status: 415 },
  resize_mode_changed: { kind: 'request', status: 409 },
  reload_failed: { kind: 'request', status: 409 },
  model_change_refused: { kind: 'request', status: 403 },
  score_unknown: { kind: 'request', status: 410 },
  swipe_unknown: { kind: 'request', status: 404 },
  version_unknown: { kind: 'request', status: 404 },
  taste_not_served: { kind: 'request', status: 409 },
  model_unknown: { kind: 'request', status: 404 },
  tensor_invalid: { kind: 'request', status: 400 },
  parameter_invalid: { kind: 'request', status: 400 },
  request_aborted: { kind: 'request', status: 400 },

  queue_full: { kind: 'server', status: 503, retryAfterS: 2 },
  deadline_exceeded: { kind: 'server', status: 503, retryAfterS: 2 },
  engine_failed: { kind: 'server', status: 503, retryAfterS: 1 },
  not_ready: { kind: 'server', status: 503, retryAfterS: 1 },
  shutting_down: { kind: 'server', status: 503, retryAfterS: 5 },
  devices_unavailable: { kind: 'server', status: 503, retryAfterS: 5 },
  device_not_saved: { kind: 'server', status: 500 },
  taste_disk_full: { kind: 'server', status: 507 },
  taste_unavailable: { kind: 'server', status: 503, retryAfterS: 5 },
  internal: { kind: 'server', status: 500 },

  photo_empty: { kind: 'photo' },
  photo_type_unsupported: { kind: 'photo' },
  photo_too_small: { kind: 'photo' },
  photo_too_many_bytes: { kind: 'photo' },
  photo_too_many_pixels: { kind: 'photo' },
  photo_undecodable: { kind: 'photo' },
  photo_decode_timeout: { kind: 'photo' },
  photo_unreadable: { kind: 'photo' },
  photo_gray_invalid: { kind: 'photo' },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorDefinitions;

export type ErrorCodeOf<Kind extends ErrorKind> = {
  [Code in ErrorCode]: (typeof errorDefinitions)[Code]['kind'] extends Kind ? Code : never;
}[ErrorCode];

/** Returns a code's kind, HTTP status and `Retry-After`. */
export function errorDefinition(code: ErrorCode): ErrorDefinition {
  return errorDefinitions[code];
}

/** Returns all codes of these kinds. */
export const codesOf = <Kind extends ErrorKind>(...kinds: Kind[]) =>
  (Object.keys(errorDefinitions) as ErrorCode[]).filter((code) =>
    (kinds as ErrorKind[]).includes(errorDefinitions[code].kind),
  ) as ErrorCodeOf<Kind>[];

/**
 * An error with a code. `message` is public: it names what is wrong, and never contains a server path, a token or photo
 * bytes. It becomes a {@link shortMessage}: one printable line of at most 300 characters. Private details, such as a
 * library's own error, go into `cause`, which only the log shows.
 */
export class SwipenetError<Code extends string = ErrorCode> extends Error {
  override readonly name: string = 'SwipenetError';
  readonly code: Code;

  constructor(code: Code, message: string, options?: { cause?: unknown }) {
    super(shortMessage(message), options);
    this.code = code;
  }
}

/** Returns true for a {@link SwipenetError} with one of the contract's codes. */
export function isContractError(error: unknown): error is SwipenetError {
  return error instanceof SwipenetError && Object.hasOwn(errorDefinitions, error.code);
}

/** Returns true for a {@link SwipenetError} about a single photo. */
export function isPhotoError(error: unknown): error is SwipenetError & { code: ErrorCodeOf<'photo'> } {
  return isContractError(error) && errorDefinitions[error.code].kind === 'photo';
}

/** Returns the operating system's code of an error, such as `ENOENT`, or undefined if it doesn't have one. */
export function systemCodeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
