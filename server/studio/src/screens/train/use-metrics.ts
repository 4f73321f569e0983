import { type RunMetrics, runMetricsSchema } from '@swipenet/shared/contract/studio/runs.ts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { AskError, ask } from '../../live/ask.ts';

export type Steps = RunMetrics['steps'];
export type Epochs = RunMetrics['epochs'];

/** What a run has measured so far. */
export interface Measured {
  readonly steps: Steps;
  readonly epochs: Epochs;
  /** Where the next request begins. */
  readonly next: string;
}

export const NOTHING: Measured = {
  ...{ steps: { step: [], loss: [], accuracy: [], learningRate: [] }, epochs: [], next: '' },
};

/** Adds what came next. If it begins anew, what came before is no longer true. */
export function withNext(before: Measured, { steps, epochs, next, isNew }: RunMetrics): Measured {
  const { steps: old, epochs: past } = isNew ? NOTHING : before;
  return {
    steps: {
      step: [...old.step, ...steps.step],
      loss: [...old.loss, ...steps.loss],
      accuracy: [...old.accuracy, ...steps.accuracy],
      learningRate: [...old.learningRate, ...steps.learningRate],
    },
    epochs: [...past, ...epochs],
    next,
  };
}

/**
 * Follows what a run measures. Only what is new is asked for.
 *
 * @param about changes when there may be something new.
 */
export function useMetrics(run: string, about: string): { measured: Measured; error: AskError | undefined } {
  const [state, setState] = useState<{ measured: Measured; error: AskError | undefined }>({
    ...{ measured: NOTHING, error: undefined },
  });
  const known = useRef(NOTHING);
  useEffect(() => {
    const left = new AbortController();
    const read = async () => {
      for (let hasMore = true; hasMore; ) {
        const asking = { path: { run }, query: { from: known.current.next }, signal: left.signal };
        const piece = await ask('studioRunMetrics', runMetricsSchema, asking);
        if (left.signal.aborted) return;
        known.current = withNext(known.current, piece);
        hasMore = piece.hasMore;
      }
      setState({ measured: known.current, error: undefined });
    };
    read().catch((error: unknown) => {
      if (left.signal.aborted) return;
      if (!(error instanceof AskError)) throw error;
      setState({ measured: known.current, error });
    });
    return () => left.abort();
  }, [run, about]);
  return state;
}
