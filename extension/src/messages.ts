import { LABELS } from '@swipenet/shared/confidence.ts';
import type { Decision } from '@swipenet/shared/decision.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import { PRIORITIES } from '@swipenet/shared/priority.ts';
import { browser } from './browser.ts';
import { parseControlAct } from './control-acts.ts';
import {
  array,
  boolean,
  both,
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
  union,
} from './parse.ts';
import { REASON_CODES } from './reasons.ts';
import { parseRuling } from './rules/rules.ts';

/** Why the server couldn't be asked or didn't answer. */
export const parseProblem = object({
  reason: oneOf(REASON_CODES),
  /** What fills in the reason's text. */
  detail: optional(string()),
  /** How many milliseconds to wait before the next try, if the server said so. */
  retryAfterMs: optional(number()),
});

export type Problem = Parsed<typeof parseProblem>;

const parsePhotoVerdict = union(
  object({ like: fraction, label: oneOf(LABELS) }),
  object({
    /**
     * - `page`: the page didn't show the photo.
     * - `video`: it is a video, which is skipped.
     * - `download`: the download failed.
     * - `unsent`: the profile has more photos than one request may hold.
     * - `server`: the server couldn't read the photo.
     */
    missing: oneOf(['page', 'video', 'download', 'unsent', 'server']),
  }),
);

/** The LIKE confidence of one photo, or why it has none. */
export type PhotoVerdict = Parsed<typeof parsePhotoVerdict>;

const maybeLike = optional(nullable(fraction));

/** The contract's decision. Its zod schema in shared/ is too large for a page; a test checks that the two agree. */
export const parseDecision: Parser<Decision> = union(
  object({ swipe: literal('right'), reason: literal('like_found'), like: maybeLike, photo: int(0) }),
  object({ swipe: literal('right'), reason: literal('profile_liked'), like: fraction, photo: int(0) }),
  object({ swipe: literal('left'), reason: literal('all_nope'), like: maybeLike }),
  object({ swipe: literal('left'), reason: literal('profile_not_liked'), like: fraction, photo: int(0) }),
  object({ swipe: literal('hold'), reason: oneOf(['no_photo', 'photos_failed', 'photos_missing']), like: maybeLike }),
);

/** Words of a bio, and what each adds to the logit of a like. */
const parseReasons = array(object({ word: string(1, 60), weight: number() }), 4);

/** The confidences and the decision for a profile, with its photos in the page's order. */
export const parseVerdict = object({
  photos: array(parsePhotoVerdict),
  decision: parseDecision,
  threshold: fraction,
  model: string(),
  /** Names this profile in a label. Absent if the server doesn't keep the photos' features. */
  scoreId: optional(string()),
  /** True if the person's own swipe would teach the most. */
  ask: optional(boolean),
  /** Present if the bio's words have joined the decision: what the photos alone said, and the words that counted most. */
  words: optional(object({ photos: fraction, reasons: parseReasons, photosWeight: optional(number()) })),
});

export type Verdict = Parsed<typeof parseVerdict>;

const parseSwipe = oneOf(['right', 'left']);

/** A confirmed swipe, and what Swipenet had decided. The fields are those of the contract. */
const parseLabelFields = object({
  site: string(),
  swipe: parseSwipe,
  photoCount: optional(int(1)),
  scoreId: optional(string()),
  decision: optional(oneOf(['right', 'left', 'hold'])),
  decidedBy: optional(oneOf(['network', 'rule', 'words'])),
  probability: optional(fraction),
  threshold: optional(fraction),
  model: optional(string()),
  verdict: oneOf(['hidden', 'shown', 'none']),
});

/** A label of a profile. */
export const parseLabel = both(
  /** The site's own ID of the profile. The worker stores and sends only a keyed hash of it. */
  object({ profile: string(1) }),
  parseLabelFields,
);

export type Label = Parsed<typeof parseLabel>;

/** Who swiped: the person, Swipenet by its verdict, or a rule of the person's. */
export const SWIPERS = ['you', 'swipenet', 'rule'] as const;

const parseEarlierSwipe = object({
  by: oneOf(SWIPERS),
  swipe: parseSwipe,
  /** In wall-clock time. */
  atMs: number(),
});

