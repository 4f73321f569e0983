import type { Clock } from '../clock.ts';
import { CommandError } from '../command-error.ts';
import type { ModelForm, ModelOn } from '../registry/choose-precision.ts';
import type { ServedModel } from '../registry/model-registry.ts';
import { CUDA_NOT_INSTALLED, cudaTrouble, deviceTrouble } from '../runtime/cuda-trouble.ts';
import { cudaProviderInstalled } from '../runtime/providers.ts';
import { type Device, type DeviceChoice, executionProviderOf } from '../runtime/session.ts';
import { ChildEngine } from './child-engine.ts';
import type { Engine, EngineRestart } from './engine.ts';
import { type EnginePlan, planEngines } from './engine-plan.ts';

/** Open engines, where they compute, and why there. */
export interface OpenEngines {
  readonly engines: readonly Engine[];
  /** The form of the model that computes here. */
  readonly form: ModelForm;
  readonly device: Device;
  readonly executionProvider: ReturnType<typeof executionProviderOf>;
  /** In words, for the start lines and `/v1/model`. */
  readonly reason: string;
  readonly plan: EnginePlan;
}

/** What happens to engines, for whoever counts or logs. */
export interface EngineEvents {
  /** An engine died, or could not be started or replaced. */
  readonly onTrouble?: (error: Error) => void;
  /** An engine, by its place among {@link OpenEngines.engines}, has a new process: its own died, hung or grew too large. */
  readonly onRestart?: (restart: EngineRestart & { readonly engine: number }) => void;
}

/** What engines are opened with; the last two are for tests. */
export interface OpenEnginesOptions {
  /** The model, in the form for the device that is tried. */
  readonly modelOn: ModelOn;
  readonly choice: DeviceChoice;
  readonly cores: number;
  readonly clock: Clock;
  readonly eventsOf?: (model: ServedModel) => EngineEvents;
  readonly cudaInstalled?: () => boolean;
  readonly openEngine?: typeof ChildEngine.open;
}

/**
 * Opens the engines of a model on the device that was asked for, or for `auto` on CUDA where it works and else on the
 * CPU. `auto` always says which it took and why; asked for a device, it is that one or an error. The model's form follows
 * the device: where CUDA fails, the CPU gets its own.
 *
 * @throws CommandError `device_unavailable` with the reason in short, ONNX Runtime's whole text its cause; `model_invalid` where the CPU cannot open
 *   the model either; what `modelOn` throws for the device.
 */
export async function openEngines(options: OpenEnginesOptions): Promise<OpenEngines> {
  const { choice, modelOn, cudaInstalled = cudaProviderInstalled } = options;
  if (choice === 'cpu') return openOnCpu(options, 'requested');
  if (choice !== 'auto') {
    const form = await modelOn('cuda');
    try {
      return await openOn(options, form, choice, 'requested');
    } catch (cause) {
      throw new CommandError('device_unavailable', deviceTrouble(choice, cause, cudaInstalled), { cause });
    }
  }
  if (!cudaInstalled()) {
    return openOnCpu(options, `auto: ${CUDA_NOT_INSTALLED}`);
  }
  try {
    return await openOn(options, await modelOn('cuda'), 'cuda:0', 'auto: CUDA works');
  } catch (error) {
    // A form that is missing is told in our own words.
    const why = error instanceof CommandError ? error.message : cudaTrouble(error, cudaInstalled);
    return openOnCpu(options, `auto: CUDA cannot be used: ${why}`);
  }
}

async function openOnCpu(options: OpenEnginesOptions, reason: string): Promise<OpenEngines> {
  const form = await options.modelOn('cpu');
  try {
    return await openOn(options, form, 'cpu', reason);
  } catch (cause) {
    const message = `the model ${form.model.manifest.id} cannot be opened: ${wordsOf(cause)}`;
    throw new CommandError('model_invalid', message, { cause });
  }
}

async function openOn(
  options: OpenEnginesOptions,
  form: ModelForm,
  device: Device,
  reason: string,
): Promise<OpenEngines> {
  const { cores, clock, eventsOf, openEngine = ChildEngine.open } = options;
  const { modelPath, manifest } = form.model;
  const { sha256 } = manifest.model;
  const plan = planEngines(device, cores);
  const { threadsPerEngine: threads, batchSizes, warmSizes, maxRssBytes } = plan;
  const events = eventsOf?.(form.model);
  const settings = { modelPath, sha256, device, threads, batchSizes, warmSizes };
  const opening = Array.from({ length: plan.engines }, (_, engine) =>
    openEngine({
      settings,
      clock,
      maxRssBytes,
      ...(events?.onTrouble && { onTrouble: events.onTrouble }),
      ...(events?.onRestart && { onRestart: (restart: EngineRestart) => events.onRestart?.({ engine, ...restart }) }),
    }),
  );
  const opened = await Promise.allSettled(opening);
  const engines = opened.filter((result) => result.status === 'fulfilled').map((result) => result.value);
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed) {
    await Promise.all(engines.map((engine) => engine.close()));
    throw failed.reason;
  }
  return { engines, form, device, executionProvider: executionProviderOf(device), reason, plan };
}

/** An error's message on one line. */
const wordsOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
