// npm run gpu:verify [-- --device cuda:0]: verifies everything that Swipenet claims about a GPU, and writes a report.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { useTf32 } from '@swipenet/server/config/machine.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import { Command } from 'commander';
import { parseDevice, whyUnavailable } from '../bench/device.ts';
import { isVerified, jsonReport, markdownReport } from './report.ts';
import { runSections, type SectionResult } from './section.ts';
import { sizesFor } from './sizes.ts';
import { machineFacts, verifySections } from './verify.ts';

await new Command('gpu:verify')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description('Verifies everything that Swipenet claims about a GPU, and writes gpu-report.json and gpu-report.md.')
  .option('--device <device>', 'cuda:N, or cpu for a dry run of seconds', parseDevice, 'cuda:0' as Device)
  .option('--only <sections...>', 'run only these sections')
  .option('--out <folder>', 'where to write the report', '.')
  .action(async ({ device, only, out }: { device: Device; only?: string[]; out: string }, command: Command) => {
    const unavailable = whyUnavailable(device);
    if (unavailable) command.error(`error: ${unavailable}`, { exitCode: 2 });
    useTf32(false);
    const all = await verifySections(device, sizesFor(device));
    const unknown = only?.find((name) => all.every(({ key }) => key !== name));
    if (unknown !== undefined) {
      const known = all.map(({ key }) => key).join(', ');
      command.error(`error: there is no section ${unknown}; pass some of ${known}`, { exitCode: 2 });
    }
    const about = { date: new Date().toISOString(), device, machine: await machineFacts(device) };
    const folder = resolve(out);
    await mkdir(folder, { recursive: true });
    const write = async (results: readonly SectionResult[]) => {
      await writeFile(join(folder, 'gpu-report.json'), jsonReport(about, results));
      await writeFile(join(folder, 'gpu-report.md'), markdownReport(about, results));
      const { title, status, summary, seconds } = results.at(-1)!;
      console.log(`${status}  ${title}: ${summary} (${seconds.toFixed(1)} s)`);
    };
    const results = await runSections(only ? all.filter(({ key }) => only.includes(key)) : all, write);
    console.log(`\nThe report is in ${join(folder, 'gpu-report.md')}`);
    process.exit(isVerified(results) ? 0 : 1);
  })
  .parseAsync();
