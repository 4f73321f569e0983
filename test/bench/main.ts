// npm run bench [-- NAME] [--json]: measures speed, in turns within one run and reported as ratios, or quality.
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { Command, InvalidArgumentError } from 'commander';
import { agreementBench } from './agreement.ts';
import { dataset } from './dataset.ts';
import { decodeBench } from './decode.ts';
import { demoTastesBench } from './demo-tastes.ts';
import { parseDevice, turnOffTf32, whyUnavailable } from './device.ts';
import { fineTuning } from './fine-tuning.ts';
import { headBench } from './head.ts';
import { historyBench } from './history.ts';
import { int8Bench } from './int8.ts';
import { labelsBench } from './labels.ts';
import { limits } from './limits.ts';
import type { BenchOptions } from './options.ts';
import { peersBench } from './peers.ts';
import { preparedBench } from './prepared.ts';
import { type BenchResult, type Figure, figuresAsJson, formatFigures } from './report.ts';
import { chaos } from './serving/chaos.ts';
import { demoGate } from './serving/demo-gate.ts';
import { fairness } from './serving/fairness.ts';
import { fuzz } from './serving/fuzz.ts';
import { learning } from './serving/learning.ts';
import { replicaChaos } from './serving/replica-chaos.ts';
import { scaleBench } from './serving/scale.ts';
import { serve } from './serving/serve.ts';
import { soak } from './serving/soak.ts';
import { tasteBench } from './taste.ts';
import { training } from './training.ts';
import { wordsBench } from './words.ts';

/** The kinds that `head` tells apart by default, like `LIKE-KIND:NOPE-KIND`. */
const KINDS = ['sunfl:roses', 'tulip:roses', 'daisy:dande'];

/** The kinds that `taste` builds profiles from by default. By default, the first two have a persona that likes them. */
const FLOWERS = ['sunfl', 'roses', 'daisy', 'dande', 'tulip'];

const PROFILES = [20, 40, 80, 160, 320, 640];
const WRONG_PERCENTAGES = [0, 10, 20];

/** A benchmark. */
interface Bench {
  readonly summary: string;
  readonly run: (options: BenchOptions) => Promise<Figure[] | BenchResult>;
  /** Accepts `--device`. Without this, the benchmark only runs on the CPU. */
  readonly onDevices?: true;
}

/** All benchmarks. The first one is the default. */
const benches: Record<string, Bench> = {
  limits: {
    summary: 'the machine’s limits: matrix multiplication, bare engine, decoding (--device)',
    onDevices: true,
    run: limits,
  },
  train: {
    summary:
      'a training step at 224 px, batch 32: images/s, ratio to the limit and to the system’s PyTorch, time per operator (--device)',
    onDevices: true,
    run: training,
  },
  dataset: { summary: 'near duplicates among 151,081 photos, batches from shards', run: dataset },
  decode: { summary: 'decoding a photo on one core, as in serving and in other ways', run: decodeBench },
  serve: {
    summary: 'the server with 1, 4, 16 and 64 clients (--seconds each), its limits, a baseline (--device)',
    onDevices: true,
    run: serve,
  },
  soak: { summary: 'many photos (--photos) through one server: does its memory stay flat?', run: soak },
  chaos: {
    summary: 'killing an engine and a decoder every 5 s under load (--seconds in total): do clients notice?',
    run: chaos,
  },
  'replica-chaos': {
    summary: 'killing, stalling or cutting off one of three replicas every 5 s under load (--seconds, --seed)',
    run: replicaChaos,
  },
  scale: {
    summary: 'a server in front of 1, 2 and 4 replicas that take a fixed time: throughput, p99 (--seconds each)',
    run: scaleBench,
  },
  fuzz: {
    summary: 'damaged photos, forms and headers (--requests, --seed): is every response documented?',
    run: fuzz,
  },
  head: {
    summary: 'few photos: a head compared with plain logistic regression (--from, --init, --pairs, --features)',
    run: ({ from, init = EMBEDDED_MODEL.base, pairs = KINDS, features }) => {
      if (from === undefined)
        throw new RangeError('head needs --from with a folder of photos whose names start with their kind');
      return headBench({ photos: from, init, pairs, features });
    },
  },
  full: {
    summary:
      'few photos: 60 steps of the full network compared with a head (--from, --init, --pairs, --labels, --epochs)',
    run: ({ from, init = EMBEDDED_MODEL.base, pairs = KINDS.slice(0, 1), labels, epochs }) => {
      if (from === undefined)
        throw new RangeError('full needs --from with a folder of photos whose names start with their kind');
      return fineTuning({ photos: from, init, pairs, labels, epochs });
    },
  },
  taste: {
    summary:
      'learning from profiles compared with other methods (--from, --init, --kinds, --personas, --sizes, --wrong, --seeds)',
    run: ({ from, init = EMBEDDED_MODEL.base, features, curve, ...options }) => {
      if (from === undefined)
        throw new RangeError('taste needs --from with a folder of photos whose names start with their kind');
      const {
        kinds = FLOWERS,
        personas = kinds.slice(0, 2),
        sizes = PROFILES,
        wrong = WRONG_PERCENTAGES,
        seeds = 5,
      } = options;
      return tasteBench({ photos: from, init, kinds, personas, sizes, wrong, seeds, features, curve });
    },
  },
  agreement: {
    summary: 'the gate on simulated people: false openings, and swipes until it opens and shuts (--people, --seed)',
    run: async ({ people = 1_000, seed = 1 }) => agreementBench({ people, seed }),
  },
  gate: {
    summary: 'labels until the gate opens, for people with the tastes of the demo page (--seed)',
    run: demoGate,
  },
  learning: {
    summary: 'what learning costs scoring: the second session, and a version being learned (--seconds)',
    run: learning,
  },
  fairness: {
    summary: 'the owner’s p99 while a device sends photos as fast as it can (--seconds)',
    run: fairness,
  },
  labels: { summary: 'storing swipes: milliseconds and bytes per label', run: async () => labelsBench() },
  history: {
    summary:
      'the history page with 50,000 entries: first paint, frames while scrolling (npm run build:extension first)',
    run: async () => historyBench(),
  },
  prepared: {
    summary: 'photos that a browser prepares: do their verdicts agree with the server’s own preparation? (--photos)',
    run: async ({ photos = 1_000 }) => preparedBench(photos),
  },
  words: {
    summary: 'learning from words of bios: time, gain, and false joins, on made people (--people, --seed)',
    run: async ({ people = 40, seed = 1 }) => wordsBench({ people, seed }),
  },
  demo: {
    summary: 'how well the tastes of the demo page can be learned from 120 profiles (--seed)',
    run: ({ seed = 1 }) => demoTastesBench({ seed }),
  },
  peers: {
    summary: 'the same network in onnxruntime, OpenVINO, OpenCV and PyTorch (installs 2 GB from PyPI)',
    run: async () => peersBench(),
  },
  int8: {
    summary: 'ways to quantize a model: accuracy loss and speed of each (--from, --photos)',
    run: ({ from, photos = 128 }) => {
      if (from === undefined) throw new RangeError('int8 needs --from with a dataset');
      return int8Bench({ data: from, calibration: photos });
    },
  },
};

