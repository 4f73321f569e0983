import { type FileHandle, mkdir, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { photoErrorSchema } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../../command-error.ts';
import { sha256OfPieces } from '../../../files/sha256.ts';
import type { PhotoFacts } from './selection.ts';
import type { FileStats, SourcePhoto } from './source-photos.ts';

/** Advice for a folder that is in the way. */
export const CHOOSE_ANOTHER = 'Choose another --out, or delete the folder first';

/** One line of the journal: the facts about one file. The lines are in the order of the files. */
const factsSchema = z.union([
  z.strictObject({ error: photoErrorSchema }),
  z.strictObject({
    sha256: z.string(),
    hash: z.strictObject({ high: z.number(), low: z.number() }),
    look: z.string(),
    plain: z.string().optional(),
  }),
]);

/**
 * The progress of a build, so that an interrupted one can resume. `plan` identifies the files and settings.
 * `journal.jsonl` has the facts about each file so far. A line is written after its photo is in the shards.
 */
export class BuildJournal {
  /** The facts that an earlier build found, in the order of the files. */
  readonly earlier: readonly PhotoFacts[];
  readonly #path: string;
  readonly #lines: readonly string[];
  #file: FileHandle | undefined;

  private constructor(path: string, lines: readonly string[]) {
    this.#path = path;
    this.#lines = lines;
    this.earlier = parseLines(lines);
  }

  /**
   * Opens the journal in a folder. If it belongs to another plan, starts over and removes everything in the folder.
   *
   * @throws CommandError `dataset_exists` if the folder contains anything other than a build.
   */
  static async open(folder: string, plan: string): Promise<BuildJournal> {
    const planPath = join(folder, 'plan');
    const journalPath = join(folder, 'journal.jsonl');
    const existing = await readFile(planPath, 'utf8').catch(() => undefined);
    if (existing === undefined && (await readdir(folder).catch(() => [])).length > 0) {
      throw new CommandError(
        'dataset_exists',
        `${folder} is not empty and isn’t an unfinished build. ${CHOOSE_ANOTHER}`,
      );
    }
    if (existing !== plan) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(dirname(folder), { recursive: true });
      // Not recursive: Node would retry forever where the system never creates folders (/proc).
      await mkdir(folder);
      await writeFile(planPath, plan);
    }
    const text = await readFile(journalPath, 'utf8').catch(() => '');
    return new BuildJournal(journalPath, text.split('\n').slice(0, -1)); // the last piece is empty or cut off
  }

  /** Keeps the first `count` lines of the earlier build and continues after them. */
  async continueAfter(count: number): Promise<void> {
    const bytes = this.#lines.slice(0, count).reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
    this.#file = await open(this.#path, 'a');
    await truncate(this.#path, bytes);
  }

  /** Adds a line with a file's facts. */
  async append(facts: PhotoFacts): Promise<void> {
    await this.#file?.appendFile(`${JSON.stringify(facts)}\n`);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}

/**
 * Identifies a build with one hash of its settings and of each file's path, label, profile, size and time. The same
 * plan always gives the same photos.
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

/** Parses lines up to the first damaged one. The files after it are read again. */
function parseLines(lines: readonly string[]): PhotoFacts[] {
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
