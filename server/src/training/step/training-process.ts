// The program of the training process. ONNX Runtime blocks the thread it runs on, for seconds, and can take its process
// down: here the terminal stays alive meanwhile.
import { serveParent } from '../../child/serve-parent.ts';
import type { TrainingProtocol } from './child-training-engine.ts';
import { SessionTrainingEngine } from './training-engine.ts';

let engine: SessionTrainingEngine;

serveParent<TrainingProtocol>({
  open: async ({ options, state }) => {
    engine = await SessionTrainingEngine.open(options, state);
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
