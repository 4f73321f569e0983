import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { cudaProviderInstalled } from '../runtime/providers.ts';
import { type Device, executionProviderOf } from '../runtime/session.ts';
import { ChildEngine } from './child-engine.ts';
import type { Clock } from './clock.ts';
import type { Engine, EngineRestart } from './engine.ts';
import { type EnginePlan, planEngines } from './engine-plan.ts';

/** What the user asked for: a device, or the best that works. */
export type DeviceChoice = Device | 'auto';

/** Open engines, where they compute, and why there. */
export interface OpenEngines {
  readonly engines: readonly Engine[];
  readonly device: Device;
  readonly executionProvider: ReturnType<typeof executionProviderOf>;
  /** In words, for the start lines and `/v1/model`. */
  readonly reason: string;
  readonly plan: EnginePlan;
}

/** What engines are opened with; the last two are for tests. */
export interface OpenEnginesOptions {
  readonly modelId: string;
  readonly modelPath: string;
  readonly sha256: string;
  readonly choice: DeviceChoice;
  readonly cores: number;
  readonly clock: Clock;
  readonly onTrouble?: (error: Error) => void;
  /** Told of an engine's new process, with the engine's place among {@link OpenEngines.engines}. */
  readonly onRestart?: (restart: EngineRestart & { readonly engine: number }) => void;
  readonly cudaInstalled?: () => boolean;
  readonly openEngine?: typeof ChildEngine.open;
}

/**
 * Opens the engines of a model on the device that was asked for, or for `auto` on CUDA where it works and else on the
 * CPU. `auto` always says which it took and why; asked for a device, it is that one or an error.
 *
 * @throws SwipenetError `device_unavailable` with ONNX Runtime's own words; `model_invalid` where the CPU cannot open
 *   the model either.
 */
export async function openEngines(options: OpenEnginesOptions): Promise<OpenEngines> {
  const { choice, cudaInstalled = cudaProviderInstalled } = options;
  if (choice === 'cpu') return openOnCpu(options, 'asked for');
  if (choice !== 'auto') {
    try {
      return await openOn(options, choice, 'asked for');
    } catch (cause) {
      throw new SwipenetError('device_unavailable', `${choice} cannot be used: ${wordsOf(cause)}`, { cause });
    }
  }
  if (!cudaInstalled()) {
    return openOnCpu(options, 'auto: the CUDA provider library of onnxruntime-node is not installed');
  }
  try {
    return await openOn(options, 'cuda:0', 'auto: CUDA works');
  } catch (error) {
    return openOnCpu(options, `auto: CUDA cannot be used: ${wordsOf(error)}`);
  }
}

async function openOnCpu(options: OpenEnginesOptions, reason: string): Promise<OpenEngines> {
  try {
    return await openOn(options, 'cpu', reason);
  } catch (cause) {
    const message = `the model ${options.modelId} cannot be opened: ${wordsOf(cause)}`;
    throw new SwipenetError('model_invalid', message, { cause });
  }
}

async function openOn(options: OpenEnginesOptions, device: Device, reason: string): Promise<OpenEngines> {
  const { modelPath, sha256, cores, clock, onTrouble, onRestart, openEngine = ChildEngine.open } = options;
  const plan = planEngines(device, cores);
  const { threadsPerEngine: threads, batchSizes, warmSizes, maxRssBytes } = plan;
  const settings = { modelPath, sha256, device, threads, batchSizes, warmSizes };
  const opening = Array.from({ length: plan.engines }, (_, engine) =>
    openEngine({
      settings,
      clock,
      maxRssBytes,
      ...(onTrouble && { onTrouble }),
      ...(onRestart && { onRestart: (restart) => onRestart({ engine, ...restart }) }),
    }),
  );
  const opened = await Promise.allSettled(opening);
  const engines = opened.filter((result) => result.status === 'fulfilled').map((result) => result.value);
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed) {
    await Promise.all(engines.map((engine) => engine.close()));
    throw failed.reason;
  }
  return { engines, device, executionProvider: executionProviderOf(device), reason, plan };
}

/** An error's message on one line. */
const wordsOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
