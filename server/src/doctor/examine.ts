import type { Device } from '../runtime/session.ts';
import { type Check, type Examination, type Finding, skip } from './check.ts';

/** What a check found on a device. */
export interface CheckResult extends Finding {
  readonly name: string;
  readonly device: Device;
}

/** What the doctor says. */
export interface DoctorReport {
  /** True when the device that was asked for works, or for `auto` the one that it takes. */
  readonly works: boolean;
  /** The device that was asked for, or for `auto` the one that is taken. */
  readonly device: Device;
  /** In one sentence; where it does not work, with the first missing piece. */
  readonly verdict: string;
  readonly checks: readonly CheckResult[];
}

/** Told before each check: how many of this device's are behind, of how many. */
export type OnProgress = (device: Device, done: number, total: number) => void;

/** The check that proves the most with the least: with it, what only explains is no failure any more. */
const PROOF = 'forward';

/**
 * Runs the checks on the device that was asked for. For `auto` it looks at the first GPU, and where something is missing
 * there, that is a warning and the CPU is examined.
 *
 * @param examinationOf gives what the checks of a device look at; it is closed afterwards.
 */
export async function examine(
  choice: Device | 'auto',
  checks: readonly Check[],
  examinationOf: (device: Device) => Examination,
  onProgress: OnProgress = () => {},
): Promise<DoctorReport> {
  const device = choice === 'auto' ? 'cuda:0' : choice;
  const results = await examineDevice(checks, examinationOf(device), onProgress);
  const missing = results.find(({ status }) => status === 'fail');
  if (!missing) return { works: true, device, verdict: `${device} works`, checks: results };
  if (choice !== 'auto') {
    const verdict = `${device} does not work: ${missing.summary} (${missing.name})`;
    return { works: false, device, verdict, checks: results };
  }
  const softened = results.map((result) =>
    result.status === 'fail' ? ({ ...result, status: 'warn' } as const) : result,
  );
  const onCpu = await examineDevice(checks, examinationOf('cpu'), onProgress);
  const broken = onCpu.find(({ status }) => status === 'fail');
  return {
    works: !broken,
    device: 'cpu',
    verdict: broken
      ? `neither a GPU nor the CPU works: ${broken.summary} (${broken.name})`
      : `CPU only: ${missing.summary} (${missing.name})`,
    checks: [...softened, ...onCpu],
  };
}

async function examineDevice(
  all: readonly Check[],
  examination: Examination,
  onProgress: OnProgress,
): Promise<CheckResult[]> {
  const { device, trial } = examination;
  const checks = all.filter(({ cudaOnly }) => device !== 'cpu' || !cudaOnly);
  const results: CheckResult[] = [];
  try {
    for (const { name, after = [], run } of checks) {
      onProgress(device, results.length, checks.length);
      const missing = results.find((result) => after.includes(result.name) && /fail|skip/.test(result.status));
      const finding = missing ? skip(reasonOf(missing)) : await run(examination).catch(thrown);
      results.push({ name, device, ...finding });
    }
    onProgress(device, checks.length, checks.length);
  } finally {
    await trial.close();
  }
  const proven = results.some(({ name, status }) => name === PROOF && status === 'pass');
  const explaining = new Set(checks.filter(({ explains }) => explains).map(({ name }) => name));
  return results.map((result) =>
    proven && result.status === 'fail' && explaining.has(result.name)
      ? { ...result, status: 'warn', summary: `${result.summary}; the forward pass works all the same` }
      : result,
  );
}

/** Why what comes after a check is not tried: the first one that failed. */
const reasonOf = ({ status, name, summary }: CheckResult) =>
  status === 'skip' ? summary : `not tried: ${name} failed`;

/** What a check threw, as a finding. */
function thrown(error: unknown): Finding {
  const [first = '', ...rest] = (error instanceof Error ? error.message : String(error)).split('\n');
  const details = rest.length > 0 ? { details: rest.join('\n') } : {};
  return { status: 'fail', summary: first, advice: 'docs/gpu.md explains the usual causes', ...details };
}
