import { readFile } from 'node:fs/promises';
import * as z from 'zod';

/** The fields that are read from ONNX Runtime's profile (Chrome's trace format). Durations are in microseconds. */
const eventSchema = z.object({
  cat: z.string(),
  name: z.string(),
  dur: z.number(),
  args: z.object({ op_name: z.string().optional(), provider: z.string().optional() }),
});

/** The time that one operator took, over all its nodes and runs. */
export interface OperatorTime {
  readonly operator: string;
  /** ONNX Runtime's name of the execution provider that ran it. */
  readonly provider: string;
  readonly milliseconds: number;
  readonly runs: number;
}

/** Reads a session's profile: the time of each operator on each provider, longest first. */
export async function readProfile(path: string): Promise<OperatorTime[]> {
  const events: unknown[] = JSON.parse(await readFile(path, 'utf8'));
  const times = new Map<string, { operator: string; provider: string; milliseconds: number; runs: number }>();
  for (const event of events) {
    const parsed = eventSchema.safeParse(event);
    if (!parsed.success || !parsed.data.name.endsWith('_kernel_time')) continue;
    const { op_name: operator, provider = '' } = parsed.data.args;
    if (!operator) continue;
    const key = `${operator} ${provider}`;
    const time = times.get(key) ?? { operator, provider, milliseconds: 0, runs: 0 };
    times.set(key, { ...time, milliseconds: time.milliseconds + parsed.data.dur / 1000, runs: time.runs + 1 });
  }
  return [...times.values()].toSorted((a, b) => b.milliseconds - a.milliseconds);
}
