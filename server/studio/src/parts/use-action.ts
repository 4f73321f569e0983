import pLimit, { type LimitFunction } from 'p-limit';
import { useState } from 'preact/hooks';
import { AskError } from '../live/ask.ts';

/** Said after an error when more was asked for before the error could be seen. */
const GIVEN_UP = 'What you asked for after it was not done.';

/** A request to the server that a button or a key makes, and its result. */
export interface Action {
  /** What is being done, or undefined. Buttons are disabled meanwhile. */
  readonly doing: string | undefined;
  /** What was done, or why not. */
  readonly said: { readonly text: string; readonly isError: boolean } | undefined;
  /**
   * Runs an action, after those that were asked for before it, and keeps its result. Resolves with false if the server
   * refused it, or one that it waited for.
   */
  readonly act: (doing: string, work: () => Promise<string>) => Promise<boolean>;
  /** Runs one action at a time. */
  readonly inTurn: LimitFunction;
}

/**
 * Keeps what a screen's buttons and keys do, one at a time, so that no key is lost while the server still answers.
 *
 * @param others actions to take turns with: what is saved must have all changes that were asked for before.
 */
export function useAction(others?: Pick<Action, 'inTurn'>): Action {
  const [doing, setDoing] = useState<string>();
  const [said, setSaid] = useState<Action['said']>();
  const [own] = useState(() => pLimit({ concurrency: 1, rejectOnClear: true }));
  const inTurn = others?.inTurn ?? own;
  const act: Action['act'] = (text, work) => {
    setDoing((before) => before ?? text); // also while it waits for others
    return inTurn(async () => {
      setDoing(text);
      setSaid(undefined);
      try {
        setSaid({ text: await work(), isError: false });
        return true;
      } catch (error) {
        if (!(error instanceof AskError)) throw error;
        setSaid({ text: inTurn.pendingCount > 0 ? `${error.message} ${GIVEN_UP}` : error.message, isError: true });
        inTurn.clearQueue();
        return false;
      } finally {
        setDoing(undefined);
      }
    }).catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
      setDoing(undefined); // it was taken from the queue above
      return false;
    });
  };
  return { doing, said, act, inTurn };
}
