/** One kind of question and its answer. Both are sent by structured clone. */
export interface Exchange<Question, Answer> {
  readonly question: Question;
  readonly answer: Answer;
}

/** The questions that a child answers, by type. */
export type Protocol = Readonly<Record<string, Exchange<unknown, unknown>>>;

/** A message from the parent: a question, or a request to end. */
export type ToChild =
  | {
      readonly type: string;
      readonly question: unknown;
      /**
       * How often the child must report that it is computing, in milliseconds, or `undefined` if it doesn't have to.
       */
      readonly beatMs: number | undefined;
    }
  | 'end';

/** A message from the child: the answer to the oldest pending question. */
export type FromChild = { readonly answer: unknown } | { readonly error: string };

/** An argument of a child that keeps its parent's priority. Without it, the child takes a lower one. */
export const KEEPS_PRIORITY = '--keeps-priority';

/** The file descriptor of the child's heartbeat. */
export const HEARTBEAT_FD = 4;
