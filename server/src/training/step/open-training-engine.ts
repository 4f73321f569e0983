import { LaneTrainingEngine } from './lane-training-engine.ts';
import {
  SessionTrainingEngine,
  type TrainingEngine,
  type TrainingEngineOptions,
  type TrainingState,
} from './training-engine.ts';

/**
 * Opens a training engine in this process: lanes for single steps on the CPU, and otherwise one session, which is a
 * `Loop` if a call has several steps. Throws an Error with ONNX Runtime's message.
 */
export function openTrainingEngine(options: TrainingEngineOptions, state: TrainingState): Promise<TrainingEngine> {
  const inLanes = options.device === 'cpu' && options.graph.stepsPerCall === 1;
  return inLanes ? LaneTrainingEngine.open(options, state) : SessionTrainingEngine.open(options, state);
}
