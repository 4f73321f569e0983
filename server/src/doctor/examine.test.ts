import { describe, expect, it } from 'vitest';
import { fakeMachine, GOOD_GPU } from '../../../test/support/fake-machine.ts';
import type { OperatorTime } from '../runtime/profile.ts';
import { type Device, executionProviderOf } from '../runtime/session.ts';
import type { Examination, Machine } from './check.ts';
import { CHECKS } from './checks.ts';
import { examine } from './examine.ts';
import type { ProbeAnswer } from './probe.ts';
import { reportLines } from './report-lines.ts';
import type { BatchChange, Speed, Trial } from './trial.ts';

const answerOf = (count: number, like = 0.5): ProbeAnswer => ({
  likes: new Float32Array(count).fill(like),
  evidence: new Float32Array(count * 49),
});

/** A fake trial that succeeds at everything. */
function goodTrial(device: Device) {
  const answers = new Map([1, 2].map((size) => [size, answerOf(size)]));
  const times: OperatorTime[] = [
    { operator: 'Conv', provider: executionProviderOf(device), milliseconds: 1, runs: 57 },
  ];
  const speeds: Speed[] = [{ batch: 2, photosPerSecond: 900, runs: 3 }];
  return {
    closed: 0,
    session: async () => {},
    answers: async () => answers as ReadonlyMap<number, ProbeAnswer>,
    profile: async () => times as readonly OperatorTime[],
    reference: async () => ({ ...answerOf(2), photosPerSecond: 40 }),
    speeds: async () => speeds as readonly Speed[],
    batchChange: async () => ({ sizes: [32, 8], msPerChange: 61.2, difference: 0 }) as BatchChange,
    async close() {
      this.closed += 1;
    },
  };
}
type FakeTrial = ReturnType<typeof goodTrial>;

interface Case {
  /** Called inside a test, so that its files are removed after the test. */
  readonly machine?: () => Machine;
  readonly onCuda?: Partial<FakeTrial>;
  readonly tryTraining?: Examination['tryTraining'];
  readonly coarse?: boolean;
}

const trials: FakeTrial[] = [];
const diagnose = (
  choice: Device | 'auto',
  { machine: make = fakeMachine, onCuda = {}, tryTraining, coarse = false }: Case = {},
) => {
  const machine = make();
  return examine(choice, CHECKS, (device) => {
    const trial = { ...goodTrial(device), ...(device !== 'cpu' && onCuda) };
    trials.push(trial);
    return { device, machine, coarse, trial: trial as unknown as Trial, ...(tryTraining && { tryTraining }) };
  });
};

const failing = (message: string) => async () => {
  throw new Error(message);
};
const statuses = ({ checks }: Awaited<ReturnType<typeof diagnose>>, device: Device = 'cuda:0') =>
  Object.fromEntries(checks.filter((check) => check.device === device).map(({ name, status }) => [name, status]));

describe('a machine with a GPU and everything it needs', () => {
  it('passes every check, including for auto', async () => {
    for (const choice of ['cuda:0', 'auto'] as const) {
      const report = await diagnose(choice, { tryTraining: async () => {} });
      expect(report).toMatchObject({ works: true, device: 'cuda:0', verdict: 'cuda:0 works' });
      // No hashes are recorded for fake libraries, which is a warning.
      expect(statuses(report)).toEqual({
        ...Object.fromEntries(CHECKS.map(({ name }) => [name, 'pass'])),
        'runtime-libraries': 'warn',
      });
    }
  });

  it('runs training steps only if requested', async () => {
    expect(statuses(await diagnose('cuda:0')).training).toBe('skip');
  });

  it('skips GPU checks for the CPU', async () => {
    const report = await diagnose('cpu', {
      machine: () => fakeMachine({ without: ['libonnxruntime_providers_cuda.so'] }),
    });
    expect(report).toMatchObject({ works: true, device: 'cpu', verdict: 'cpu works' });
    expect(Object.keys(statuses(report, 'cpu'))).not.toContain('driver');
  });
});

