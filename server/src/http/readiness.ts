import type { OpenEngines } from '../inference/open-engines.ts';
import type { DeviceChoice } from '../runtime/session.ts';

/**
 * Returns true if the server can score photos as configured: an engine is warm on the chosen device. A server set to
 * CUDA is never ready on a CPU, whatever the reason. With `auto`, it is ready on the device that it chose at startup. With
 * engines on other machines, it is ready while one of them can be used.
 */
export function isReady(
  choice: DeviceChoice,
  { engines, device, executionProvider }: Pick<OpenEngines, 'engines' | 'device' | 'executionProvider'>,
): boolean {
  const onCuda = executionProvider === 'CUDAExecutionProvider';
  const asConfigured =
    choice === 'auto' || device === 'replicas' || (device === choice && onCuda === (choice !== 'cpu'));
  return asConfigured && engines.some(({ alive }) => alive);
}
