// The program of the training process. ONNX Runtime blocks its thread for seconds and can crash its process. In a
// process of its own, it doesn't block the terminal.
import { serveParent } from '../../child/serve-parent.ts';
import type { TrainingProtocol } from './child-training-engine.ts';
import { openTrainingEngine } from './open-training-engine.ts';
import type { TrainingEngine } from './training-engine.ts';

let engine: TrainingEngine;

serveParent<TrainingProtocol>({
  open: async ({ options, state }) => {
    engine = await openTrainingEngine(options, state);
  },
  step: (inputs) => engine.step(inputs),
  evaluate: (photos) => engine.evaluate(photos),
  state: () => engine.state(),
  load: (state) => engine.load(state),
  usage: () => {
    const { user, system } = process.cpuUsage();
    return { cpuMicroseconds: user + system, memoryBytes: process.memoryUsage.rss() };
  },
  close: () => engine.close(),
});
