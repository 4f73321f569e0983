// The program of a lane's thread. An error ends the thread, and the lane reports it.
import { parentPort, workerData } from 'node:worker_threads';
import { openSession } from '../../runtime/session.ts';
import { dataTensors, type StepData } from './data-tensors.ts';
import type { LaneOptions, LaneReply, LaneRequest } from './lane.ts';
import { buildGradientModel } from './lane-graphs.ts';
import { GROUPS, rowTensor } from './state-layout.ts';
import type { StepAnswer } from './training-engine.ts';
import { planTraining } from './training-graph.ts';

const { graph, threads, parameters, gradients, profilePrefix } = workerData as LaneOptions;
const shape = { ...graph, batchSize: graph.partSize };
const { layout, masks } = planTraining(shape);
const session = await openSession({
  ...{ model: buildGradientModel(graph), device: 'cpu', threads },
  ...(profilePrefix !== undefined && { profilePrefix }),
});

async function compute(parts: readonly StepData[]): Promise<StepAnswer> {
  const outputs = await session.run({
    weights: rowTensor(layout.weights, parameters.weights),
    biases: rowTensor(layout.biases, parameters.biases),
    ...dataTensors(shape, masks, parts, true),
  });
  for (const group of GROUPS) gradients[group].set(outputs[`${group}_gradients`]!.data);
  return { losses: outputs.losses!.data, logits: outputs.logits!.data };
}

const reply = (message: LaneReply) => parentPort!.postMessage(message);

parentPort!.on('message', async (request: LaneRequest) => {
  if (request !== 'close') return reply(await compute(request));
  await session.close();
  reply('closed');
});
reply('ready');
