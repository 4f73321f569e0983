import { marginsOf } from '@swipenet/shared/confidence.ts';
import { expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../../../test/support/random.ts';
import { fromRows, toRows } from '../../step/state-layout.ts';
import { planTraining } from '../../step/training-graph.ts';
import { initialParameters } from '../start/initialize.ts';
import { foldCalibration } from './fold-calibration.ts';

it('a folded calibration scales and shifts every margin, and changes nothing else', () => {
  const { shapes, layout } = planTraining({ batchSize: 1, cropSize: 96, classes: 2, width: 1 / 8 });
  const parameters = toRows(layout, initialParameters(shapes, 3));
  parameters.biases.set(uniform(seededRandom(4), parameters.biases.length, 1));
  const before = { weights: parameters.weights.slice(), biases: parameters.biases.slice() };
  const folded = foldCalibration(layout, parameters, { slope: 2.5, bias: -0.75 });
  expect(parameters).toEqual(before);

  const features = uniform(seededRandom(5), 128, 1);
  const margin = (rows: typeof parameters) => {
    const tensors = fromRows(layout, rows);
    const [weights, biases] = ['weight', 'bias'].map((kind) => tensors.get(`loss3/classifier.${kind}`)!.data);
    const logits = Float32Array.from(biases!, (bias, label) =>
      features.reduce((sum, feature, at) => sum + feature * weights![128 * label + at]!, bias),
    );
    return marginsOf(logits)[0]!;
  };
  expect(margin(folded)).toBeCloseTo(2.5 * margin(parameters) - 0.75, 5);
  for (const [name, { data }] of fromRows(layout, folded)) {
    if (!name.startsWith('loss3/classifier')) expect(data).toEqual(fromRows(layout, parameters).get(name)!.data);
  }
});