describe('the first missing piece', () => {
  const gpu = (line: string) => () => fakeMachine({ nvidiaSmi: line });
  const missing =
    (...without: string[]) =>
    () =>
      fakeMachine({ nvidiaSmi: GOOD_GPU, without });

  it.each<[string, Case, string, string]>([
    [
      'Node',
      { machine: () => ({ ...fakeMachine(), nodeVersion: '20.19.2' }) },
      'node',
      'Node 20.19.2 is older than 24.0',
    ],
    [
      'the runtime',
      { machine: missing('libonnxruntime.so.1') },
      'runtime-libraries',
      'libonnxruntime.so.1 missing from ',
    ],
    [
      'a file of the runtime',
      { machine: () => ({ ...fakeMachine(), runtimeVersion: '1.30.0' }) },
      'runtime-libraries',
      'not from onnxruntime-node 1.30.0: ',
    ],
    [
      'the platform',
      { machine: () => ({ ...fakeMachine(), platform: 'linux/arm64' }) },
      'cuda-libraries',
      'no CUDA provider',
    ],
    [
      'the provider',
      { machine: missing('libonnxruntime_providers_cuda.so') },
      'cuda-libraries',
      'libonnxruntime_providers_cuda.so not installed',
    ],
    [
      'CUDA',
      { machine: missing('libcublas.so.13'), onCuda: { session: failing('no') } },
      'library-needs',
      'libcublas.so.13',
    ],
    [
      'nvidia-smi',
      { machine: () => fakeMachine({}), onCuda: { session: failing('no') } },
      'driver',
      'nvidia-smi is not installed',
    ],
    [
      'a newer driver',
      { machine: gpu('0, 570.1, 8.9, 1, NVIDIA L4'), onCuda: { session: failing('no') } },
      'driver',
      'driver 570.1 is older than 580',
    ],
    [
      'a newer GPU',
      { machine: gpu('0, 580.1, 7.0, 1, Tesla V100'), onCuda: { session: failing('no') } },
      'compute-capability',
      'Tesla V100 has compute capability 7.0',
    ],
    [
      'a GPU that the provider has code for',
      { machine: gpu('0, 580.1, 10.0, 1, NVIDIA B200'), onCuda: { session: failing('no') } },
      'compute-capability',
      'NVIDIA B200 has compute capability 10.0',
    ],
    [
      'that GPU',
      { machine: gpu('1, 580.1, 8.9, 1, NVIDIA L4'), onCuda: { session: failing('no') } },
      'compute-capability',
      'there is no cuda:0, only 1: NVIDIA L4 (8.9)',
    ],
    ['cuDNN', { machine: missing('libcudnn.so.9'), onCuda: { answers: failing('no') } }, 'cudnn', 'libcudnn.so.9'],
    [
      'a part of cuDNN',
      { machine: missing('libcudnn_ops.so.9'), onCuda: { answers: failing('no') } },
      'cudnn',
      'but not libcudnn_ops.so.9',
    ],
    [
      'a session',
      { onCuda: { session: failing('No kernel\nlibx.so: no such file') } },
      'session',
      'can’t open the model on cuda:0: No kernel',
    ],
    ['an answer', { onCuda: { answers: failing('CUDNN_STATUS_NOT_INITIALIZED') } }, 'forward', 'CUDNN_STATUS'],
    [
      'a number',
      { onCuda: { answers: async () => new Map([[2, answerOf(2, Number.NaN)]]) } },
      'forward',
      'batch of 2: a confidence is not between 0 and 1',
    ],
    [
      'a photo’s answer',
      { onCuda: { answers: async () => new Map([[2, answerOf(1)]]) } },
      'forward',
      'batch of 2: 1 confidences for 2 photos',
    ],
    [
      'the GPU for one operator',
      {
        onCuda: {
          profile: async () => [{ operator: 'Cast', provider: 'CPUExecutionProvider', milliseconds: 1, runs: 1 }],
        },
      },
      'profile',
      'not on CUDAExecutionProvider: Cast on CPUExecutionProvider',
    ],
    ['the proof', { onCuda: { profile: async () => [] } }, 'profile', 'the profile is empty'],
    [
      'parity',
      { onCuda: { answers: async () => new Map([[2, answerOf(2, 0.502)]]) } },
      'parity',
      'at most 2.0e-3 in confidence',
    ],
    [
      'the same result after another batch size',
      { onCuda: { batchChange: async () => ({ sizes: [32, 8], msPerChange: 60, difference: 0.5 }) } },
      'batch-changes',
      'by up to 5.0e-1 in confidence',
    ],
    [
      'training',
      { tryTraining: failing('ScatterElements ran on the CPU') },
      'training',
      'ScatterElements ran on the CPU',
    ],
  ])('is named in the verdict: %s', async (_, found, check, words) => {
    const report = await diagnose('cuda:0', found);
    expect(report).toMatchObject({ works: false, device: 'cuda:0' });
    expect(report.verdict).toContain(words);
    expect(report.verdict).toMatch(new RegExp(`^cuda:0 does not work: .*\\(${check}\\)$`));
  });

  it('is only a warning for auto, which then checks the CPU', async () => {
    const report = await diagnose('auto', {
      machine: () => fakeMachine({ without: ['libonnxruntime_providers_cuda.so'] }),
    });
    const verdict = 'CPU only: libonnxruntime_providers_cuda.so not installed (cuda-libraries)';
    expect(report).toMatchObject({ works: true, device: 'cpu', verdict });
    expect(statuses(report)).toMatchObject({ 'cuda-libraries': 'warn', session: 'skip', parity: 'skip' });
    expect(statuses(report, 'cpu')).toMatchObject({ session: 'pass', parity: 'pass', throughput: 'pass' });
    expect(report.checks.filter(({ status }) => status === 'fail')).toEqual([]);
  });

  it('is a failure for auto only if the CPU doesn’t work either', async () => {
    const report = await diagnose('auto', {
      machine: () => fakeMachine({ without: ['onnxruntime_binding.node'] }),
    });
    expect(report).toMatchObject({ works: false, device: 'cpu' });
    expect(report.verdict).toMatch(/^neither a GPU nor the CPU works: onnxruntime_binding.node missing from /);
  });
});

