import { describe, expect, it } from 'vitest';
import { type OptionDefinition, parseOptions } from '../command.ts';
import { sourceOf, TRAIN_OPTIONS } from './options.ts';

/** Parses what commander would pass on: the defaults, and the flags on the command line. */
const parse = (flags: Record<string, unknown>) => {
  const defaults = Object.entries<OptionDefinition>(TRAIN_OPTIONS).map(([name, { defaultValue: value }]) => [
    name,
    value,
  ]);
  return parseOptions(TRAIN_OPTIONS, { ...Object.fromEntries(defaults), mirror: true, ...flags });
};

describe('the options of train', () => {
  it('parse numbers', () => {
    expect(parse({ learningRate: '.002' })).toMatchObject({ epochs: 25, weightDecay: 1e-4, learningRate: 0.002 });
  });

  it('have no value yet if the default depends on how training starts', () => {
    expect(parse({})).toMatchObject({ learningRate: undefined, warmup: undefined });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown mode', { mode: 'half' }, '--mode: must be auto, full or head'],
    ['an empty batch', { batchSize: '0' }, '--batch-size: must be a whole number, 1 or more'],
    ['a learning rate of zero', { learningRate: '0' }, '--learning-rate: must be a number above 0'],
    ['an infinite learning rate', { learningRate: '1e999' }, '--learning-rate: must be a number above 0'],
    ['more epochs than can be counted', { epochs: '9'.repeat(30) }, '--epochs: must be a whole number, 1 or more'],
    ['a momentum above one', { momentum: '1.5' }, '--momentum: must be a number from 0 to 1'],
    ['an unknown mean', { mean: 'median' }, '--mean: must be image or pixel'],
    ['a learning rate that isn’t a number', { learningRate: 'low' }, '--learning-rate: must be a number'],
    ['half an epoch', { epochs: '0.5' }, '--epochs: must be a whole number'],
    ['a negative weight decay', { weightDecay: '-1' }, '--weight-decay: must be a number, 0 or more'],
    ['an unknown policy', { policy: 'cosine' }, '--policy: must be fixed, exp, poly, sigmoid, or step:PERCENT%:GAMMA'],
    [
      'a crop that is too small for the auxiliary classifiers',
      { cropSize: '64' },
      '--crop-size: must be a whole number from 96 to 256',
    ],
    ['an empty warm-up', { warmup: '' }, '--warmup: must be a whole number, 0 or more'],
    ['an invalid name', { name: 'My Model' }, '--name: a model ID has'],
  ])('reject %s by name', (_what, flags, message) => {
    expect(() => parse(flags)).toThrow(message);
  });

  it.each([{}, { data: 'set', resume: 'run' }])('require exactly one of --data and --resume, not %j', (flags) => {
    expect(() => sourceOf(parse(flags))).toThrow('pass either --data');
  });
});
