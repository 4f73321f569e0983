import type { TrainingRequest } from '@swipenet/shared/contract/studio/training.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { Home } from '../../home/home.ts';
import { trainingCommand } from './training-command.ts';
import { trainingForm } from './training-form.ts';

const home = () => new Home(temporaryFolder());
const request: TrainingRequest = { dataset: 'x', name: 'mine', mode: 'full', target: null, values: {} };
const commandOf = (changes: Partial<TrainingRequest>, of = home()) =>
  trainingCommand({ ...request, ...changes }, '/photos.set', { home: of, device: 'cpu' });

describe('the command of a training job', () => {
  it('has a flag for each value that was given', async () => {
    const of = home();
    const values = { epochs: '3', learningRate: '1e-3', mirror: false, init: 'none' };
    const command = ['train', '--data', '/photos.set', '--name', 'mine', '--mode', 'full'];
    const flags = ['--init', 'none', '--epochs', '3', '--learning-rate', '0.001', '--no-mirror'];
    const common = ['--target', 'recall=0.9', '--device', 'cpu', '--home', of.folder, '--json'];
    expect(await commandOf({ values, target: 'recall=0.9' }, of)).toEqual([...command, ...flags, ...common]);
  });

  it('leaves out what a head doesn’t have', async () => {
    const command = await commandOf({ mode: 'head', values: { epochs: '3', seed: '7' } });
    expect(command).toContain('--seed');
    expect(command).not.toContain('--epochs');
  });

  it.each([
    [{ values: { epochs: '0' } }, '--epochs must be a whole number, 1 or more'],
    [{ values: { cropSize: '1000' } }, '--crop-size must be a whole number from 96 to 256'],
    [{ values: { policy: 'sometimes' } }, '--policy must be'],
    [{ values: { mirror: 'maybe' } }, '--no-mirror'],
    [{ values: { depth: '3' } }, 'depth is not a hyperparameter'],
    [{ values: { init: '/etc/passwd' } }, 'no model has the ID /etc/passwd'],
    [{ target: 'fame' }, '--target must be'],
  ])('refuses %j', async (changes, message) => {
    await expect(commandOf(changes as Partial<TrainingRequest>)).rejects.toThrow(message);
  });
});

describe('the form for training', () => {
  it('takes its fields from the table of hyperparameters', async () => {
    const { fields } = await trainingForm(home());
    const field = (name: string) => fields.find((one) => one.name === name);
    expect(field('cropSize')).toMatchObject({ kind: 'number', value: '224', least: 96, most: 256, isWhole: true });
    expect(field('learningRate')).toMatchObject({ kind: 'number', value: null, isWhole: false, fullOnly: true });
    expect(field('learningRate')?.words).toContain('0.01 from scratch');
    expect(field('mean')).toMatchObject({ kind: 'choice', choices: ['image', 'pixel'] });
    expect(field('mirror')).toMatchObject({ kind: 'switch', value: true });
    expect(field('init')?.choices).toEqual(expect.arrayContaining(['base', 'quality', 'none']));
    expect(field('init')?.choices).not.toContain('quality-int8'); // nothing can start from it
  });

  it('has presets whose values the command line takes', async () => {
    for (const { mode, target, values } of (await trainingForm(home())).presets) {
      expect(await commandOf({ mode, target, values })).toContain('train');
    }
  });
});
