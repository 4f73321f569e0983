import { readFile } from 'node:fs/promises';

/** The memory and CPU time of a process. Unknown figures are `null`. */
export interface ProcessUsage {
  readonly memoryBytes: number | null;
  readonly cpuSeconds: number | null;
}

const UNKNOWN: ProcessUsage = { memoryBytes: null, cpuSeconds: null };

/**
 * The unit of times in /proc/PID/stat is 1/USER_HZ, and USER_HZ is 100 on every Linux that Node supports (man 5 proc).
 */
const TICKS_PER_SECOND = 100;

/**
 * Reads the resident memory and CPU time of another process from Linux's /proc. On other systems and for a process that
 * is gone, both are `null`.
 *
 * @param read reads a file as text, and rejects if it doesn't exist.
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

/** Parses `VmRSS:   140512 kB`. A zombie process doesn't have this line. */
function residentBytes(status: string): number | null {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/**
 * Adds fields 14 and 15, utime and stime. Counts them from the end of the name (field 2), which may contain spaces and
 * parentheses.
 */
function cpuSeconds(stat: string): number | null {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(afterName[11]) + Number(afterName[12]);
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : null;
}
