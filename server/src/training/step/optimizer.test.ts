import { describe, expect, it } from 'vitest';
import { encodeModel, GraphBuilder } from '../../onnx/graph-builder.ts';
import { openSession } from '../../runtime/session.ts';
import { type ParameterGroup, sgdStep } from './optimizer.ts';

/** Takes steps on two parameters with a constant gradient. Returns the parameters after each step. */
async function run(group: ParameterGroup, momentum: number, weightDecay: number, rates: readonly number[]) {
  const graph = new GraphBuilder('sgd');
  const row = (name: string) => graph.input(name, 'float32', [2]);
  const state = { parameters: row('w'), momenta: row('v') };
  const rate = graph.input('rate', 'float32', []);
  const next = sgdStep(graph, group, state, row('gradient'), rate, { momentum, weightDecay });
  graph.output(next.parameters, 'next_w');
  graph.output(next.momenta, 'next_v');
  const session = await openSession({ model: encodeModel(graph.build()), device: 'cpu', threads: 1 });
  const tensor = (...numbers: number[]) => ({ data: Float32Array.from(numbers), shape: [2] });
  let [w, v] = [tensor(1, -2), tensor(0, 0)];
  const seen: number[][] = [];
  for (const number of rates) {
    const gradient = tensor(0.5, 0.25);
    const given = { w, v, gradient, rate: { data: Float32Array.of(number), shape: [] } };
    const { next_w, next_v } = await session.run(given);
    [w, v] = [tensor(...next_w!.data), tensor(...next_v!.data)];
    seen.push([...w.data]);
  }
  await session.close();
  return seen;
}

const close = (found: number[][], expected: number[][]) =>
  found.flat().forEach((number, index) => {
    expect(number).toBeCloseTo(expected.flat()[index]!, 6);
  });

describe('SGD with momentum, in Caffe’s form', () => {
  it('follows the gradient, and keeps its momentum', async () => {
    // v1 = 0.1·g = (0.05, 0.025); v2 = 0.9·v1 + 0.1·g = (0.095, 0.0475)
    close(await run('weights', 0.9, 0, [0.1, 0.1]), [
      [0.95, -2.025],
      [0.855, -2.0725],
    ]);
  });

  it('lets old updates fade out after the learning rate drops, because the momentum includes it', async () => {
    // v2 = 0.9·v1 + 0.01·g = (0.05, 0.025)
    close(await run('weights', 0.9, 0, [0.1, 0.01]), [
      [0.95, -2.025],
      [0.9, -2.05],
    ]);
  });

  it('decays weights toward zero', async () => {
    // v = 0.1·(g + 0.5·w) = (0.1, -0.075)
    close(await run('weights', 0.9, 0.5, [0.1]), [[0.9, -1.925]]);
  });

  it('trains biases at twice the learning rate, without weight decay', async () => {
    close(await run('biases', 0.9, 0.5, [0.1]), [[0.9, -2.05]]);
  });
});
