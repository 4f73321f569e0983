import { type FileHandle, mkdir, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { photoErrorSchema } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../../command-error.ts';
import { sha256OfPieces } from '../../../files/sha256.ts';
import type { PhotoFacts } from './selection.ts';
import type { FileStats, SourcePhoto } from './source-photos.ts';

/** One line of the journal: a file's facts, in the order of the files. */
const factsSchema = z.union([
  z.strictObject({ error: photoErrorSchema }),
  z.strictObject({
    sha256: z.string(),
    hash: z.strictObject({ high: z.number(), low: z.number() }),
    look: z.string(),
  }),
]);

/**
 * What is kept of a build under way, so that an interrupted one goes on: `plan` says of which files and settings it is,
 * `journal.jsonl` holds what was found out about each file so far. A line is written when its photo is in the shards.
 */
export class BuildJournal {
  /** What an earlier build found out, in the order of the files. */
  readonly earlier: readonly PhotoFacts[];
  readonly #path: string;
  readonly #lines: readonly string[];
  #file: FileHandle | undefined;

  private constructor(path: string, lines: readonly string[]) {
    this.#path = path;
    this.#lines = lines;
    this.earlier = readWhile(lines);
  }

  /**
   * Opens the journal in a folder that is of this plan; one of another plan is thrown away with everything beside it.
   *
   * @throws CommandError `dataset_exists` where the folder holds anything else.
   */
  static async open(folder: string, plan: string): Promise<BuildJournal> {
    const planPath = join(folder, 'plan');
    const journalPath = join(folder, 'journal.jsonl');
    const there = await readFile(planPath, 'utf8').catch(() => undefined);
    if (there === undefined && (await readdir(folder).catch(() => [])).length > 0) {
      throw new CommandError('dataset_exists', `${folder} is not empty and of no build; nothing is overwritten`);
    }
    if (there !== plan) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(dirname(folder), { recursive: true });
      await mkdir(folder); // not recursive: where the system has no such folder and never will (/proc), Node would try forever
      await writeFile(planPath, plan);
    }
    const text = await readFile(journalPath, 'utf8').catch(() => '');
    return new BuildJournal(journalPath, text.split('\n').slice(0, -1)); // behind the last break: a line cut off, or none
  }

  /** Keeps the first `count` of the earlier lines and begins to write behind them. */
  async continueAfter(count: number): Promise<void> {
    const bytes = this.#lines.slice(0, count).reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
    this.#file = await open(this.#path, 'a');
    await truncate(this.#path, bytes);
  }

  /** Adds a file's facts. */
  async append(facts: PhotoFacts): Promise<void> {
    await this.#file?.appendFile(`${JSON.stringify(facts)}\n`);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}

/**
 * What a build is of, as one hash: its settings, and each file's path, label, profile, size and time. With the same plan
 * the same photos come out.
 */
export function planOf(settings: object, photos: readonly SourcePhoto[], stats: readonly FileStats[]): string {
  const pieces = function* () {
    yield JSON.stringify(settings);
    for (const [index, { path, label, profile }] of photos.entries()) {
      yield JSON.stringify([path, label, profile, stats[index]]);
    }
  };
  return sha256OfPieces(pieces());
}

/** The facts of the lines up to the first that is damaged; what lies behind it is found out again. */
function readWhile(lines: readonly string[]): PhotoFacts[] {
  const all: PhotoFacts[] = [];
  for (const line of lines) {
    try {
      all.push(factsSchema.parse(JSON.parse(line)));
    } catch {
      break;
    }
  }
  return all;
}
