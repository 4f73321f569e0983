import { readSettings, type SettingName } from '../config/settings.ts';
import { trainingDevice } from '../training/run/training-device.ts';
import { commandWith } from './command.ts';
import { parseTrainFlags } from './train-flags.ts';
import { trainFull } from './train-full.ts';
import { trainHeadOnly } from './train-head.ts';
import { modeOf } from './train-mode.ts';
import { TRAIN_OPTIONS } from './train-options.ts';

const SETTINGS = ['device', 'home'] as const satisfies SettingName[];

/** `swipenet train`: a data set becomes a model. */
export const trainCommand = commandWith('train', 'learn a model from a data set', SETTINGS).action(
  async (given, command) => {
    const { home, device: choice } = readSettings(SETTINGS, given);
    const flags = parseTrainFlags(given);
    const { mode, reason: why } = await modeOf(flags, (name) => command.getOptionValueSource(name) === 'cli');
    console.error(`Mode ${mode}: ${why}`);
    const place = { home, ...(await trainingDevice(choice)) };
    await (mode === 'head' ? trainHeadOnly(flags, place) : trainFull(flags, place));
  },
);

for (const [flag, help, standard] of TRAIN_OPTIONS) trainCommand.option(flag, help, standard);
