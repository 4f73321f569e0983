import { recognizeTrouble } from '../runtime/cuda-trouble.ts';
import type { Device } from '../runtime/session.ts';
import { type Check, type Examination, type Finding, skip } from './check.ts';

/** The result of a check on a device. */
export interface CheckResult extends Finding {
  readonly name: string;
  readonly device: Device;
}

/** The doctor's report. */
export interface DoctorReport {
  /** True if the requested device works, or for `auto` the device that was chosen. */
  readonly works: boolean;
  /** The requested device, or for `auto` the device that was chosen. */
  readonly device: Device;
  /** The result in one sentence. If the device doesn't work, it names the first missing piece. */
  readonly verdict: string;
  readonly checks: readonly CheckResult[];
}

/** Called before each check and at the end, with the number of finished checks on the device and their total. */
export type OnProgress = (device: Device, done: number, total: number) => void;

/** The cheapest check that proves that a device works. If it passes, checks that only explain can't fail. */
const PROOF = 'forward';

/**
 * Runs the checks on the requested device. `auto` examines the first GPU. If something is missing there, that is only a
 * warning, and the CPU is examined as well.
 *
 * @param examinationOf creates what the checks of a device examine. Its trial is closed afterwards.
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
      ? { ...result, status: 'warn', summary: `${result.summary}; the forward pass works anyway` }
      : result,
  );
}

/** Says why a check is skipped: the first check that failed. */
const reasonOf = ({ status, name, summary }: CheckResult) =>
  status === 'skip' ? summary : `not tried: ${name} failed`;

/** Turns an error that a check threw into a finding. */
function thrown(error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const known = recognizeTrouble(message);
  if (known?.remedy) return { status: 'fail', summary: known.reason, advice: known.remedy, details: message };
  const [first = '', ...rest] = message.split('\n');
  const details = rest.length > 0 ? { details: rest.join('\n') } : {};
  return { status: 'fail', summary: first, advice: 'see docs/gpu.md for common causes', ...details };
}
