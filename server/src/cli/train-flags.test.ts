import { describe, expect, it } from 'vitest';
import { parseTrainFlags } from './train-flags.ts';

const standard = {
  data: 'set',
  mode: 'auto',
  init: 'embedded',
  epochs: '25',
  batch: '32',
  momentum: '0.9',
  weightDecay: '1e-4',
  policy: 'step:33%:0.1',
  crop: '224',
  mirror: true,
  mean: 'image',
  seed: '0',
};

describe('the flags of train', () => {
  it('are numbers where numbers are meant', () => {
    expect(parseTrainFlags({ ...standard, lr: '.002' })).toMatchObject({ epochs: 25, weightDecay: 1e-4, lr: 0.002 });
  });

  it.each<[string, object, string]>([
    ['a mode that is none', { mode: 'half' }, '--mode: must be auto, full or head'],
    ['a batch of none', { batch: '0' }, '--batch: must be a whole number, 1 or more'],
    ['a rate of nothing', { lr: '0' }, '--lr: must be a number above 0'],
    ['a rate without end', { lr: '1e999' }, '--lr: must be a number above 0'],
    ['more epochs than can be counted', { epochs: '9'.repeat(30) }, '--epochs: must be a whole number, 1 or more'],
    ['a momentum above one', { momentum: '1.5' }, '--momentum: must be a number from 0 to 1'],
    ['a mean that is none', { mean: 'median' }, '--mean: must be image or pixel'],
    ['a rate in words', { lr: 'low' }, '--lr: must be a number'],
    ['half an epoch', { epochs: '0.5' }, '--epochs: must be a whole number'],
    ['decay below zero', { weightDecay: '-1' }, '--weight-decay: must be a number, 0 or more'],
    ['a policy that is none', { policy: 'cosine' }, '--policy must be'],
    ['a crop that the auxiliary heads cannot see', { crop: '64' }, '--crop: must be a whole number from 96 to 256'],
    ['a name that is no id', { name: 'My Model' }, '--name: a model id is'],
    ['neither data nor a run', { data: undefined }, 'train needs --data'],
    ['both', { resume: 'run' }, 'train needs --data'],
  ])('are refused by name: %s', (_what, changed, message) => {
    expect(() => parseTrainFlags({ ...standard, ...changed })).toThrow(message);
  });
});
