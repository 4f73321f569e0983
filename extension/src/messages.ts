import { LABELS } from '@swipenet/shared/confidence.ts';
import type { Decision } from '@swipenet/shared/decision.ts';
import { PRIORITIES } from '@swipenet/shared/priority.ts';
import { browser } from './browser.ts';
import {
  array,
  boolean,
  fraction,
  int,
  literal,
  nullable,
  number,
  object,
  oneOf,
  optional,
  type Parsed,
  type Parser,
  string,
  tryParse,
  union,
} from './parse.ts';
import { REASON_CODES } from './reasons.ts';
import { reportError } from './report-error.ts';

/** Why the server could not be asked or gave no answer. */
export const parseProblem = object({
  reason: oneOf(REASON_CODES),
  /** What the server itself said, where that helps. */
  detail: optional(string()),
  /** Milliseconds after which asking again makes sense, where the server named them. */
  retryAfterMs: optional(number()),
});

/** See {@link parseProblem}. */
export type Problem = Parsed<typeof parseProblem>;

const parsePhotoVerdict = union(
  object({ like: fraction, label: oneOf(LABELS) }),
  object({
    /**
     * `page`: the page shows no such photo; `video`: it is none, and is left out; `download`: its bytes did not come;
     * `unsent`: it is one more than the server takes; `server`: it could not be read there.
     */
    missing: oneOf(['page', 'video', 'download', 'unsent', 'server']),
  }),
);

/** One photo of a profile: its confidence, or why there is none. */
export type PhotoVerdict = Parsed<typeof parsePhotoVerdict>;

/** The contract's decision. Its zod schema in shared/ is too heavy for a page, so a test holds the two to each other. */
export const parseDecision: Parser<Decision> = union(
  object({ swipe: literal('right'), reason: literal('like_found'), photo: int(0) }),
  object({ swipe: literal('left'), reason: literal('all_nope') }),
  object({ swipe: literal('hold'), reason: oneOf(['no_photo', 'photos_failed', 'photos_missing']) }),
);

/** What GoogLeNet and the decision rule say of a profile, photos in the page's order. */
export const parseVerdict = object({
  photos: array(parsePhotoVerdict),
  decision: parseDecision,
  threshold: fraction,
  model: string(),
});

/** See {@link parseVerdict}. */
export type Verdict = Parsed<typeof parseVerdict>;

/** What a tab with a dating page is doing, for popup and badge. */
export const parsePageStatus = object({
  reason: nullable(oneOf(REASON_CODES)),
  /** The rest of the sentence: which photos, which dialog. */
  detail: optional(string()),
});

/** See {@link parsePageStatus}. */
export type PageStatus = Parsed<typeof parsePageStatus>;

/** What is counted: a profile with its verdict, a swipe that the page has confirmed, a card left to the person. */
export const COUNTED = ['seen', 'right', 'left', 'held'] as const;

/** See {@link COUNTED}. */
export type Counted = (typeof COUNTED)[number];

/** One thing to count; its id is its own, so that it is counted once however often it is told. A swipe's is its permit's. */
const parseCounted = object({ what: oneOf(COUNTED), id: string() });

/** A photo as the page has it: where its bytes are, or why there are none. */
const parsePagePhoto = union(object({ url: string() }), object({ missing: oneOf(['page', 'video']) }));

const parsePermitAnswer = union(
  object({ permitted: literal(true) }),
  object({ waitMs: number() }),
  object({ refused: oneOf(REASON_CODES), detail: optional(string()) }),
);

/** Whether a swipe may be made now: yes; in some milliseconds; or why not. */
export type PermitAnswer = Parsed<typeof parsePermitAnswer>;

/** What a dating page may ask of the background worker: each request with its answer. Pages of ours: own-messages.ts. */
export const REQUESTS = {
  /**
   * A profile's photos, in order; answered with the verdict. `ahead`: nobody waits for it yet. Its id is what
   * {@link REQUESTS.cancel} cancels it by.
   */
  score: {
    request: object({
      kind: literal('score'),
      id: string(),
      photos: array(parsePagePhoto),
      priority: oneOf(PRIORITIES),
    }),
    answer: union(parseVerdict, object({ problem: parseProblem })),
  },
  /** A score that is no longer needed. */
  cancel: { request: object({ kind: literal('cancel'), id: string() }), answer: literal(null) },
  /** May this page make this swipe now? Asked before each one; asked again under the same id it is the same permit. */
  permit: {
    request: object({ kind: literal('permit'), id: string(), swipe: oneOf(['right', 'left']) }),
    answer: parsePermitAnswer,
  },
  /** A permit is done with, and no swipe was counted under it; one under which something was pressed stays counted. */
  release: {
    request: object({ kind: literal('release'), id: string(), pressed: boolean }),
    answer: literal(null),
  },
  /** What a page is doing, and what there is to count. */
  report: {
    request: object({
      kind: literal('report'),
      status: parsePageStatus,
      counted: optional(parseCounted),
    }),
    answer: literal(null),
  },
  /** A dating page is left. */
  leave: { request: object({ kind: literal('leave') }), answer: literal(null) },
} as const;

/** The name of a request. */
export type RequestKind = keyof typeof REQUESTS;

/** A request of some kind. */
export type Request<Kind extends RequestKind = RequestKind> = RequestIn<typeof REQUESTS, Kind>;

/** The answer to a request of some kind. */
export type Answer<Kind extends RequestKind> = AnswerIn<typeof REQUESTS, Kind>;

/** Kinds of request, each with its answer. */
export type RequestList = Readonly<
  Record<string, { readonly request: Parser<unknown>; readonly answer: Parser<unknown> }>
>;

/** A request of some kind in a list. */
export type RequestIn<List extends RequestList, Kind extends keyof List> = {
  [Key in Kind]: Parsed<List[Key]['request']>;
}[Kind];

/** The answer to a request of some kind in a list. */
export type AnswerIn<List extends RequestList, Kind extends keyof List> = Parsed<List[Kind]['answer']>;

const parseOrder = object({ order: oneOf(['resume', 'check']) });

/** What the worker tells a page: resume, or check what you find of yourself. */
export type Order = Parsed<typeof parseOrder>['order'];

/**
 * Asks the background worker, from a dating page. Rejects when the worker dies before it answers, when it answers with
 * something else (another version may run after an update), and when this script's extension is gone.
 */
export async function ask<Kind extends RequestKind>(request: Request<Kind> & { kind: Kind }): Promise<Answer<Kind>> {
  const answer: unknown = await browser.runtime.sendMessage(request);
  return REQUESTS[request.kind].answer(answer, 'answer') as Answer<Kind>;
}

/** Obeys the worker's orders to this page, each with its answer, until the signal aborts. */
export function onOrder(obey: Readonly<Record<Order, () => unknown>>, signal: AbortSignal): void {
  const listener = (message: unknown, _sender: unknown, answer: (given: unknown) => void): true | undefined => {
    const order = tryParse(parseOrder, message)?.order;
    if (!order) return undefined;
    const obeying = async () => (await obey[order]()) ?? null;
    obeying()
      .catch((error: unknown) => reportError(`obeying ${order}`, error))
      .then(answer);
    return true; // Chromium takes no promise from a listener: true announces the answer
  };
  browser.runtime.onMessage.addListener(listener as () => true);
  signal.addEventListener('abort', () => browser.runtime.onMessage.removeListener(listener as () => true), {
    once: true,
  });
}
