import type { OpenEngines } from '../inference/open-engines.ts';
import type { DeviceChoice } from '../runtime/session.ts';

/**
 * True while photos can be scored as the server was set to: an engine is alive and warm, and on the device that was asked
 * for. A server set to CUDA is never ready on a CPU, however its engines came to be there; set to `auto` it is ready on
 * what it took and named at its start.
 */
export function isReady(
  choice: DeviceChoice,
  { engines, device, executionProvider }: Pick<OpenEngines, 'engines' | 'device' | 'executionProvider'>,
): boolean {
  const onCuda = executionProvider === 'CUDAExecutionProvider';
  const asSet = choice === 'auto' || (device === choice && onCuda === (choice !== 'cpu'));
  return asSet && engines.some(({ alive }) => alive);
}