/** An earlier swipe of a profile. */
export type EarlierSwipe = Parsed<typeof parseEarlierSwipe>;

/** What a bio's words make of a profile: the joined probability and its reasons. Null if the words stay out of it. */
const parseWordsAnswer = nullable(object({ like: fraction, reasons: parseReasons, photosWeight: optional(number()) }));

export type WordsAnswer = Parsed<typeof parseWordsAnswer>;

const parseTally = object({ agreed: int(0), disagreed: int(0) });

/** How well the model agrees with the person. Its fields are those of the contract. */
export const parseAgreement = object({
  likes: parseTally,
  passes: parseTally,
  balanced: nullable(fraction),
  lowerBound: fraction,
  required: fraction,
  isOpen: boolean,
});

/** A label waits for the server, isn't sent (`queued: false`), or has arrived under the server's id. */
export const parseLabelAnswer = union(
  object({ queued: boolean }),
  object({
    delivered: object({ id: int(), outcome: oneOf(['added', 'unchanged', 'replaced']), agreement: parseAgreement }),
  }),
);

export type LabelAnswer = Parsed<typeof parseLabelAnswer>;

/** What a dating page is doing, for the popup and the badge. */
export const parsePageStatus = object({
  reason: nullable(oneOf(REASON_CODES)),
  /** Fills in the reason's text: which photos, which dialog. */
  detail: optional(string()),
});

export type PageStatus = Parsed<typeof parsePageStatus>;

/** What a session counts: scored profiles, confirmed swipes to either side, and cards left to the person. */
export const COUNTED = ['seen', 'right', 'left', 'held'] as const;

export type Counted = (typeof COUNTED)[number];

/** One thing to count. Its unique id keeps repeated reports from counting it twice. A swipe uses the id of its permit. */
const parseCounted = object({ what: oneOf(COUNTED), id: string() });

/** A photo as the page has it: its URL, or why it has none. */
const parsePagePhoto = union(object({ url: string() }), object({ missing: oneOf(['page', 'video']) }));

const parsePermitAnswer = union(
  object({ permitted: literal(true) }),
  object({ waitMs: number() }),
  object({ refused: oneOf(REASON_CODES), detail: optional(string()) }),
  object({ outdated: literal(true) }),
);

/** Whether a page may swipe now, must ask again after `waitMs`, may not swipe, or must have the profile judged again. */
export type PermitAnswer = Parsed<typeof parsePermitAnswer>;

/** Where in a photo the evidence for LIKE is, and what it takes to paint that over the photo. */
const parseEvidence = object({
  like: fraction,
  label: oneOf(LABELS),
  /** 7 rows of 7 logits, one after the other: above 0 for LIKE, below 0 for NOPE. */
  evidence: array(number(), 49),
  /** How the model made the photo square. */
  resize: oneOf(RESIZE_MODES),
  /** The photo's size in pixels, as it is shown. */
  width: int(1),
  height: int(1),
});

export type Evidence = Parsed<typeof parseEvidence>;

const parseNothing = literal(null);

/** The answers to the requests of a dating page. The page parses these, and only the worker parses the requests. */
const ANSWERS = {
  score: union(parseVerdict, object({ problem: parseProblem })),
  cancel: parseNothing,
  why: nullable(union(parseEvidence, object({ problem: parseProblem }))),
  words: parseWordsAnswer,
  earlier: nullable(parseEarlierSwipe),
  permit: parsePermitAnswer,
  release: parseNothing,
  label: parseLabelAnswer,
  unlabel: parseNothing,
  report: parseNothing,
  leave: parseNothing,
  control: parseNothing,
} as const;

/**
 * The requests that a dating page may send to the background worker, each with its answer. own-messages.ts has those of the
 * extension's own pages, and orders.ts what the worker sends to a page.
 */
