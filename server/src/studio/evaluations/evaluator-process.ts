// The program that evaluates a model. ONNX Runtime blocks its thread, and the figures of a large dataset take seconds.
// In a process of its own, they keep neither the server's thread nor its memory.
import { constants, setPriority } from 'node:os';
import type { Exchange } from '../../child/protocol.ts';
import { serveParent } from '../../child/serve-parent.ts';
import { writeEvaluated } from './evaluation-files.ts';
import { type Evaluator, type EvaluatorQuestion, openEvaluator } from './evaluator.ts';

/** The questions that it answers, in this order. */
export type EvaluatorProtocol = {
  /** Returns the number of photos. */
  readonly open: Exchange<EvaluatorQuestion, number>;
  /** Scores this number of photos. Returns how many are scored. */
  readonly score: Exchange<number, number>;
  /** Writes the result into the evaluation's folder. */
  readonly save: Exchange<string, void>;
};

let evaluator: Evaluator;

serveParent<EvaluatorProtocol>({
  open: async (question) => {
    evaluator = await openEvaluator(question);
    return evaluator.photos;
  },
  score: (count) => evaluator.score(count),
  save: (folder) => writeEvaluated(folder, evaluator.finish()),
});
// Engines run at a priority in between: a profile on the screen comes first.
setPriority(constants.priority.PRIORITY_LOW);
