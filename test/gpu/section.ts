import type { Figure } from '../bench/report.ts';

/** What a section found out. */
export interface Finding {
  /** `skip` means that it doesn't apply here, or isn't there yet. `summary` says why. */
  readonly status: 'pass' | 'fail' | 'skip';
  /** The result in one line. */
  readonly summary: string;
  readonly figures?: readonly Figure[];
  /** Lines for people. */
  readonly text?: string;
  /** More for the JSON report. */
  readonly details?: unknown;
}

/** One part of the verification. */
export interface Section {
  /** Its name in JSON and for `--only`. */
  readonly key: string;
  readonly title: string;
  run(): Promise<Finding>;
}

/** A section that has run. */
export interface SectionResult extends Finding {
  readonly key: string;
  readonly title: string;
  readonly seconds: number;
}

export const pass = (summary: string, more: Omit<Finding, 'status' | 'summary'> = {}): Finding => ({
  status: 'pass',
  summary,
  ...more,
});

export const skip = (summary: string): Finding => ({ status: 'skip', summary });

/**
 * Runs sections one after the other. One that throws has failed, and the others still run, because time on a GPU is too
 * expensive to lose the rest.
 *
 * @param onResult called after each section with all results so far, so that an interrupted run leaves what it has.
 */
export async function runSections(
  sections: readonly Section[],
  onResult: (results: readonly SectionResult[]) => Promise<void> = async () => {},
): Promise<SectionResult[]> {
  const results: SectionResult[] = [];
  for (const { key, title, run } of sections) {
    const begin = performance.now();
    const finding = await run().catch((error: unknown): Finding => {
      const [summary = '', ...rest] = (error instanceof Error ? error.message : String(error)).split('\n');
      return { status: 'fail', summary, text: rest.join('\n') };
    });
    results.push({ key, title, ...finding, seconds: (performance.now() - begin) / 1000 });
    await onResult(results);
  }
  return results;
}
