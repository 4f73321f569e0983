import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXTENSION_FOLDER } from '../support/extension-browser.ts';
import type { RunRecord } from './play-run.ts';

const TEST_FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** What produced a log. Only a log with the same header can be resumed. */
interface Header {
  readonly seed: number;
  readonly extension: string;
  readonly suite: string;
}

/** The log belongs to another seed, extension build or version of the suite. */
export class OtherLog extends Error {
  override readonly name = 'OtherLog';
}

/** The finished runs of a seed, one line of JSON per run, so that an interrupted suite can resume. */
export class RunLog {
  readonly path: string;
  readonly #records = new Map<number, RunRecord>();

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Opens the log of a seed: a new one, or the existing one with `resume`.
   *
   * @throws OtherLog if the existing log has another header
   */
  static open(seed: number, { path = defaultPath(seed), resume }: { path?: string; resume: boolean }): RunLog {
    const log = new RunLog(path);
    const header = JSON.stringify(headerOf(seed));
    if (resume && existsSync(path)) {
      const [first, ...lines] = readFileSync(path, 'utf8').split('\n');
      if (first !== header) {
        throw new OtherLog(
          `${path} was made with another seed, extension or suite. Run without --resume to begin anew.`,
        );
      }
      for (const line of lines) log.#take(line);
    }
    mkdirSync(dirname(path), { recursive: true });
    // This drops a line that an interrupted suite left unfinished.
    writeFileSync(
      path,
      [header, ...log.records.map((record) => JSON.stringify(record))].map((line) => `${line}\n`).join(''),
    );
    return log;
  }

  /** Every finished run, in order. */
  get records(): RunRecord[] {
    return [...this.#records.values()].sort((a, b) => a.run - b.run);
  }

  /** True if a run is finished. */
  has(run: number): boolean {
    return this.#records.has(run);
  }

  /** Adds a finished run. */
  add(record: RunRecord): void {
    this.#records.set(record.run, record);
    appendFileSync(this.path, `${JSON.stringify(record)}\n`);
  }

  #take(line: string): void {
    try {
      const record: RunRecord = JSON.parse(line); // trusted: the header proves that this suite wrote it
      this.#records.set(record.run, record);
    } catch {
      // The line is incomplete, so the run is played again.
    }
  }
}

const defaultPath = (seed: number) => join(TEST_FOLDER, 'artifacts', `drift-${seed}.jsonl`);

function headerOf(seed: number): Header {
  const suite = ['drift', 'twins', 'simulation'].map((folder) => join(TEST_FOLDER, folder));
  return { seed, extension: hashOf([EXTENSION_FOLDER]), suite: hashOf(suite) };
}

function hashOf(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const file of globSync('**/*.*', { cwd: folder }).sort())
      hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
