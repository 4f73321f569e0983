import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunMetrics, RunProgress } from '@swipenet/shared/contract/studio/runs.ts';
import { type MetricLine, metricLineSchema, RUN_FILES } from '../../training/run/folder/run-files.ts';
import type { RunConfiguration } from '../../training/run/folder/run-folder.ts';

/** How much of the metrics one response covers, in bytes: 1,000 steps, which take 10 ms to parse. */
const PIECE = 1 << 18;

/** How much of their end shows how far a run is: about 30 steps. */
const TAIL = 8_192;

/** About how many points a curve has. More couldn't be told apart. */
const POINTS = 4_000;

const NOTHING: RunMetrics = {
  ...{ next: '', isNew: true, hasMore: false },
  ...{ steps: { step: [], loss: [], accuracy: [], learningRate: [] }, epochs: [] },
};

/**
 * Reads a run's metrics from where an earlier call ended. A run that is resumed writes its file anew, without the steps
 * that it repeats; then it begins anew here, too.
 *
 * @param from `next` of the earlier call, or '' at first.
 * @param steps the steps of the whole run, if they are known. Of a long run, means of several steps are returned.
 */
export async function readMetrics(folder: string, from: string, steps: number | undefined): Promise<RunMetrics> {
  const file = await open(join(folder, RUN_FILES.metrics)).catch(() => undefined);
  if (!file) return NOTHING;
  try {
    const { ino, birthtimeMs, size } = await file.stat();
    const own = `${ino}.${Math.round(birthtimeMs)}`;
    const [, known, at] = /^([\d.]+)-(\d+)$/.exec(from) ?? [];
    const isNew = known !== own || Number(at) > size;
    const first = isNew ? 0 : Number(at);
    const { lines, bytes } = await readLines(file, first, Math.min(size, first + PIECE));
    const next = first + bytes;
    const every = Math.max(1, Math.ceil((steps ?? 0) / POINTS));
    return {
      ...{ next: `${own}-${next}`, isNew, hasMore: bytes > 0 && next < size },
      ...{
        steps: thinned(lines, every),
        epochs: lines.flatMap((line) => (line.kind === 'epoch' ? [epochOf(line)] : [])),
      },
    };
  } finally {
    await file.close();
  }
}

/** Returns how far a run is by the end of its metrics, or null before its first step. */
export async function readProgress(
  folder: string,
  { epochs, batchSize }: Pick<RunConfiguration, 'epochs' | 'batchSize'>,
): Promise<RunProgress | null> {
  const file = await open(join(folder, RUN_FILES.metrics)).catch(() => undefined);
  if (!file) return null;
  try {
    const { size } = await file.stat();
    const { lines } = await readLines(file, Math.max(0, size - TAIL), size);
    const last = lines.filter((line) => line.kind === 'step').slice(-20);
    const newest = last.at(-1);
    if (!newest) return null;
    const { step, epoch } = newest;
    const steps = Math.max(step, Math.round((step / epoch) * epochs));
    const imagesPerSecond = last.reduce((sum, line) => sum + line.imagesPerSecond, 0) / last.length;
    const leftMs = imagesPerSecond > 0 ? (1_000 * (steps - step) * batchSize) / imagesPerSecond : 0;
    return { step, steps, epoch, epochs, imagesPerSecond, leftMs };
  } finally {
    await file.close();
  }
}

/** Reads the whole lines between two places of a file, and the number of bytes up to the end of the last one. */
async function readLines(
  file: FileHandle,
  first: number,
  end: number,
): Promise<{ lines: MetricLine[]; bytes: number }> {
  const buffer = Buffer.alloc(Math.max(0, end - first));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, first);
  const bytes = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
  const texts = buffer.toString('utf8', 0, bytes).split('\n');
  return { lines: texts.flatMap((text) => lineOf(text) ?? []), bytes };
}

/** Parses a line. Returns undefined for one whose beginning is cut off. */
function lineOf(text: string): MetricLine | undefined {
  try {
    return metricLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function thinned(lines: readonly MetricLine[], every: number): RunMetrics['steps'] {
  const groups = new Map<number, (MetricLine & { kind: 'step' })[]>();
  for (const line of lines) {
    if (line.kind !== 'step') continue;
    const group = Math.ceil(line.step / every);
    groups.set(group, [...(groups.get(group) ?? []), line]);
  }
  const all = [...groups.values()];
  const mean = (name: 'loss' | 'accuracy') =>
    all.map((group) => group.reduce((sum, line) => sum + line[name], 0) / group.length);
  return {
    step: all.map((group) => group.at(-1)!.step),
    ...{ loss: mean('loss'), accuracy: mean('accuracy') },
    learningRate: all.map((group) => group.at(-1)!.learningRate),
  };
}

const epochOf = ({ step, epoch, part, loss, accuracy }: MetricLine & { kind: 'epoch' }) => ({
  ...{ step, epoch, part, loss, accuracy },
});
