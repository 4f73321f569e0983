import { describe, expect, it } from 'vitest';
import {
  commandFlags,
  DEFAULTS,
  HYPERPARAMETER_NAMES,
  HYPERPARAMETERS,
  type Hyperparameter,
  stepsOf,
  withDefaults,
} from './hyperparameters.ts';

describe('a hyperparameter', () => {
  const start = { pretrained: true, steps: 1000 };

  it.each(HYPERPARAMETER_NAMES)('%s accepts its own default, both as a value and as text', (name) => {
    const { schema, default: value }: Hyperparameter = HYPERPARAMETERS[name];
    const standard = typeof value === 'object' ? value.from(start) : value;
    expect(schema.parse(standard)).toBe(standard);
    if (typeof standard !== 'boolean') expect(schema.parse(String(standard))).toBe(standard);
  });

  it.each(HYPERPARAMETER_NAMES)('%s has the same name on the command line', (name) => {
    const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(HYPERPARAMETERS[name].flag).toMatch(new RegExp(`^--(no-)?${words}( <\\w+>)?$`));
  });

  it('keeps its given value, or gets a default that depends on how training starts', () => {
    expect(withDefaults(DEFAULTS, { pretrained: false, steps: 1000 })).toMatchObject({ learningRate: 0.01, warmup: 0 });
    expect(withDefaults(DEFAULTS, start)).toMatchObject({ learningRate: 0.001, warmup: 20 });
    expect(withDefaults(DEFAULTS, { ...start, steps: 99 })).toMatchObject({ warmup: 9 });
    const given = { ...DEFAULTS, learningRate: 0.002, warmup: 0 };
    expect(withDefaults({ ...given, ...{ resume: undefined } }, start)).toStrictEqual(given);
  });

  it('appears in the command that a model’s manifest records', () => {
    expect(commandFlags({ ...DEFAULTS, mirror: false, learningRate: 0.002 })).toBe(
      '--init base --epochs 25 --batch-size 32 --learning-rate 0.002 --momentum 0.9 --weight-decay 0.0001 ' +
        '--policy step:33%:0.1 --crop-size 224 --no-mirror --mean image --seed 0',
    );
    expect(commandFlags({ init: 'none', mirror: true })).toBe('--init none');
  });
});

describe('the steps of a run', () => {
  it('are only whole batches', () => {
    expect(stepsOf({ epochs: 3, batchSize: 32 }, 100)).toBe(9);
  });
});
