import { expect, it } from 'vitest';
import { gpuUsage } from './gpu-usage.ts';

const says =
  (stdout: string, code = 0, stderr = '') =>
  async () => ({ code, stdout, stderr });

// Output of nvidia-smi with `--format=csv,noheader,nounits`.
const TWO = `0, GPU-6a1c4f2e-1111-2222-3333-444455556666, 87, 1180, 23034, 61, 58.34, NVIDIA L4
1, GPU-7b2d5a3f-1111-2222-3333-444455556666, 0, 0, 23034, 33, 16.02, NVIDIA L4
`;
const UNREPORTED =
  '0, GPU-8c3e6b40-1111-2222-3333-444455556666, [N/A], [Not Supported], [N/A], 45, [Unknown Error], NVIDIA GB10\r\n';

it('parses the output per GPU, in bytes and fractions', async () => {
  expect(await gpuUsage(says(TWO))).toEqual({
    gpus: [
      {
        index: 0,
        uuid: 'GPU-6a1c4f2e-1111-2222-3333-444455556666',
        name: 'NVIDIA L4',
        load: 0.87,
        memoryUsedBytes: 1180 * 1024 ** 2,
        memoryTotalBytes: 23034 * 1024 ** 2,
        temperatureC: 61,
        powerW: 58.34,
      },
      expect.objectContaining({ index: 1, load: 0, memoryUsedBytes: 0, powerW: 16.02 }),
    ],
  });
});

it('returns null, and never 0, for figures that a GPU doesn’t report', async () => {
  expect(await gpuUsage(says(UNREPORTED))).toEqual({
    gpus: [
      {
        index: 0,
        uuid: 'GPU-8c3e6b40-1111-2222-3333-444455556666',
        name: 'NVIDIA GB10',
        load: null,
        memoryUsedBytes: null,
        memoryTotalBytes: null,
        temperatureC: 45,
        powerW: null,
      },
    ],
  });
});

it.each([
  ['nvidia-smi is missing', async () => undefined, 'nvidia-smi is not installed'],
  [
    'the driver is not loaded',
    says("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\nMake sure…", 9),
    "nvidia-smi failed: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
  ],
  [
    'nvidia-smi hangs',
    says('', 1, 'nvidia-smi did not end within 8 s'),
    'nvidia-smi failed: nvidia-smi did not end within 8 s',
  ],
  ['nvidia-smi finds nothing', says('No devices were found\n'), 'nvidia-smi lists no GPU: No devices were found'],
])('says why there are no GPUs if %s', async (_name, run, absent) => {
  expect(await gpuUsage(run)).toEqual({ absent });
});
