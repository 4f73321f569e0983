import * as z from 'zod/mini';

/**
 * Where an error shows itself, which decides what it becomes:
 * - `request`: the HTTP request was at fault (4xx);
 * - `server`: the server could not answer just now or at all (5xx); with `retryAfterS` the same request may succeed later;
 * - `photo`: one photo was at fault: an `{index, error}` beside the other photos' answers, in a 200.
 */
export type ErrorKind = 'request' | 'server' | 'photo';

interface ErrorDefinition {
  readonly kind: ErrorKind;
  /** HTTP status, for the kinds that answer a request. */
  readonly status?: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503;
  /** Seconds for the `Retry-After` header. */
  readonly retryAfterS?: number;
}

/** The closed list of error codes of the contract (a command's are the server's own). Each has an entry "cause, what to do" in docs/failure-modes.md (held by a test). */
export const errorDefinitions = {
  token_missing: { kind: 'request', status: 401 },
  token_invalid: { kind: 'request', status: 401 },
  host_refused: { kind: 'request', status: 403 },
  origin_refused: { kind: 'request', status: 403 },
  loopback_only: { kind: 'request', status: 403 },
  pairing_code_invalid: { kind: 'request', status: 403 },
  rate_limited: { kind: 'request', status: 429 },
  route_unknown: { kind: 'request', status: 404 },
  body_not_multipart: { kind: 'request', status: 415 },
  body_malformed: { kind: 'request', status: 400 },
  body_too_large: { kind: 'request', status: 413 },
  field_unknown: { kind: 'request', status: 400 },
  field_repeated: { kind: 'request', status: 400 },
  threshold_invalid: { kind: 'request', status: 400 },
  photo_count_invalid: { kind: 'request', status: 400 },
  priority_invalid: { kind: 'request', status: 400 },
  evidence_invalid: { kind: 'request', status: 400 },
  photos_missing: { kind: 'request', status: 400 },
  photos_too_many: { kind: 'request', status: 400 },
  photo_too_large: { kind: 'request', status: 413 },
  reload_failed: { kind: 'request', status: 409 },
  request_aborted: { kind: 'request', status: 400 },

  queue_full: { kind: 'server', status: 503, retryAfterS: 2 },
  deadline_exceeded: { kind: 'server', status: 503, retryAfterS: 2 },
  engine_failed: { kind: 'server', status: 503, retryAfterS: 1 },
  not_ready: { kind: 'server', status: 503, retryAfterS: 1 },
  shutting_down: { kind: 'server', status: 503, retryAfterS: 5 },
  device_not_saved: { kind: 'server', status: 500 },
  internal: { kind: 'server', status: 500 },

  photo_empty: { kind: 'photo' },
  photo_type_unsupported: { kind: 'photo' },
  photo_too_small: { kind: 'photo' },
  photo_too_many_bytes: { kind: 'photo' },
  photo_too_many_pixels: { kind: 'photo' },
  photo_undecodable: { kind: 'photo' },
  photo_decode_timeout: { kind: 'photo' },
  photo_unreadable: { kind: 'photo' },
} as const satisfies Record<string, ErrorDefinition>;

/** One of the closed list of error codes. */
export type ErrorCode = keyof typeof errorDefinitions;

/** The codes of one kind. */
export type ErrorCodeOf<Kind extends ErrorKind> = {
  [Code in ErrorCode]: (typeof errorDefinitions)[Code]['kind'] extends Kind ? Code : never;
}[ErrorCode];

/** What a code means for an answer: its kind, status and `Retry-After`. */
export function errorDefinition(code: ErrorCode): ErrorDefinition {
  return errorDefinitions[code];
}

const codesOf = <Kind extends ErrorKind>(...kinds: Kind[]) =>
  (Object.keys(errorDefinitions) as ErrorCode[]).filter((code) =>
    (kinds as ErrorKind[]).includes(errorDefinitions[code].kind),
  ) as ErrorCodeOf<Kind>[];

/** What went wrong with one photo, as `{index, error}` carries it. */
export const photoErrorSchema = z.object({
  code: z.enum(codesOf('photo')),
  message: z.string(),
});

/** The one envelope of every answer that is not a success. */
export const errorEnvelopeSchema = z.object({
  error: z.object({
    code: z.enum(codesOf('request', 'server')),
    message: z.string(),
    requestId: z.string(),
  }),
});

/** See {@link errorEnvelopeSchema}. */
export type ErrorEnvelope = z.infer<typeof errorEnvelopeSchema>;

/**
 * The error of this project. `message` is public: it names what was wrong and never holds a path of the server, a token
 * or a photo's bytes. The private side (a library's own error) is `cause`, for the log only.
 */
export class SwipenetError<Code extends string = ErrorCode> extends Error {
  override readonly name: string = 'SwipenetError';
  readonly code: Code;

  constructor(code: Code, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** True for an error whose code is one of the contract's. */
export function isContractError(error: unknown): error is SwipenetError {
  return error instanceof SwipenetError && Object.hasOwn(errorDefinitions, error.code);
}

/** True for a {@link SwipenetError} that concerns one photo alone. */
export function isPhotoError(error: unknown): error is SwipenetError & { code: ErrorCodeOf<'photo'> } {
  return isContractError(error) && errorDefinitions[error.code].kind === 'photo';
}

/** The system's own code of an error (`ENOENT`), where it has one. */
export function systemCodeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
