import browser from 'webextension-polyfill';
import { type AnswerIn, parsePageStatus, parseProblem, type RequestIn } from './messages.ts';
import {
  array,
  fraction,
  int,
  literal,
  nullable,
  object,
  oneOf,
  optional,
  type Parsed,
  string,
  union,
} from './parse.ts';

// What pages of ours (popup, options) say to the worker. Apart from what a dating page says, into which it would be loaded.

const parseToday = object({ swipes: int(), likes: int() });

/** What was swiped on this local calendar day. */
export type Today = Parsed<typeof parseToday>;

/** This browser session's counts. */
export const parseCounts = object({ seen: int(), right: int(), left: int(), held: int() });

/** See {@link parseCounts}. */
export type Counts = Parsed<typeof parseCounts>;

const parseServerState = union(
  object({ model: string(), device: string(), threshold: fraction }),
  object({ problem: parseProblem }),
);

/** Whether the server answers, and with what. */
export type ServerState = Parsed<typeof parseServerState>;

/** What an adapter finds of its page: roles and counts, nothing personal. */
export const parsePageCheck = object({
  site: string(),
  /** What is up, in one word: `profile`, `loading`, the name of a dialog or obstacle. */
  view: string(),
  roles: array(
    object({ role: string(), found: int(), wanted: union(int(), oneOf(['any', 'some'])), by: optional(string()) }),
  ),
});

/** See {@link parsePageCheck}. */
export type PageCheck = Parsed<typeof parsePageCheck>;

/** What a page of ours may ask of the background worker: each request with its answer. */
export const OWN_REQUESTS = {
  /** Asks a server who it is; from the options, before anything is saved. */
  tryServer: {
    request: object({ kind: literal('tryServer'), address: string(), token: string() }),
    answer: parseServerState,
  },
  /** Exchanges a one-time code for a token of this browser's own; from the options, before anything is saved. */
  pair: {
    request: object({ kind: literal('pair'), address: string(), code: string() }),
    answer: union(object({ token: string() }), object({ refused: literal('code') }), object({ problem: parseProblem })),
  },
  /** What the popup shows. */
  overview: {
    request: object({ kind: literal('overview') }),
    answer: object({ counts: parseCounts, today: parseToday, page: nullable(parsePageStatus) }),
  },
  /** Looks at the page in front of the person: what of it is understood. Null where there is no dating page. */
  checkPage: { request: object({ kind: literal('checkPage') }), answer: nullable(parsePageCheck) },
  /** Lets the paused page in front of the person go on. */
  resume: { request: object({ kind: literal('resume') }), answer: literal(null) },
} as const;

/** The name of a request. */
export type OwnKind = keyof typeof OWN_REQUESTS;

/** A request of some kind. */
export type OwnRequest<Kind extends OwnKind = OwnKind> = RequestIn<typeof OWN_REQUESTS, Kind>;

/** The answer to a request of some kind. */
export type OwnAnswer<Kind extends OwnKind> = AnswerIn<typeof OWN_REQUESTS, Kind>;

/** Asks the background worker, from a page of ours. Rejects when it dies before it answers. */
export async function askWorker<Kind extends OwnKind>(
  request: OwnRequest<Kind> & { kind: Kind },
): Promise<OwnAnswer<Kind>> {
  const answer: unknown = await browser.runtime.sendMessage(request);
  return OWN_REQUESTS[request.kind].answer(answer, 'answer') as OwnAnswer<Kind>;
}
