import type { Clock } from '../../clock.ts';
import type { AnswerIn, RequestIn, RequestList } from '../../messages.ts';
import type { HistoryRecorder } from '../history/history-recorder.ts';
import type { LabelQueue } from '../labels/label-queue.ts';
import type { PhotoPreparer } from '../preparing/photo-preparer.ts';
import type { ApiWorld } from '../server/api-client.ts';
import type { SwipeLedger } from '../swipes/swipe-ledger.ts';
import type { TasteGate } from '../swipes/taste-gate.ts';
import type { WordsLearner } from '../words/words-learner.ts';

/** What the worker needs to answer requests. */
export interface WorkerParts {
  readonly world: ApiWorld;
  readonly clock: Pick<Clock, 'date'>;
  readonly ledger: SwipeLedger;
  readonly labels: LabelQueue;
  readonly gate: TasteGate;
  readonly history: HistoryRecorder;
  readonly words: WordsLearner;
  readonly preparer: Pick<PhotoPreparer, 'prepare'>;
}

/** The dating page that sent a request. */
export interface PageSender {
  readonly tab: number;
  readonly origin: string;
}

/** One handler for each kind of request in a list, for one kind of sender. */
export type Handlers<List extends RequestList, From> = {
  readonly [Kind in keyof List]: (request: RequestIn<List, Kind>, sender: From) => Promise<AnswerIn<List, Kind>>;
};
