import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import type * as z from 'zod';
import { writeWhole } from '../../files/write-whole.ts';
import { metricLineSchema, predictionSchema, RUN_FILES } from '../run/run-files.ts';
import { reportData } from './report-data.ts';
import { type ReportAbout, reportHtml } from './report-html.ts';

/**
 * Writes `report.html` into a run's folder, of the metrics and predictions that are there so far; may be called again
 * while the run goes on. The file is replaced whole.
 */
export async function writeReport(folder: string, about: ReportAbout): Promise<void> {
  const lines = await readLines(join(folder, RUN_FILES.metrics), metricLineSchema);
  const predictions = await readLines(join(folder, RUN_FILES.predictions), predictionSchema);
  const html = await reportHtml(about, reportData(lines, predictions));
  await writeWhole(join(folder, RUN_FILES.report), [new TextEncoder().encode(html)]);
}

/** A file of JSON lines, none where there is no file; a last line that is being written is left out. */
async function readLines<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => schema.parse(JSON.parse(line)));
}
