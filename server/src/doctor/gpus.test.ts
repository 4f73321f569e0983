import { expect, it } from 'vitest';
import { listGpus } from './gpus.ts';

const gpusFrom = (stdout: string) => listGpus(async () => ({ code: 0, stdout, stderr: '' }));

it('lists GPUs with driver, compute capability and memory', async () => {
  const lines = ['0, 580.65.06, 8.9, 23034, NVIDIA L4', '1, 580.65.06, 7.5, [N/A], Tesla T4', ''];
  expect(await gpusFrom(lines.join('\n'))).toEqual([
    { index: 0, name: 'NVIDIA L4', driver: '580.65.06', computeCapability: '8.9', memory: '23034 MiB' },
    { index: 1, name: 'Tesla T4', driver: '580.65.06', computeCapability: '7.5', memory: '[N/A]' },
  ]);
});

it('rejects a GPU without a driver version or compute capability', async () => {
  await expect(gpusFrom('0, [N/A], 7.5, 1, X')).rejects.toThrow('invalid values for a GPU');
  await expect(gpusFrom('0, 580.1, [N/A], 1, X')).rejects.toThrow('invalid values for a GPU');
});
