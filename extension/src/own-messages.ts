import type { DecisionRule } from '@swipenet/shared/decision.ts';
import browser from 'webextension-polyfill';
import {
  type AnswerIn,
  parseAgreement,
  parseLabelAnswer,
  parsePageStatus,
  parseProblem,
  type RequestIn,
} from './messages.ts';
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
  union,
} from './parse.ts';
import { parseRules, parseRuling, RULE_NAMES } from './rules/rules.ts';

// The messages from the extension's own pages (popup, options) to the worker. They are separate from messages.ts so that
// dating pages don't load them.

const parseProblemAnswer = object({ problem: parseProblem });

const parseToday = object({ swipes: int(), likes: int() });

/** Swipes and likes on this local calendar day. */
export type Today = Parsed<typeof parseToday>;

/** This browser session's counts. */
export const parseCounts = object({ seen: int(), right: int(), left: int(), held: int() });

export type Counts = Parsed<typeof parseCounts>;

const parseServerState = union(
  object({
    model: string(),
    device: string(),
    threshold: fraction,
    /** Swipenet's version on the server. Older servers don't tell it. */
    version: optional(string()),
  }),
  parseProblemAnswer,
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

const parseOutcome = union(oneOf(['off', 'passed', 'unknown']), array(string()));

/** How the profile on top of a page fares under each rule, and what the rules decide about it. */
export const parseRulesPreview = object({
  outcomes: array(object({ rule: oneOf(RULE_NAMES), outcome: parseOutcome })),
  ruling: nullable(parseRuling),
});

export type RulesPreview = Parsed<typeof parseRulesPreview>;

/** Labels that wait for the server, and those that it couldn't store. */
const parseLabelCounts = object({ queued: int(0), lost: int(0) });

/** A swipe of the last day that the person can correct. */
const parseRecentSwipe = object({
  labelId: string(),
  /** In wall-clock time. */
  atMs: number(),
  site: string(),
  swipe: oneOf(['right', 'left']),
  /** True if Swipenet swiped. False if the person did, or has corrected it. */
  own: boolean,
});

export type RecentSwipe = Parsed<typeof parseRecentSwipe>;

/** What the server's model has learned. */
export const parseTasteState = object({
  /** `own` if the swipes of this browser are its own taste, which the server's model doesn't learn from. */
  taste: oneOf(['owner', 'own']),
  likes: int(0),
  passes: int(0),
  agreement: parseAgreement,
  /** The ID of the server's model, and which version of the taste it is. Null if it wasn't learned from swipes. */
  model: string(),
  version: nullable(string()),
  /** Oldest first. The balanced accuracy is from cross-validation. */
  versions: array(object({ id: string(), isActive: boolean, balancedAccuracy: nullable(fraction) })),
  learning: object({
    isRunning: boolean,
    /** After how many new labels it starts by itself. */
    every: int(0),
    /** What came of the last run, or null. */
    last: nullable(
      union(
        object({ kind: literal('learned'), version: string(), activated: boolean }),
        object({ kind: literal('refused'), code: optional(string()) }),
        object({ kind: literal('failed') }),
      ),
    ),
  }),
});

export type TasteState = Parsed<typeof parseTasteState>;

/** How far learning from the words of bios is. */
const parseWordsState = object({
  /** Labeled bios that are stored. */
  likes: int(0),
  passes: int(0),
  /**
   * The mean log loss on held-out bios, in nats, of the photos alone and with the words, and whether the words therefore
   * join the decision. Null while there are too few.
   */
  tested: nullable(object({ alone: number(0), joined: number(0), joins: boolean })),
});

export type WordsState = Parsed<typeof parseWordsState>;

/** How a model decides, as in the contract. Its zod schema in shared/ is too large for a page. */
export const parseRule: Parser<DecisionRule> = union(
  object({ rule: literal('any'), threshold: fraction }),
  object({ rule: literal('profile'), threshold: fraction, largestShare: fraction, perLogCount: number(-100, 100) }),
);

const parseModelName = object({ model: string(), sha256: string() });

const parseModelsState = object({
  /** The model in use. */
  current: object({
    name: parseModelName,
    /** The IDs under which it scores. */
    forms: array(string()),
    /** Its own threshold, and the one that the person has chosen for it. */
    threshold: fraction,
    chosen: nullable(fraction),
    rule: parseRule,
  }),
  /** Every model to choose from, sorted by ID. */
  models: array(object({ id: string(), isDamaged: boolean })),
  /** Whether this browser may choose one, or why not. */
  change: oneOf(['allowed', 'owner_only', 'own_taste', 'server_older']),
});

/** The server's models, and the threshold of the one in use. */
export type ModelsState = Parsed<typeof parseModelsState>;

const parseVersionAnswer = union(object({ version: string() }), parseProblemAnswer);

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
      parseProblemAnswer,
    ),
  },
  /** Asks the server on this machine to let this browser in. The check is shown here and on the server's start page. */
  askToPair: {
    request: object({ kind: literal('askToPair'), address: string() }),
    answer: union(object({ id: string(), secret: string(), check: string() }), parseProblemAnswer),
  },
  /** Asks what the person has decided on the start page. `gone` if they let the request's time pass. */
  claimPairing: {
    request: object({ kind: literal('claimPairing'), address: string(), id: string(), secret: string() }),
    answer: union(
      object({ token: string(), profileKey: string() }),
      object({ state: oneOf(['waiting', 'denied', 'gone']) }),
      parseProblemAnswer,
    ),
  },
  /** Returns what the popup shows. */
  overview: {
    request: object({ kind: literal('overview') }),
    answer: object({
      counts: parseCounts,
      today: parseToday,
      page: nullable(parsePageStatus),
      /** True if the active tab has a dating page without a script: the extension was installed or updated since. */
      needsReload: boolean,
      labels: parseLabelCounts,
      /** The origins that Swipenet needs and the browser withholds, as match patterns. */
      withheld: array(string()),
    }),
  },
  /** Reports which parts of the current page the adapter recognizes, or null if there is no dating page. */
  checkPage: { request: object({ kind: literal('checkPage') }), answer: nullable(parsePageCheck) },
  /** Reports how the profile on top of the current page fares under some rules, or null if there is none. */
  previewRules: {
    request: object({ kind: literal('previewRules'), rules: parseRules }),
    answer: nullable(parseRulesPreview),
  },
  /** Shows or hides on the current page what speaks for LIKE and NOPE. */
  why: { request: object({ kind: literal('why') }), answer: literal(null) },
  /** Resumes the current page. */
  resume: { request: object({ kind: literal('resume') }), answer: literal(null) },
  /** Returns the server's models, and the threshold of the one in use. */
  models: { request: object({ kind: literal('models') }), answer: union(parseModelsState, parseProblemAnswer) },
  /** Makes the server use a model, and returns its ID. */
  modelActivate: {
    request: object({ kind: literal('modelActivate'), id: string(1) }),
    answer: union(object({ model: string() }), parseProblemAnswer),
  },
  /** Chooses a threshold for a model, or null for the model's own. */
  setThreshold: {
    request: object({ kind: literal('setThreshold'), name: parseModelName, threshold: nullable(fraction) }),
    answer: literal(null),
  },
  /** Returns the labels, the swipes that can be corrected (newest first), and what the server has learned. */
  taste: {
    request: object({ kind: literal('taste') }),
    answer: object({
      labels: parseLabelCounts,
      recent: array(parseRecentSwipe),
      server: union(parseTasteState, parseProblemAnswer),
    }),
  },
  /** Returns how far learning from the words of bios is. */
  words: { request: object({ kind: literal('words') }), answer: parseWordsState },
  /** Takes back the last label. Returns false if there is none. */
  undoLabel: { request: object({ kind: literal('undoLabel') }), answer: boolean },
  /** Labels a profile of the last day with the other swipe. `queued: false` if it is unknown or older. */
  correct: {
    request: object({ kind: literal('correct'), labelId: string(), swipe: oneOf(['right', 'left']) }),
    answer: parseLabelAnswer,
  },
  /** Starts learning a version. `taste` has the outcome. */
  tasteLearn: {
    request: object({ kind: literal('tasteLearn') }),
    answer: union(object({ started: literal(true) }), parseProblemAnswer),
  },
  /** Makes the server use a version, or the one before the active one, and returns it. */
  tasteActivate: { request: object({ kind: literal('tasteActivate'), version: string() }), answer: parseVersionAnswer },
  tasteRollback: { request: object({ kind: literal('tasteRollback') }), answer: parseVersionAnswer },
  /** Deletes the history, all labels and all versions, here and on the server. Returns how many the server had. */
  tasteDelete: {
    request: object({ kind: literal('tasteDelete') }),
    answer: union(object({ swipes: int(0), versions: int(0) }), parseProblemAnswer),
  },
  /** Returns the ids of the swipes that can be corrected, which are those of their history entries. */
  correctable: { request: object({ kind: literal('correctable') }), answer: array(string()) },
  /** Deletes entries of the history, and their labels on the server. */
  historyDelete: {
    request: object({ kind: literal('historyDelete'), ids: array(string()) }),
    answer: object({
      deleted: int(0),
      /** How many labels the server has yet to delete, now that it was told or once it responds. */
      waiting: int(0),
      /** How many labels stay on their server: learning was turned off since, or another server is set. */
      staying: int(0),
    }),
  },
  /** Deletes the history, and leaves labels and versions as they are. */
  historyClear: { request: object({ kind: literal('historyClear') }), answer: literal(null) },
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
