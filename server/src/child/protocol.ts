/** One kind of question that a child answers. Both cross the channel by structured clone. */
export interface Exchange<Question, Answer> {
  readonly question: Question;
  readonly answer: Answer;
}

/** What a child can be asked, by type. */
export type Protocol = Readonly<Record<string, Exchange<unknown, unknown>>>;

/** From the parent: a question, or the request to end. */
export type ToChild =
  | {
      readonly type: string;
      readonly question: unknown;
      /** How often the child reports that it computes; `undefined`: it need not. */
      readonly beatMs: number | undefined;
    }
  | 'end';

/** From the child: one for each question, in the order of the questions. */
export type FromChild = { readonly answer: unknown } | { readonly error: string };

/** The child's file descriptor for its heartbeat. */
export const HEARTBEAT_FD = 4;
