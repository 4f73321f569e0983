// npm run bench [-- NAME] [--json]: how fast, measured in turns and told as ratios within one run; or how good.
import { Command } from 'commander';
import { dataset } from './dataset.ts';
import { headBench } from './head.ts';
import { limits } from './limits.ts';
import { type Figure, figuresAsJson, formatFigures } from './report.ts';
import { training } from './training.ts';

interface Options {
  readonly json?: boolean;
  readonly photos?: string;
  readonly init: string;
  readonly pairs: string[];
  readonly features?: string;
}

/** Every benchmark; the first runs when none is named. */
const benches: Record<string, { summary: string; run: (options: Options) => Promise<Figure[]> }> = {
  limits: { summary: 'the machine’s limits: matrix multiplication, bare engine, decoding', run: limits },
  train: {
    summary: 'a training step at 224 px, batch 32: images/s, share of the limit, time per operator',
    run: training,
  },
  dataset: { summary: 'near duplicates among 151,081 photos; batches from shards', run: dataset },
  head: {
    summary: 'few photos: a head against plain logistic regression (--photos, --init, --pairs, --features)',
    run: ({ photos, init, pairs, features }) => {
      if (photos === undefined)
        throw new RangeError('head needs --photos with a folder of photos whose names begin with their kind');
      return headBench({ photos, init, pairs, features });
    },
  },
};

const list = Object.entries(benches).map(([name, { summary }]) => `  ${name}  ${summary}`);
await new Command('bench')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description('Measures this machine. Figures of one run compare with each other, not with another run’s.')
  .argument('[name]', 'which benchmark', Object.keys(benches)[0])
  .option('--json', 'print JSON and nothing else')
  .option('--photos <folder>', 'head: photos whose names begin with their kind')
  .option('--init <what>', 'head: as of swipenet train', 'embedded')
  .option('--pairs <pair...>', 'head: kinds to tell apart', ['sunfl:roses', 'tulip:roses', 'daisy:dande'])
  .option('--features <folder>', 'head: where features are kept between runs')
  .addHelpText('after', `\nBenchmarks:\n${list.join('\n')}`)
  .action(async (name: string, options: Options, command: Command) => {
    const bench = benches[name];
    if (!bench) command.error(`there is no benchmark ${name}`, { exitCode: 2 });
    const figures = await bench.run(options);
    console.log(options.json ? JSON.stringify(figuresAsJson(figures), null, 2) : formatFigures(figures));
  })
  .parseAsync();
process.exit();
