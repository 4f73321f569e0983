import { useState } from 'preact/hooks';
import { AskError } from '../live/ask.ts';

/** A request to the server that a button makes, and its result. */
export interface Action {
  /** What is being done, or undefined. Buttons are disabled meanwhile. */
  readonly doing: string | undefined;
  /** What was done, or why not. */
  readonly said: { readonly text: string; readonly isError: boolean } | undefined;
  /** Runs an action and keeps its result. Resolves with false if the server refused. */
  readonly act: (doing: string, work: () => Promise<string>) => Promise<boolean>;
}

/** Keeps what a screen's buttons do, one at a time. */
export function useAction(): Action {
  const [doing, setDoing] = useState<string>();
  const [said, setSaid] = useState<Action['said']>();
  const act: Action['act'] = async (text, work) => {
    setDoing(text);
    setSaid(undefined);
    try {
      setSaid({ text: await work(), isError: false });
      return true;
    } catch (error) {
      if (!(error instanceof AskError)) throw error;
      setSaid({ text: error.message, isError: true });
      return false;
    } finally {
      setDoing(undefined);
    }
  };
  return { doing, said, act };
}
