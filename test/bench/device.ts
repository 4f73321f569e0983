import { cores } from '@swipenet/server/config/machine.ts';
import { CUDA_PROVIDER_LIBRARIES, cudaProviderInstalled } from '@swipenet/server/runtime/providers.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import { InvalidArgumentError } from 'commander';

/** Parses `--device`. There is no `auto`, because a result belongs to the device that was requested. */
export function parseDevice(text: string): Device {
  if (text === 'cpu') return text;
  const number = /^cuda:(\d{1,2})$/.exec(text)?.[1];
  if (number === undefined) throw new InvalidArgumentError('Pass cpu or cuda:N, for example cuda:0.');
  return `cuda:${Number(number)}`;
}

/** Says why a device can't be used. Returns `undefined` if only opening a session can tell. */
export function whyUnavailable(device: Device): string | undefined {
  if (device === 'cpu' || cudaProviderInstalled()) return undefined;
  const [library] = CUDA_PROVIDER_LIBRARIES;
  return `can’t use ${device}: ONNX Runtime’s CUDA provider (${library}) is not installed; run npm run -s swipenet -- setup cuda`;
}

/** Number of threads for a session that has the machine to itself. A GPU needs one. */
export const threadsOn = (device: Device): number => (device === 'cpu' ? cores : 1);

/** Turns off TF32 like the engines do, because its results differ from a CPU's. A value set by the caller wins. */
export function turnOffTf32(environment: NodeJS.ProcessEnv): void {
  environment.NVIDIA_TF32_OVERRIDE ??= '0';
}
