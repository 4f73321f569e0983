// npm run bench [-- NAME] [--json]: how fast, measured in turns and told as ratios within one run.
import { Command } from 'commander';
import { dataset } from './dataset.ts';
import { limits } from './limits.ts';
import { type Figure, figuresAsJson, formatFigures } from './report.ts';
import { training } from './training.ts';

/** Every benchmark; the first runs when none is named. */
const benches: Record<string, { summary: string; run: () => Promise<Figure[]> }> = {
  limits: { summary: 'the machine’s limits: matrix multiplication, bare engine, decoding', run: limits },
  train: {
    summary: 'a training step at 224 px, batch 32: images/s, share of the limit, time per operator',
    run: training,
  },
  dataset: { summary: 'near duplicates among 151,081 photos; batches from shards', run: dataset },
};

const list = Object.entries(benches).map(([name, { summary }]) => `  ${name}  ${summary}`);
await new Command('bench')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description('Measures this machine. Figures of one run compare with each other, not with another run’s.')
  .argument('[name]', 'which benchmark', Object.keys(benches)[0])
  .option('--json', 'print JSON and nothing else')
  .addHelpText('after', `\nBenchmarks:\n${list.join('\n')}`)
  .action(async (name: string, { json }: { json?: boolean }, command: Command) => {
    const bench = benches[name];
    if (!bench) command.error(`there is no benchmark ${name}`, { exitCode: 2 });
    const figures = await bench.run();
    console.log(json ? JSON.stringify(figuresAsJson(figures), null, 2) : formatFigures(figures));
  })
  .parseAsync();
process.exit();
