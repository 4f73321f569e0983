import { describe, expect, it } from 'vitest';
import { queryGpus } from './nvidia-smi.ts';

const says = (stdout: string, code = 0, stderr = '') =>
  queryGpus(async () => ({ code, stdout, stderr }), ['driver_version', 'memory.total']);

describe('the GPUs that nvidia-smi lists', () => {
  it('are queried by field and parsed line by line, even if a name has commas', async () => {
    let command: readonly string[] = [];
    const gpus = await queryGpus(
      async (program, parameters) => {
        command = [program, ...parameters];
        return { code: 0, stdout: '0, 580.65.06, NVIDIA L4\r\n1, [N/A], GB10, a prototype\n', stderr: '' };
      },
      ['driver_version'],
    );
    expect(command).toEqual(['nvidia-smi', '--query-gpu=index,driver_version,name', '--format=csv,noheader,nounits']);
    expect(gpus).toEqual([
      { index: '0', driver_version: '580.65.06', name: 'NVIDIA L4' },
      { index: '1', driver_version: '[N/A]', name: 'GB10, a prototype' },
    ]);
  });

  it('are only the lines that have every field', async () => {
    expect(await says('a warning\n0, 580.65.06, 23034, NVIDIA L4\n1, 580.65.06\n')).toHaveLength(1);
  });

  it('are an error with a reason if there are none', async () => {
    await expect(queryGpus(async () => undefined, [])).rejects.toThrow('nvidia-smi is not installed');
    await expect(says('', 9, 'couldn’t communicate with the NVIDIA driver')).rejects.toThrow(
      'nvidia-smi failed: couldn’t communicate with the NVIDIA driver',
    );
    await expect(says('\n')).rejects.toThrow(/^nvidia-smi lists no GPU$/);
    await expect(says('No devices were found\n')).rejects.toThrow(/^nvidia-smi lists no GPU: No devices were found$/);
  });
});
