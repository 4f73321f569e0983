import { fractionSchema } from '@swipenet/shared/confidence.ts';
import * as z from 'zod/mini';
import { type AnswerIn, askIn, pageStatusSchema, problemSchema, type RequestIn } from './messages.ts';

// What pages of ours (popup, options) say to the worker. Apart from what a dating page says, into which it would be loaded.

const todaySchema = z.object({ swipes: z.int(), likes: z.int() });

/** What was swiped on this local calendar day. */
export type Today = z.infer<typeof todaySchema>;

/** This browser session's counts. */
export const countsSchema = z.object({ seen: z.int(), right: z.int(), left: z.int(), held: z.int() });

/** See {@link countsSchema}. */
export type Counts = z.infer<typeof countsSchema>;

const serverStateSchema = z.union([
  z.object({ model: z.string(), device: z.string(), threshold: fractionSchema }),
  z.object({ problem: problemSchema }),
]);

/** Whether the server answers, and with what. */
export type ServerState = z.infer<typeof serverStateSchema>;

/** What an adapter finds of its page: roles and counts, nothing personal. */
export const pageCheckSchema = z.object({
  site: z.string(),
  /** What is up, in one word: `profile`, `loading`, the name of a dialog or obstacle. */
  view: z.string(),
  roles: z.array(
    z.object({
      role: z.string(),
      found: z.int(),
      wanted: z.union([z.int(), z.enum(['any', 'some'])]),
      by: z.optional(z.string()),
    }),
  ),
});

/** See {@link pageCheckSchema}. */
export type PageCheck = z.infer<typeof pageCheckSchema>;

/** What a page of ours may ask of the background worker: each request with its answer. */
export const OWN_REQUESTS = {
  /** Asks a server who it is; from the options, before anything is saved. */
  tryServer: {
    request: z.object({ kind: z.literal('tryServer'), address: z.string(), token: z.string() }),
    answer: serverStateSchema,
  },
  /** Exchanges a one-time code for a token of this browser's own; from the options, before anything is saved. */
  pair: {
    request: z.object({ kind: z.literal('pair'), address: z.string(), code: z.string() }),
    answer: z.union([
      z.object({ token: z.string() }),
      z.object({ refused: z.literal('code') }),
      z.object({ problem: problemSchema }),
    ]),
  },
  /** What the popup shows. */
  overview: {
    request: z.object({ kind: z.literal('overview') }),
    answer: z.object({ counts: countsSchema, today: todaySchema, page: z.nullable(pageStatusSchema) }),
  },
  /** Looks at the page in front of the person: what of it is understood. Null where there is no dating page. */
  checkPage: { request: z.object({ kind: z.literal('checkPage') }), answer: z.nullable(pageCheckSchema) },
  /** Lets the paused page in front of the person go on. */
  resume: { request: z.object({ kind: z.literal('resume') }), answer: z.null() },
} as const;

/** The name of a request. */
export type OwnKind = keyof typeof OWN_REQUESTS;

/** A request of some kind. */
export type OwnRequest<Kind extends OwnKind = OwnKind> = RequestIn<typeof OWN_REQUESTS, Kind>;

/** The answer to a request of some kind. */
export type OwnAnswer<Kind extends OwnKind> = AnswerIn<typeof OWN_REQUESTS, Kind>;

/** Asks the background worker, from a page of ours. Rejects when it dies before it answers. */
export function askWorker<Kind extends OwnKind>(request: OwnRequest<Kind> & { kind: Kind }): Promise<OwnAnswer<Kind>> {
  return askIn(OWN_REQUESTS, request.kind, request);
}
