import { CROP_SIZE } from '@swipenet/shared/photo.ts';

/** Every flag of `train` as commander takes it; what has a default there is what the article or DIGITS had. */
export const TRAIN_OPTIONS: readonly (readonly [flag: string, help: string, standard?: string])[] = [
  ['--data <folder>', 'the data set to learn from (dataset build makes one)'],
  [
    '--mode <mode>',
    'full learns the whole network, head a classifier on its features, auto what is best for so many photos',
    'auto',
  ],
  ['--resume <folder>', 'go on with the run in this folder; every other flag is the run’s own'],
  ['--run <folder>', 'where the run is kept (default: runs/NAME in the home folder)'],
  ['--name <id>', 'id of the model that comes of it (default: the data set’s name, without .set)'],
  [
    '--init <what>',
    'begin from: embedded, none, a model’s folder, or a file of weights: safetensors or ONNX',
    'embedded',
  ],
  ['--epochs <count>', 'times every photo is seen', '25'],
  ['--batch <count>', 'photos in a step', '32'],
  ['--lr <rate>', 'base learning rate (default: 0.01 from nothing, 0.001 from a model)'],
  ['--momentum <share>', 'share of the last update in the next', '0.9'],
  ['--weight-decay <share>', 'how strongly weights are pulled towards zero', '1e-4'],
  ['--policy <policy>', 'how the rate changes: step:PERCENT%:GAMMA, exp, poly, sigmoid, fixed', 'step:33%:0.1'],
  [
    '--warmup <steps>',
    'steps over which the rate grows to its base (default: 0 from nothing; 20 from a model, at most a tenth of the run)',
  ],
  ['--crop <side>', 'side of the crops in pixels', String(CROP_SIZE)],
  ['--no-mirror', 'do not mirror half of the photos'],
  ['--mean <kind>', 'subtract the mean image, or its mean level as one number: image, pixel', 'image'],
  ['--seed <number>', 'of the folds of a head; of the order, the crops, the dropout and what begins from nothing', '0'],
];
