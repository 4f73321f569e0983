import { type Check, pass, warn } from '../check.ts';

/** Measures how many photos per second a single process scores at each batch size, without decoding. */
export const throughputCheck: Check = {
  name: 'throughput',
  after: ['forward'],
  run: async ({ device, trial }) => {
    const speeds = await trial.speeds();
    const list = speeds.map(({ batch, photosPerSecond }) => `${photosPerSecond.toPrecision(3)} (${batch})`).join(', ');
    const summary = `photos/s in one process, by batch size: ${list}`;
    if (device === 'cpu') return pass(summary, speeds);
    const { photosPerSecond: cpu } = await trial.reference();
    const best = Math.max(...speeds.map(({ photosPerSecond }) => photosPerSecond));
    return best > cpu
      ? pass(summary, speeds)
      : warn(
          `${summary}; one CPU thread reaches ${cpu.toPrecision(3)}`,
          'check with nvidia-smi what else uses the GPU, and its clock speeds',
          speeds,
        );
  },
};
