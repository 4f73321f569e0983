import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseDevice, turnOffTf32 } from './device.ts';

const bench = (...parameters: string[]) => {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

it.each(['cpu', 'cuda:0', 'cuda:12'] as const)('accepts the device %s', (device) => {
  expect(parseDevice(device)).toBe(device);
});

it.each(['auto', 'gpu', 'cuda', 'cuda:', 'cuda:-1', 'cuda:x', 'CPU', ''])('rejects %j', (text) => {
  expect(() => parseDevice(text)).toThrow('Pass cpu or cuda:N');
});

it('rejects an unknown device with exit code 2', () => {
  const { status, stdout, stderr } = bench('serve', '--device', 'gpu', '--json');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain("argument 'gpu' is invalid. Pass cpu or cuda:N");
});

it('rejects --device for a benchmark that only runs on the CPU', () => {
  const { status, stdout, stderr } = bench('chaos', '--device', 'cpu');
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: 'error: chaos doesn’t accept --device\n',
  });
});

it('turns off TF32 unless the caller has set it', () => {
  const [unset, set] = [{}, { NVIDIA_TF32_OVERRIDE: '1' }];
  turnOffTf32(unset);
  turnOffTf32(set);
  expect([unset, set]).toEqual([{ NVIDIA_TF32_OVERRIDE: '0' }, { NVIDIA_TF32_OVERRIDE: '1' }]);
});
