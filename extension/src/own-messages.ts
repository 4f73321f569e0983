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

// The messages from the extension's own pages (popup, options) to the worker. They are separate from messages.ts so that
// dating pages don't load them.

const parseToday = object({ swipes: int(), likes: int() });

/** Swipes and likes on this local calendar day. */
export type Today = Parsed<typeof parseToday>;

/** This browser session's counts. */
export const parseCounts = object({ seen: int(), right: int(), left: int(), held: int() });

export type Counts = Parsed<typeof parseCounts>;

const parseServerState = union(
  object({ model: string(), device: string(), threshold: fraction }),
  object({ problem: parseProblem }),
);

/** The server's model, or why the server didn't answer. */
export type ServerState = Parsed<typeof parseServerState>;

/** What an adapter recognizes on its page: roles and counts, nothing personal. */
export const parsePageCheck = object({
  site: string(),
  /** What the page shows, in one word: `profile`, `loading`, or the name of a dialog or obstacle. */
  view: string(),
  roles: array(
    object({ role: string(), found: int(), wanted: union(int(), oneOf(['any', 'some'])), by: optional(string()) }),
  ),
});

export type PageCheck = Parsed<typeof parsePageCheck>;

/** The requests that the extension's own pages may send to the background worker, each with its answer. */
export const OWN_REQUESTS = {
  /** Asks a server for its model. The options page uses it before anything is saved. */
  tryServer: {
    request: object({ kind: literal('tryServer'), address: string(), token: string() }),
    answer: parseServerState,
  },
  /** Exchanges a one-time code for this browser's own token. The options page uses it before anything is saved. */
  pair: {
    request: object({ kind: literal('pair'), address: string(), code: string() }),
    answer: union(
      /** The key is empty if the server doesn't give one. */
      object({ token: string(), profileKey: string() }),
      object({ refused: literal('code') }),
      object({ problem: parseProblem }),
    ),
  },
  /** Returns what the popup shows. */
  overview: {
    request: object({ kind: literal('overview') }),
    answer: object({ counts: parseCounts, today: parseToday, page: nullable(parsePageStatus) }),
  },
  /** Reports which parts of the current page the adapter recognizes, or null if there is no dating page. */
  checkPage: { request: object({ kind: literal('checkPage') }), answer: nullable(parsePageCheck) },
  /** Resumes the current page. */
  resume: { request: object({ kind: literal('resume') }), answer: literal(null) },
} as const;

export type OwnKind = keyof typeof OWN_REQUESTS;

export type OwnRequest<Kind extends OwnKind = OwnKind> = RequestIn<typeof OWN_REQUESTS, Kind>;

export type OwnAnswer<Kind extends OwnKind> = AnswerIn<typeof OWN_REQUESTS, Kind>;

/** Sends a request from one of the extension's own pages to the background worker. Rejects if the worker ends first. */
export async function askWorker<Kind extends OwnKind>(
  request: OwnRequest<Kind> & { kind: Kind },
): Promise<OwnAnswer<Kind>> {
  const answer: unknown = await browser.runtime.sendMessage(request);
  return OWN_REQUESTS[request.kind].answer(answer, 'answer') as OwnAnswer<Kind>;
}
