import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseDevice, switchTf32Off } from './device.ts';

const bench = (...parameters: string[]) => {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

it.each(['cpu', 'cuda:0', 'cuda:12'] as const)('%s is a device that a benchmark takes', (device) => {
  expect(parseDevice(device)).toBe(device);
});

it.each(['auto', 'gpu', 'cuda', 'cuda:', 'cuda:-1', 'cuda:x', 'CPU', ''])('%j is none', (text) => {
  expect(() => parseDevice(text)).toThrow('Pass cpu or cuda:N');
});

it('refuses a device that it does not know with exit code 2', () => {
  const { status, stdout, stderr } = bench('serve', '--device', 'gpu', '--json');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain("argument 'gpu' is invalid. Pass cpu or cuda:N");
});

it('refuses --device for a benchmark that only knows the CPU', () => {
  const { status, stdout, stderr } = bench('chaos', '--device', 'cpu');
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: 'error: chaos does not take --device\n',
  });
});

it('computes without TF32 unless the caller says otherwise', () => {
  const [own, callers] = [{}, { NVIDIA_TF32_OVERRIDE: '1' }];
  switchTf32Off(own);
  switchTf32Off(callers);
  expect([own, callers]).toEqual([{ NVIDIA_TF32_OVERRIDE: '0' }, { NVIDIA_TF32_OVERRIDE: '1' }]);
});
