import type { Answer, Request, RequestKind } from '../messages.ts';
import type { ApiWorld } from './api-client.ts';
import type { ConfidenceCache } from './confidence-cache.ts';
import type { SessionLog } from './session-log.ts';
import type { SwipeLedger } from './swipe-ledger.ts';

/** What the worker answers with. */
export interface WorkerParts {
  readonly world: ApiWorld;
  readonly cache: ConfidenceCache;
  readonly log: SessionLog;
  readonly ledger: SwipeLedger;
}

/** A tab with a dating page. */
export interface PageSender {
  readonly tab: number;
  readonly origin: string;
}

/** Handlers for some kinds of request, from one kind of sender. */
export type Handlers<Kind extends RequestKind, From> = {
  readonly [Key in Kind]: (request: Request<Key> & { kind: Key }, sender: From) => Promise<Answer<Key>>;
};

/** What a dating page may ask; everything else is for our own pages. */
export const PAGE_KINDS = ['score', 'cancel', 'permit', 'release', 'report', 'leave'] as const;

/** See {@link PAGE_KINDS}. */
export type PageKind = (typeof PAGE_KINDS)[number];
