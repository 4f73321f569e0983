import { describe, expect, it } from 'vitest';
import { listGpus } from './nvidia-smi.ts';

const says = (stdout: string, code = 0, stderr = '') => listGpus(async () => ({ code, stdout, stderr }));

describe('the GPUs that nvidia-smi lists', () => {
  it('are asked for by fields and read line by line', async () => {
    let asked: readonly string[] = [];
    const gpus = await listGpus(async (program, parameters) => {
      asked = [program, ...parameters];
      const rows = ['0, NVIDIA L4, 580.65.06, 8.9, 23034 MiB', '1, Tesla T4, 580.65.06, 7.5, [N/A]', ''];
      return { code: 0, stdout: rows.join('\n'), stderr: '' };
    });
    const query = '--query-gpu=index,name,driver_version,compute_cap,memory.total';
    expect(asked).toEqual(['nvidia-smi', query, '--format=csv,noheader']);
    expect(gpus).toEqual([
      { index: 0, name: 'NVIDIA L4', driver: '580.65.06', computeCapability: '8.9', memory: '23034 MiB' },
      { index: 1, name: 'Tesla T4', driver: '580.65.06', computeCapability: '7.5', memory: '[N/A]' },
    ]);
  });

  it('are an error in words where there are none', async () => {
    await expect(listGpus(async () => undefined)).rejects.toThrow('nvidia-smi is not there');
    await expect(says('', 9, 'couldn’t communicate with the NVIDIA driver')).rejects.toThrow(
      'nvidia-smi failed: couldn’t communicate with the NVIDIA driver',
    );
    await expect(says('\n')).rejects.toThrow('nvidia-smi lists no GPU');
    await expect(says('No devices were found')).rejects.toThrow('which is no GPU');
    await expect(says('0, X, [N/A], 7.5, 1 MiB')).rejects.toThrow('which is no GPU');
  });
});
