import type { AnswerIn, RequestIn, RequestList } from '../../messages.ts';
import type { ApiWorld } from '../server/api-client.ts';
import type { SwipeLedger } from '../swipes/swipe-ledger.ts';

/** What the worker answers with. */
export interface WorkerParts {
  readonly world: ApiWorld;
  readonly ledger: SwipeLedger;
}

/** A tab with a dating page. */
export interface PageSender {
  readonly tab: number;
  readonly origin: string;
}

/** Handlers for every kind of a list of requests, from one kind of sender. */
export type Handlers<List extends RequestList, From> = {
  readonly [Kind in keyof List]: (request: RequestIn<List, Kind>, sender: From) => Promise<AnswerIn<List, Kind>>;
};
