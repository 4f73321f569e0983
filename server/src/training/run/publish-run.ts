import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { publishModel } from '../../registry/model-registry.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Rows } from '../step/state-layout.ts';
import { planTraining } from '../step/training-graph.ts';
import { exportModel, levelOfMean } from './export-model.ts';
import type { RunConfiguration } from './run-folder.ts';
import { engineOptions } from './run-training.ts';

/** What a run's model is published with. */
export interface PublishOptions {
  /** The folder of models that it becomes one of. */
  readonly models: string;
  readonly configuration: RunConfiguration;
  readonly dataset: Pick<Dataset, 'head' | 'mean' | 'id'>;
  readonly parameters: Rows;
  /** What its logits are divided by; 1 where none was fitted. */
  readonly temperature: number;
  /** Figures of its evaluation, each under a name that says of what. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Exports a run's parameters as a model and publishes it, all or nothing.
 *
 * @throws CommandError `model_exists`, `home_unusable`.
 */
export async function publishRun(options: PublishOptions): Promise<Manifest> {
  const { models, configuration, dataset, parameters, temperature, metrics } = options;
  const { layout } = planTraining(engineOptions(configuration).graph);
  const { mean } = dataset;
  const bytes = exportModel({
    ...{ layout, parameters, mean, meanKind: configuration.mean, temperature },
    storage: 'float32',
  });
  const about = {
    id: configuration.name,
    preprocessing: {
      resize: dataset.head.resize,
      mean: configuration.mean === 'image' ? ('image' as const) : levelOfMean(mean),
    },
    threshold: DEFAULT_THRESHOLD,
    temperature,
    metrics,
    provenance: { description: descriptionOf(configuration, dataset), command: commandOf(configuration) },
  };
  return publishModel(models, about, { bytes, storage: 'float32' });
}

function descriptionOf({ epochs, init }: RunConfiguration, { head, id }: Pick<Dataset, 'head' | 'id'>): string {
  const { LIKE, NOPE } = head.parts.training;
  const from = init === 'none' ? 'from nothing' : `from ${init}`;
  return `learnt ${epochs} epochs ${from}, on ${LIKE.photos} LIKE and ${NOPE.photos} NOPE photos (data set ${id.slice(0, 16)})`;
}

/** The command as somebody else would write it: without this machine's folders. */
function commandOf(configuration: RunConfiguration): string {
  const { name, init, epochs, batch, rate, momentum, weightDecay, policy, warmup, side, mirror, mean, seed } =
    configuration;
  const flags = {
    name,
    init,
    epochs,
    batch,
    lr: rate,
    momentum,
    'weight-decay': weightDecay,
    policy,
    warmup,
    crop: side,
    mean,
    seed,
  };
  const given = Object.entries(flags).map(([flag, value]) => `--${flag} ${value}`);
  return `swipenet train --data … ${given.join(' ')}${mirror ? '' : ' --no-mirror'}`;
}
