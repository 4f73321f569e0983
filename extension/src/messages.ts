import { LABELS } from '@swipenet/shared/confidence.ts';
import { decisionSchema } from '@swipenet/shared/decision.ts';
import { fractionSchema } from '@swipenet/shared/fraction.ts';
import { prioritySchema } from '@swipenet/shared/priority.ts';
import browser from 'webextension-polyfill';
import * as z from 'zod/mini';
import { REASON_CODES } from './reasons.ts';

/** Why the server could not be asked or gave no answer. */
export const problemSchema = z.object({
  reason: z.enum(REASON_CODES),
  /** What the server itself said, where that helps. */
  detail: z.optional(z.string()),
  /** Milliseconds after which asking again makes sense, where the server named them. */
  retryAfterMs: z.optional(z.number()),
});

/** See {@link problemSchema}. */
export type Problem = z.infer<typeof problemSchema>;

const photoVerdictSchema = z.union([
  z.object({ like: fractionSchema, label: z.enum(LABELS) }),
  z.object({
    /**
     * `page`: the page shows no such photo; `video`: it is none, and is left out; `download`: its bytes did not come;
     * `unsent`: it is one more than the server takes; `server`: it could not be read there.
     */
    missing: z.enum(['page', 'video', 'download', 'unsent', 'server']),
  }),
]);

/** One photo of a profile: its confidence, or why there is none. */
export type PhotoVerdict = z.infer<typeof photoVerdictSchema>;

/** What GoogLeNet and the decision rule say of a profile, photos in the page's order. */
export const verdictSchema = z.object({
  photos: z.array(photoVerdictSchema),
  decision: decisionSchema,
  threshold: fractionSchema,
  model: z.string(),
});

/** See {@link verdictSchema}. */
export type Verdict = z.infer<typeof verdictSchema>;

/** What a tab with a dating page is doing, for popup and badge. */
export const pageStatusSchema = z.object({
  reason: z.nullable(z.enum(REASON_CODES)),
  /** The rest of the sentence: which photos, which dialog. */
  detail: z.optional(z.string()),
});

/** See {@link pageStatusSchema}. */
export type PageStatus = z.infer<typeof pageStatusSchema>;

/** What is counted: a profile with its verdict, a swipe that the page has confirmed, a card left to the person. */
export const COUNTED = ['seen', 'right', 'left', 'held'] as const;

/** See {@link COUNTED}. */
export type Counted = (typeof COUNTED)[number];

/** One thing to count; its id is its own, so that it is counted once however often it is told. A swipe's is its permit's. */
const countedSchema = z.object({ what: z.enum(COUNTED), id: z.string() });

/** A photo as the page has it: where its bytes are, or why there are none. */
const pagePhotoSchema = z.union([z.object({ url: z.string() }), z.object({ missing: z.enum(['page', 'video']) })]);

const permitAnswerSchema = z.union([
  z.object({ permitted: z.literal(true) }),
  z.object({ waitMs: z.number() }),
  z.object({ refused: z.enum(REASON_CODES), detail: z.optional(z.string()) }),
]);

/** Whether a swipe may be made now: yes; in some milliseconds; or why not. */
export type PermitAnswer = z.infer<typeof permitAnswerSchema>;

/** What a dating page may ask of the background worker: each request with its answer. Pages of ours: own-messages.ts. */
export const REQUESTS = {
  /**
   * A profile's photos, in order; answered with the verdict. `ahead`: nobody waits for it yet. Its id is what
   * {@link REQUESTS.cancel} cancels it by.
   */
  score: {
    request: z.object({
      kind: z.literal('score'),
      id: z.string(),
      photos: z.array(pagePhotoSchema),
      priority: prioritySchema,
    }),
    answer: z.union([verdictSchema, z.object({ problem: problemSchema })]),
  },
  /** A score that is no longer needed. */
  cancel: { request: z.object({ kind: z.literal('cancel'), id: z.string() }), answer: z.null() },
  /** May this page make this swipe now? Asked before each one; asked again under the same id it is the same permit. */
  permit: {
    request: z.object({ kind: z.literal('permit'), id: z.string(), swipe: z.enum(['right', 'left']) }),
    answer: permitAnswerSchema,
  },
  /** A permit is done with, and no swipe was counted under it; one under which something was pressed stays counted. */
  release: {
    request: z.object({ kind: z.literal('release'), id: z.string(), pressed: z.boolean() }),
    answer: z.null(),
  },
  /** What a page is doing, and what there is to count. */
  report: {
    request: z.object({
      kind: z.literal('report'),
      status: pageStatusSchema,
      counted: z.optional(countedSchema),
    }),
    answer: z.null(),
  },
  /** A dating page is left. */
  leave: { request: z.object({ kind: z.literal('leave') }), answer: z.null() },
} as const;

/** The name of a request. */
export type RequestKind = keyof typeof REQUESTS;

/** A request of some kind. */
export type Request<Kind extends RequestKind = RequestKind> = RequestIn<typeof REQUESTS, Kind>;

/** The answer to a request of some kind. */
export type Answer<Kind extends RequestKind> = AnswerIn<typeof REQUESTS, Kind>;

/** Kinds of request, each with its answer. */
export type RequestList = Readonly<Record<string, { readonly request: z.ZodMiniType; readonly answer: z.ZodMiniType }>>;

/** A request of some kind in a list. */
export type RequestIn<List extends RequestList, Kind extends keyof List> = {
  [Key in Kind]: z.infer<List[Key]['request']>;
}[Kind];

/** The answer to a request of some kind in a list. */
export type AnswerIn<List extends RequestList, Kind extends keyof List> = z.infer<List[Kind]['answer']>;

const orderSchema = z.object({ order: z.enum(['resume', 'check']) });

/** What the worker tells a page: resume, or check what you find of yourself. */
export type Order = z.infer<typeof orderSchema>['order'];

/** Asks the background worker. Rejects when it dies before it answers, or when this script's extension is gone. */
export function ask<Kind extends RequestKind>(request: Request<Kind> & { kind: Kind }): Promise<Answer<Kind>> {
  return askIn(REQUESTS, request.kind, request);
}

/** Asks something of a list; see {@link ask}. */
export async function askIn<List extends RequestList, Kind extends keyof List>(
  list: List,
  kind: Kind,
  request: unknown,
): Promise<AnswerIn<List, Kind>> {
  const answer: unknown = await browser.runtime.sendMessage(request);
  return list[kind]!.answer.parse(answer) as AnswerIn<List, Kind>;
}

/** Obeys the worker's orders to this page, each with its answer, until the signal aborts. */
export function onOrder(obey: Readonly<Record<Order, () => unknown>>, signal: AbortSignal): void {
  const listener = (message: unknown): Promise<unknown> | undefined => {
    const order = orderSchema.safeParse(message).data?.order;
    return order && Promise.resolve(obey[order]() ?? null);
  };
  browser.runtime.onMessage.addListener(listener);
  signal.addEventListener('abort', () => browser.runtime.onMessage.removeListener(listener), { once: true });
}
