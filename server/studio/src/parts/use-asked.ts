import { useCallback, useEffect, useState } from 'preact/hooks';
import { AskError } from '../live/ask.ts';

/** The server's answer to a question. The last one stays while the question is asked again. */
export interface Asked<Answer> {
  readonly answer: Answer | undefined;
  readonly error: AskError | undefined;
  /** Asks again, for example after a change. */
  readonly again: () => void;
}

/**
 * Asks the server when a screen is shown, and again when `about` changes. An answer to an older question is dropped.
 *
 * @param about what the question depends on, as text.
 */
export function useAsked<Answer>(about: string, question: (signal: AbortSignal) => Promise<Answer>): Asked<Answer> {
  const [state, setState] = useState<Omit<Asked<Answer>, 'again'>>({ answer: undefined, error: undefined });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const left = new AbortController();
    question(left.signal).then(
      (answer) => left.signal.aborted || setState({ answer, error: undefined }),
      (error: unknown) => {
        if (left.signal.aborted) return;
        if (!(error instanceof AskError)) throw error;
        setState(({ answer }) => ({ answer, error }));
      },
    );
    return () => left.abort();
  }, [about, times]);
  return { ...state, again: useCallback(() => setTimes((count) => count + 1), []) };
}
