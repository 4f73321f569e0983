// npm run bench [-- NAME] [--json]: how fast, measured in turns and told as ratios within one run; or how good.
import { Command, InvalidArgumentError } from 'commander';
import { dataset } from './dataset.ts';
import { decodeBench } from './decode.ts';
import { lackingFor, parseDevice, switchTf32Off } from './device.ts';
import { fineTuning } from './fine-tuning.ts';
import { headBench } from './head.ts';
import { int8Bench } from './int8.ts';
import { limits } from './limits.ts';
import type { BenchOptions } from './options.ts';
import { type Figure, figuresAsJson, formatFigures } from './report.ts';
import { chaos } from './serving/chaos.ts';
import { fuzz } from './serving/fuzz.ts';
import { serve } from './serving/serve.ts';
import { soak } from './serving/soak.ts';
import { training } from './training.ts';

/** What `head` tells apart unless told otherwise, LIKE before the colon. */
const KINDS = ['sunfl:roses', 'tulip:roses', 'daisy:dande'];

/** A benchmark. */
interface Bench {
  readonly summary: string;
  readonly run: (options: BenchOptions) => Promise<Figure[]>;
  /** Takes `--device`; without this it only knows the CPU. */
  readonly onDevices?: true;
}

/** Every benchmark; the first runs when none is named. */
const benches: Record<string, Bench> = {
  limits: {
    summary: 'the machine’s limits: matrix multiplication, bare engine, decoding (--device)',
    onDevices: true,
    run: limits,
  },
  train: {
    summary: 'a training step at 224 px, batch 32: images/s, share of the limit, time per operator (--device)',
    onDevices: true,
    run: training,
  },
  dataset: { summary: 'near duplicates among 151,081 photos; batches from shards', run: dataset },
  decode: { summary: 'decoding a photo on one core, as it is served and otherwise', run: decodeBench },
  serve: {
    summary: 'the server at 1, 4, 16, 64 clients (--seconds each), its limits, a baseline (--device)',
    onDevices: true,
    run: serve,
  },
  soak: { summary: 'many photos (--photos) through one server: is its memory flat?', run: soak },
  chaos: { summary: 'an engine is killed every 5 s under load (--seconds in all): does anybody notice?', run: chaos },
  fuzz: {
    summary: 'hurt photos, forms and headers (--requests, --seed): is every answer a documented one?',
    run: fuzz,
  },
  head: {
    summary: 'few photos: a head against plain logistic regression (--from, --init, --pairs, --features)',
    run: ({ from, init = 'embedded', pairs = KINDS, features }) => {
      if (from === undefined)
        throw new RangeError('head needs --from with a folder of photos whose names begin with their kind');
      return headBench({ photos: from, init, pairs, features });
    },
  },
  full: {
    summary: 'few photos: the whole network, 60 steps, against a head (--from, --init, --pairs, --labels, --epochs)',
    run: ({ from, init = 'embedded', pairs = KINDS.slice(0, 1), labels, epochs }) => {
      if (from === undefined)
        throw new RangeError('full needs --from with a folder of photos whose names begin with their kind');
      return fineTuning({ photos: from, init, pairs, labels, epochs });
    },
  },
  int8: {
    summary: 'ways to make an int8 model: what each loses, how fast it is (--from, --photos)',
    run: ({ from, photos = 128 }) => {
      if (from === undefined) throw new RangeError('int8 needs --from with a data set');
      return int8Bench({ data: from, calibration: photos });
    },
  },
};

const wholeNumber = (text: string) => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 is expected');
  return Number(text);
};

const list = Object.entries(benches).map(([name, { summary }]) => `  ${name}  ${summary}`);
await new Command('bench')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description('Measures this machine. Figures of one run compare with each other, not with another run’s.')
  .argument('[name]', 'which benchmark', Object.keys(benches)[0])
  .option('--json', 'print JSON and nothing else')
  .option('--device <device>', 'limits, train, serve: cpu or cuda:N (default: cpu)', parseDevice)
  .option('--seconds <number>', 'how long each load lasts', wholeNumber)
  .option('--photos <number>', 'how many photos are sent', wholeNumber)
  .option('--requests <number>', 'how many requests are sent', wholeNumber)
  .option('--seed <number>', 'what chance begins with', wholeNumber)
  .option('--precision <precision>', 'serve: fp32, int8 or auto, as of swipenet serve')
  .option('--from <folder>', 'head, full: photos whose names begin with their kind; int8: a data set')
  .option('--init <what>', 'head, full: as of swipenet train (default: embedded)')
  .option('--pairs <pair...>', `head, full: kinds to tell apart (default: ${KINDS.join(' ')}; full: the first)`)
  .option('--labels <number...>', 'full: how many labels are learnt from', (text: string, before: number[] = []) => [
    ...before,
    wholeNumber(text),
  ])
  .option('--epochs <number>', 'full: as of swipenet train (default: as many as 60 steps hold)', wholeNumber)
  .option('--features <folder>', 'head: where features are kept between runs')
  .addHelpText('after', `\nBenchmarks:\n${list.join('\n')}`)
  .action(async (name: string, { json, ...options }: BenchOptions & { json?: boolean }, command: Command) => {
    const bench = benches[name];
    if (!bench) command.error(`there is no benchmark ${name}`, { exitCode: 2 });
    const { device } = options;
    if (device && !bench.onDevices) command.error(`error: ${name} does not take --device`, { exitCode: 2 });
    const lacking = device && lackingFor(device);
    if (lacking) command.error(`error: ${lacking}`, { exitCode: 2 });
    switchTf32Off(process.env);
    const figures = await bench.run(options).catch((error: Error) => {
      if (!device || device === 'cpu') throw error;
      const next = `npm run -s swipenet -- doctor --device ${device} finds out why.`;
      return command.error(`error: ${name} failed on ${device}: ${error.message}\n${next}`, { exitCode: 1 });
    });
    const where = bench.onDevices && { device: device ?? 'cpu' };
    console.log(json ? JSON.stringify({ ...where, ...figuresAsJson(figures) }, null, 2) : formatFigures(figures));
  })
  .parseAsync();
process.exit();