export const REQUESTS = {
  /** Scores a profile's photos, given in order. {@link REQUESTS.cancel} cancels it by its id. */
  score: {
    request: object({
      kind: literal('score'),
      id: string(),
      photos: array(parsePagePhoto),
      priority: oneOf(PRIORITIES),
    }),
    answer: ANSWERS.score,
  },
  /** Cancels a score that is no longer needed. */
  cancel: { request: object({ kind: literal('cancel'), id: string() }), answer: ANSWERS.cancel },
  /** Asks where the evidence in a photo is. Null if the photo can't be downloaded or read. */
  why: { request: object({ kind: literal('why'), url: string() }), answer: ANSWERS.why },
  /** Asks what a bio's words make of a profile whose photos were all scored. The bio stays in this browser. */
  words: {
    request: object({ kind: literal('words'), bio: string(1), like: fraction, threshold: fraction }),
    answer: ANSWERS.words,
  },
  /** Asks for the last swipe of a profile within 90 days, or null. The ID is the site's own. */
  earlier: {
    request: object({ kind: literal('earlier'), site: string(), profile: string(1) }),
    answer: ANSWERS.earlier,
  },
  /** Asks for a permit, which each swipe needs, for a verdict of `model` or a rule. The same id gets the same permit. */
  permit: {
    request: object({ kind: literal('permit'), id: string(), swipe: parseSwipe, model: optional(string()) }),
    answer: ANSWERS.permit,
  },
  /** Ends a permit whose swipe was not confirmed. If the page `pressed` something, the permit still counts as a swipe. */
  release: {
    request: object({ kind: literal('release'), id: string(), pressed: boolean }),
    answer: ANSWERS.release,
  },
  /**
   * Reports a confirmed swipe, for the history and as a label. Asking again with the same id changes nothing. With `own`, it
   * was a swipe of Swipenet's own. It isn't sent, but the person can correct it for a day. Without the profile's ID, it is
   * no label.
   */
  label: {
    request: both(
      object({
        kind: literal('label'),
        id: string(1),
        own: optional(literal(true)),
        profile: optional(string(1)),
        /** What Swipenet had decided, with its confidences. */
        judged: optional(parseVerdict),
        /** What a rule of the person's had decided. */
        ruling: optional(parseRuling),
        /** The bio, if its words may be learned from. It stays in this browser. */
        bio: optional(string(1)),
      }),
      parseLabelFields,
    ),
    answer: ANSWERS.label,
  },
  /** Takes back a swipe and its label, because the person did so on the page. */
  unlabel: { request: object({ kind: literal('unlabel'), id: string(1) }), answer: ANSWERS.unlabel },
  /** Reports what a page is doing, and something to count. */
  report: {
    request: object({
      kind: literal('report'),
      status: parsePageStatus,
      counted: optional(parseCounted),
    }),
    answer: ANSWERS.report,
  },
  /** Reports that a session no longer runs on the page. */
  leave: { request: object({ kind: literal('leave') }), answer: ANSWERS.leave },
  /** Does what the person chose in the control on the page. */
  control: { request: object({ kind: literal('control'), does: parseControlAct }), answer: ANSWERS.control },
} as const;

export type RequestKind = keyof typeof REQUESTS;

export type Request<Kind extends RequestKind = RequestKind> = RequestIn<typeof REQUESTS, Kind>;

export type Answer<Kind extends RequestKind> = AnswerIn<typeof REQUESTS, Kind>;

/** Parsers of requests and their answers, by kind. */
export type RequestList = Readonly<
  Record<string, { readonly request: Parser<unknown>; readonly answer: Parser<unknown> }>
>;

export type RequestIn<List extends RequestList, Kind extends keyof List> = {
  [Key in Kind]: Parsed<List[Key]['request']>;
}[Kind];

export type AnswerIn<List extends RequestList, Kind extends keyof List> = Parsed<List[Kind]['answer']>;

/**
 * Sends a request from a dating page to the background worker. Rejects if the worker ends before it answers, if the answer
 * is invalid (after an update, the worker may be a newer version than this script), or if the extension was removed.
 */
export async function ask<Kind extends RequestKind>(request: Request<Kind> & { kind: Kind }): Promise<Answer<Kind>> {
  const answer: unknown = await browser.runtime.sendMessage(request);
  return ANSWERS[request.kind](answer, 'answer') as Answer<Kind>;
}
