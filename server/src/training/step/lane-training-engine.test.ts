// @module-tag slow
import { describe, expect, it } from 'vitest';
import { SMALL_GRAPH, stateBefore, stepInput } from '../../../../test/support/training-steps.ts';
import { LaneTrainingEngine } from './lane-training-engine.ts';
import { fromRows } from './state-layout.ts';
import { SessionTrainingEngine, type TrainingState } from './training-engine.ts';
import { planTraining } from './training-graph.ts';

/**
 * How far a number may be from that of a plain step, relative to the largest of its tensor. A gradient is the sum of up
 * to n = 13 · 48² products in another order, which changes it by about √n · 2⁻²⁴ = 9e-6 of their size.
 */
const ROUNDING = 2e-5;

/** The largest difference between two arrays, relative to the largest number. */
function difference(found: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
  return found.reduce((most, number, at) => Math.max(most, Math.abs(number - expected[at]!)), 0) / largest;
}

describe('a training step in lanes', () => {
  it.each([
    ['13 photos in three lanes, one of them with fewer parts and the last part short', 13, 3],
    ['9 photos in two lanes', 9, 2],
    ['5 photos in one lane', 5, 1],
  ])('equals a plain step up to rounding: %s', async (_, batchSize, threads) => {
    const graph = { ...SMALL_GRAPH, batchSize };
    const { layout } = planTraining(graph);
    const state = stateBefore(graph);
    const lanes = await LaneTrainingEngine.open({ graph, device: 'cpu', threads }, state);
    const plain = await SessionTrainingEngine.open({ graph, device: 'cpu', threads: 1 }, state);
    const tensors = ({ parameters, momenta }: TrainingState) =>
      [parameters, momenta].flatMap((rows) => [...fromRows(layout, rows).values()].map(({ data }) => data));
    for (const step of [0, 1]) {
      // Profiles of different sizes give photos different weights.
      const targets = Float32Array.from({ length: 2 * batchSize }, (_, at) => ((at * 7) % 5) / 3);
      const input = { ...stepInput(graph, step), targets };
      const [[found], [expected]] = [await lanes.step([input]), await plain.step([input])];
      expect(difference(found!.losses, expected!.losses)).toBeLessThan(ROUNDING);
      expect(difference(found!.logits, expected!.logits)).toBeLessThan(ROUNDING);
      const [after, plainly] = [tensors(await lanes.state()), tensors(await plain.state())];
      const differences = after.map((tensor, index) => difference(tensor, plainly[index]!));
      expect(Math.max(...differences)).toBeLessThan(ROUNDING);
    }
    await Promise.all([lanes.close(), plain.close()]);
  });

  it('gives the same bits each time, and leaves a state that it gave away as it was', async () => {
    const graph = { ...SMALL_GRAPH, batchSize: 5 };
    const lanes = await LaneTrainingEngine.open({ graph, device: 'cpu', threads: 2 }, stateBefore(graph));
    await lanes.step([stepInput(graph, 0)]);
    const between = await lanes.state();
    const copy = structuredClone(between);
    const first = [await lanes.step([stepInput(graph, 1)]), await lanes.state()];
    expect(between).toEqual(copy);
    expect(first[1]).not.toEqual(copy);
    await lanes.load(between);
    expect([await lanes.step([stepInput(graph, 1)]), await lanes.state()]).toEqual(first);
    await lanes.close();
  });

  it('reports a loss that is not a number, and fails every step after a lane has failed', async () => {
    const graph = { ...SMALL_GRAPH, batchSize: 5 };
    const state = stateBefore(graph);
    state.parameters.weights[0] = Number.NaN;
    const lanes = await LaneTrainingEngine.open({ graph, device: 'cpu', threads: 2 }, state);
    const [answer] = await lanes.step([stepInput(graph, 0)]);
    expect([...answer!.losses]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const incomplete = { ...stepInput(graph, 0), photos: new Uint8Array(0) };
    const reason = 'does not match data length';
    await expect(lanes.step([incomplete])).rejects.toThrow(reason);
    await expect(lanes.step([stepInput(graph, 0)])).rejects.toThrow(reason);
    await lanes.close();
  });
});
