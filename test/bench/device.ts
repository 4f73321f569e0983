import { cores } from '@swipenet/server/config/machine.ts';
import { CUDA_PROVIDER_LIBRARIES, cudaProviderInstalled } from '@swipenet/server/runtime/providers.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import { InvalidArgumentError } from 'commander';

/** Reads `--device`. There is no `auto`: a figure belongs to the device that was asked for. */
export function parseDevice(text: string): Device {
  if (text === 'cpu') return text;
  const number = /^cuda:(\d{1,2})$/.exec(text)?.[1];
  if (number === undefined) throw new InvalidArgumentError('Pass cpu or cuda:N, for example cuda:0.');
  return `cuda:${Number(number)}`;
}

/** Why a device can't be used at all; `undefined` if only opening a session tells. */
export function lackingFor(device: Device): string | undefined {
  if (device === 'cpu' || cudaProviderInstalled()) return undefined;
  const [library] = CUDA_PROVIDER_LIBRARIES;
  return `${device} can't be used: ONNX Runtime's CUDA provider (${library}) is not installed. Run npm run -s swipenet -- setup cuda.`;
}

/** Threads of a session that has the machine to itself; a GPU needs one. */
export const threadsOn = (device: Device): number => (device === 'cpu' ? cores : 1);

/** As engines do it: TF32 would compute something else than a CPU. A value of the caller's own wins. */
export function switchTf32Off(environment: NodeJS.ProcessEnv): void {
  environment.NVIDIA_TF32_OVERRIDE ??= '0';
}
