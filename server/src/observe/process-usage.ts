import { readFile } from 'node:fs/promises';

/** What a process takes; `null` where it is not known. */
export interface ProcessUsage {
  readonly memoryBytes: number | null;
  readonly cpuSeconds: number | null;
}

const UNKNOWN: ProcessUsage = { memoryBytes: null, cpuSeconds: null };

/** The unit of the times in /proc/PID/stat: USER_HZ, which is 100 on every Linux that Node runs on (man 5 proc, times). */
const TICKS_PER_SECOND = 100;

/**
 * What another process takes: its resident memory and its processor time, from Linux's /proc. Elsewhere, and for a
 * process that is gone, both are `null`.
 *
 * @param read a file's text; rejects where it is not there.
 */
export async function processUsage(
  pid: number,
  read: (path: string) => Promise<string> = (path) => readFile(path, 'utf8'),
): Promise<ProcessUsage> {
  try {
    const [status, stat] = await Promise.all([read(`/proc/${pid}/status`), read(`/proc/${pid}/stat`)]);
    return { memoryBytes: residentBytes(status), cpuSeconds: cpuSeconds(stat) };
  } catch {
    return UNKNOWN;
  }
}

/** `VmRSS:   140512 kB`; a process that has ended but was not collected yet has no such line. */
function residentBytes(status: string): number | null {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** Fields 14 and 15, utime and stime. The second field, the name, may hold spaces and brackets: count from its end. */
function cpuSeconds(stat: string): number | null {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(afterName[11]) + Number(afterName[12]);
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : null;
}