const wholeNumber = (text: string) => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Pass a positive whole number.');
  return Number(text);
};

const wholeNumbers = (text: string, before: number[] = []) => [...before, wholeNumber(text)];

const percentages = (text: string, before: number[] = []) => {
  if (!/^[0-4]?\d$/.test(text)) throw new InvalidArgumentError('Pass whole percentages below 50.');
  return [...before, Number(text)];
};

const list = Object.entries(benches).map(([name, { summary }]) => `  ${name}  ${summary}`);
await new Command('bench')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description('Measures this machine. Compare results only within one run.')
  .argument('[name]', 'the benchmark to run', Object.keys(benches)[0])
  .option('--json', 'print only JSON')
  .option('--device <device>', 'limits, train, serve: cpu or cuda:N (default: cpu)', parseDevice)
  .option('--seconds <number>', 'how long to apply each load', wholeNumber)
  .option('--photos <number>', 'how many photos to send', wholeNumber)
  .option('--requests <number>', 'how many requests to send', wholeNumber)
  .option('--seed <number>', 'random seed', wholeNumber)
  .option('--precision <precision>', 'serve: fp32, int8 or auto, as for swipenet serve')
  .option('--from <folder>', 'head, full, taste: photos whose names start with their kind; int8: a dataset')
  .option('--init <what>', 'head, full, taste: as for swipenet train (default: base)')
  .option('--pairs <pair...>', `head, full: kinds to tell apart (default: ${KINDS.join(' ')}; full: the first)`)
  .option('--labels <number...>', 'full: how many labeled photos to train on', wholeNumbers)
  .option('--epochs <number>', 'full: as for swipenet train (default: as many as fit in 60 steps)', wholeNumber)
  .option('--features <folder>', 'head, taste: folder that keeps features between runs')
  .option('--kinds <kind...>', `taste: kinds to build profiles from (default: ${FLOWERS.join(' ')})`)
  .option('--personas <kind...>', 'taste: kinds that a persona likes (default: the first two kinds)')
  .option('--sizes <number...>', `taste: how many profiles to train on (default: ${PROFILES.join(' ')})`, wholeNumbers)
  .option(
    '--wrong <percent...>',
    `taste: how many percent of the labels are wrong (default: ${WRONG_PERCENTAGES.join(' ')})`,
    percentages,
  )
  .option('--seeds <number>', 'taste: how many random seeds per persona (default: 5)', wholeNumber)
  .option(
    '--people <number>',
    'agreement, words: how many people of each kind to simulate (default: 1000, 40)',
    wholeNumber,
  )
  .option('--curve <file>', 'taste: PNG file to draw the learning curves in')
  .addHelpText('after', `\nBenchmarks:\n${list.join('\n')}`)
  .action(async (name: string, { json, ...options }: BenchOptions & { json?: boolean }, command: Command) => {
    const bench = benches[name];
    if (!bench) command.error(`there is no benchmark ${name}`, { exitCode: 2 });
    const { device } = options;
    if (device && !bench.onDevices) command.error(`error: ${name} doesn’t accept --device`, { exitCode: 2 });
    const unavailable = device && whyUnavailable(device);
    if (unavailable) command.error(`error: ${unavailable}`, { exitCode: 2 });
    turnOffTf32(process.env);
    const result = await bench.run(options).catch((error: Error) => {
      if (!device || device === 'cpu') throw error;
      const next = `To find out why, run npm run -s swipenet -- doctor --device ${device}.`;
      return command.error(`error: ${name} failed on ${device}: ${error.message}\n${next}`, { exitCode: 1 });
    });
    const where = bench.onDevices && { device: device ?? 'cpu' };
    const { figures, text } = Array.isArray(result) ? { figures: result, text: formatFigures(result) } : result;
    console.log(json ? JSON.stringify({ ...where, ...figuresAsJson(figures) }, null, 2) : text);
  })
  .parseAsync();
process.exit();
