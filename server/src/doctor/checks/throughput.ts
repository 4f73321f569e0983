import { type Check, pass, warn } from '../check.ts';

/** How many photos a second a single process answers, by size of batch; decoding is not in it. */
export const throughputCheck: Check = {
  name: 'throughput',
  after: ['forward'],
  run: async ({ device, trial }) => {
    const speeds = await trial.speeds();
    const list = speeds.map(({ batch, photosPerSecond }) => `${photosPerSecond.toPrecision(3)} (${batch})`).join(', ');
    const summary = `photos/s of one process, by size of batch: ${list}`;
    if (device === 'cpu') return pass(summary, speeds);
    const { photosPerSecond: cpu } = await trial.reference();
    const best = Math.max(...speeds.map(({ photosPerSecond }) => photosPerSecond));
    return best > cpu
      ? pass(summary, speeds)
      : warn(
          `${summary}; one CPU thread does ${cpu.toPrecision(3)}`,
          'see with nvidia-smi what else the GPU computes, and its clocks',
          speeds,
        );
  },
};
