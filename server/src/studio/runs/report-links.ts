import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Clock } from '../../clock.ts';
import { RUN_FILES } from '../../training/run/folder/run-files.ts';

/** How long a link works, in milliseconds. */
const LIFE_MS = 60_000;

/** The most links that wait to be opened. */
const MOST = 20;

/**
 * Links to reports. A browser that opens one sends no key of a session, so each link has 128 random bits of its own, and
 * works once. The page that it opens is sandboxed (`report-routes.ts`).
 */
export class ReportLinks {
  readonly #clock: Clock;
  readonly #links = new Map<string, { readonly folder: string; readonly endsAtMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the code of a link to the report in a run's folder. */
  offer(folder: string): string {
    const code = randomBytes(16).toString('base64url');
    this.#links.set(code, { folder, endsAtMs: this.#clock.now() + LIFE_MS });
    const [oldest] = this.#links.keys();
    if (this.#links.size > MOST && oldest !== undefined) this.#links.delete(oldest);
    return code;
  }

  /** Returns the report of a link's code, as HTML, and uses the code up. Throws SwipenetError `studio_unknown`. */
  async open(code: string): Promise<string> {
    const link = this.#links.get(code);
    this.#links.delete(code);
    if (!link || this.#clock.now() >= link.endsAtMs) {
      throw new SwipenetError(
        'studio_unknown',
        'this link to a report was already used; open the report again in the studio',
      );
    }
    return await readFile(join(link.folder, RUN_FILES.report), 'utf8').catch((cause: unknown) => {
      throw new SwipenetError('studio_unknown', 'this run has no report', { cause });
    });
  }
}
