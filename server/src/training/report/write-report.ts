import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import type * as z from 'zod';
import { writeWhole } from '../../files/write-whole.ts';
import { metricLineSchema, predictionSchema, RUN_FILES } from '../run/folder/run-files.ts';
import { reportData } from './report-data.ts';
import { type ReportAbout, reportHtml } from './report-html.ts';

/**
 * Writes `report.html` to a run's folder, from the metrics and predictions so far. It may be called repeatedly during a
 * run. The file is always complete.
 */
export async function writeReport(folder: string, about: ReportAbout): Promise<void> {
  const lines = await readLines(join(folder, RUN_FILES.metrics), metricLineSchema);
  const predictions = await readLines(join(folder, RUN_FILES.predictions), predictionSchema);
  const html = await reportHtml(about, reportData(lines, predictions, about.rule));
  await writeWhole(join(folder, RUN_FILES.report), [new TextEncoder().encode(html)]);
}

/** Reads a file of JSON lines. A missing file has none. An unfinished last line is ignored. */
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
