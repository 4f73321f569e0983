import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Argument } from 'commander';
import { systemClock } from '../clock.ts';
import { CommandError } from '../command-error.ts';
import { readSettings } from '../config/settings.ts';
import { commandWith } from './command.ts';
import { FETCHED_MODELS, fetchModel } from './fetch-model.ts';
import { importedLines } from './model-lines.ts';
import { Progress } from './progress.ts';

/** Longer than a slow line needs. */
const DEADLINE_MS = 30 * 60_000;

/** `swipenet models fetch NAME`: a public GoogLeNet to begin training from. */
export const fetchCommand = commandWith('fetch', 'fetch a public GoogLeNet to begin training from', ['home'])
  .addArgument(new Argument('<name>', 'which').choices(Object.keys(FETCHED_MODELS)))
  .option('--url <url>', 'fetch the same file from here (its hash must be the same)')
  .action(async (name: string, { url, ...flags }: { url?: string }) => {
    const { home } = readSettings(['home'], flags);
    const known = FETCHED_MODELS[name]!;
    const models = home.models;
    if (existsSync(join(models, known.id))) {
      throw new CommandError('model_exists', `there is a model ${known.id} already; models remove ${known.id} first`);
    }
    const file = { ...known.file, ...(url !== undefined && { url }) };
    const progress = new Progress(process.stderr, systemClock.now);
    const manifest = await fetchModel({ ...known, file }, models, {
      fetch,
      signal: AbortSignal.timeout(DEADLINE_MS),
      onProgress: (bytes) => progress.update(`${name} (kB)`, Math.floor(bytes / 1000), Math.floor(file.bytes / 1000)),
    });
    console.log(importedLines(manifest, models));
  });
