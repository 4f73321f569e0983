import { describe, expect, it } from 'vitest';
import { gpuUsage, parseGpus } from './gpu-usage.ts';

// The forms in which nvidia-smi prints `--format=csv,noheader,nounits`.
const TWO = `0, GPU-6a1c4f2e-1111-2222-3333-444455556666, 87, 1180, 23034, 61, 58.34, NVIDIA L4
1, GPU-7b2d5a3f-1111-2222-3333-444455556666, 0, 0, 23034, 33, 16.02, NVIDIA L4
`;
const NOT_TOLD =
  '0, GPU-8c3e6b40-1111-2222-3333-444455556666, [N/A], [Not Supported], [N/A], 45, [Unknown Error], NVIDIA GB10\r\n';
const NO_DEVICES = 'No devices were found\n';

const failing = (fields: object) => async () => {
  throw Object.assign(new Error('Command failed: nvidia-smi'), fields);
};

describe('what nvidia-smi prints', () => {
  it('is read GPU by GPU, in bytes and fractions', () => {
    expect(parseGpus(TWO)).toEqual([
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
    ]);
  });

  it('may leave figures out, which are null then and never 0', () => {
    expect(parseGpus(NOT_TOLD)).toEqual([
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
    ]);
  });
});

describe('the GPUs of a machine', () => {
  it('are asked for with the columns that are read', async () => {
    const asked: (readonly string[])[] = [];
    const gpus = await gpuUsage(async (parameters) => {
      asked.push(parameters);
      return TWO;
    });
    expect(gpus).toHaveProperty('gpus.length', 2);
    expect(asked).toEqual([
      [
        '--query-gpu=index,uuid,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw,name',
        '--format=csv,noheader,nounits',
      ],
    ]);
  });

  it.each([
    ['there is none', failing({ code: 'ENOENT' }), 'there is no nvidia-smi here'],
    [
      'the driver is not loaded',
      failing({
        code: 9,
        stdout: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\nMake sure…",
      }),
      "nvidia-smi failed: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
    ],
    ['it hangs', failing({ killed: true }), 'nvidia-smi failed: Command failed: nvidia-smi'],
    ['it finds nothing', async () => NO_DEVICES, 'nvidia-smi names no GPU: No devices were found'],
  ])('are absent with the reason where %s', async (_name, run, absent) => {
    expect(await gpuUsage(run)).toEqual({ absent });
  });
});