describe('the doctor', () => {
  it('trusts a forward pass more than checks that only explain failures', async () => {
    const machine = () => fakeMachine({ without: ['libcublas.so.13'] });
    const report = await diagnose('cuda:0', { machine });
    expect(report.works).toBe(true);
    expect(statuses(report)).toMatchObject({ 'library-needs': 'warn', driver: 'warn', forward: 'pass' });
    expect(reportLines(report)).toContain('libcublas.so.13; the forward pass works anyway');
  });

  it('shows a child’s standard error below the failed check, and why later checks were skipped', async () => {
    const report = await diagnose('cuda:0', { onCuda: { session: failing('No kernel\nlibx.so: no such file') } });
    const lines = reportLines(report).split('\n');
    expect(lines).toContain('        | libx.so: no such file');
    expect(lines).toContain('  skip  throughput          not tried: session failed');
  });

  it('warns that it can’t check the GPU if the environment renumbers GPUs', async () => {
    const machine = () => ({ ...fakeMachine(), environment: { CUDA_VISIBLE_DEVICES: '3' } });
    expect(statuses(await diagnose('cuda:0', { machine }))).toMatchObject({ 'compute-capability': 'warn' });
  });

  it('warns about a GPU that is slower than one CPU thread', async () => {
    const speeds = async () => [{ batch: 1, photosPerSecond: 39, runs: 3 }];
    expect(statuses(await diagnose('cuda:0', { onCuda: { speeds } })).throughput).toBe('warn');
  });

  it('allows a GPU more with TF32 or float16, but not anything, and a CPU no more', async () => {
    const parity = async (choice: Device, like: number, coarse: boolean) => {
      const answers = async () => new Map([[2, answerOf(2, like)]]);
      const report = await diagnose(choice, { onCuda: { answers }, coarse });
      return statuses(report, choice).parity;
    };
    expect(await parity('cuda:0', 0.504, true)).toBe('pass');
    expect(await parity('cuda:0', 0.504, false)).toBe('fail');
    expect(await parity('cuda:0', 0.506, true)).toBe('fail');
    const report = await diagnose('cpu', { coarse: true });
    expect(report.checks.find(({ name }) => name === 'parity')!.summary).toContain('(allowed: 0.001, 0.01)');
  });

  it('says what is missing and what to do if cuDNN can’t be loaded, whatever comes before it in the message', async () => {
    const reason = 'cuDNN is unavailable or disabled for CUDA Execution Provider: dlopen failed for libcudnn.so';
    const report = await diagnose('cuda:0', { onCuda: { answers: failing(`${'path '.repeat(99)}: ${reason}\nmore`) } });
    expect(report.verdict).toBe(`cuda:0 does not work: ${reason} (forward)`);
    expect(reportLines(report)).toContain('→ install cuDNN 9 for CUDA 13');
  });

  it('says what a change of batch size costs', async () => {
    const report = await diagnose('cuda:0');
    const { summary } = report.checks.find(({ name }) => name === 'batch-changes')!;
    expect(summary).toBe('in one session, a change between batches of 32 and 8 photos costs 61.2 ms');
  });

  it.each(['8.7', '9.0', '12.0'])('accepts a GPU with compute capability %s', async (capability) => {
    const machine = () => fakeMachine({ nvidiaSmi: `0, 580.1, ${capability}, 1, a GPU` });
    expect(statuses(await diagnose('cuda:0', { machine }))['compute-capability']).toBe('pass');
  });

  it('closes each trial exactly once', async () => {
    trials.length = 0;
    await diagnose('auto', { onCuda: { session: failing('no') } });
    expect(trials.map(({ closed }) => closed)).toEqual([1, 1]);
  });
});
