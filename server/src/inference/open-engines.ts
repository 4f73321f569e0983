import type { ChildRestart } from '../child/kept-child.ts';
import type { Clock } from '../clock.ts';
import { CommandError } from '../command-error.ts';
import type { DeviceKind, ModelForm, ModelOn, PrecisionChoice } from '../registry/choose-precision.ts';
import type { InstalledModel } from '../registry/model-registry.ts';
import { CUDA_NOT_INSTALLED, cudaTrouble, deviceTrouble, TF32_ON_CPU } from '../runtime/cuda-trouble.ts';
import { cudaProviderInstalled } from '../runtime/providers.ts';
import { type Device, type DeviceChoice, executionProviderOf } from '../runtime/session.ts';
import { ChildEngine } from './child-engine.ts';
import { modelOnDevice } from './device-model.ts';
import type { Engine, EngineEvents } from './engine.ts';
import { type EnginePlan, type GpuPlan, planEngines } from './engine-plan.ts';
import { openReplicas, type RemoteEngines } from './oip/open-replicas.ts';

/** Open engines, their device, and the reason for that device. */
export interface OpenEngines {
  readonly engines: readonly Engine[];
  /** The form of the model that they run. */
  readonly form: ModelForm;
  readonly device: Device | 'replicas';
  readonly executionProvider: ReturnType<typeof executionProviderOf> | 'OpenInferenceProtocol';
  /** Why they run on this device, for the startup lines and `/v1/model`. */
  readonly reason: string;
  readonly plan: EnginePlan;
}

/** What engines to open, and where. The last three options are for tests. */
export interface OpenEnginesOptions {
  /** Returns the model's form for a kind of device. */
  readonly modelOn: ModelOn;
  readonly choice: DeviceChoice;
  /** Runs the model on other machines, and not on this one. */
  readonly remote?: { readonly engines: RemoteEngines; readonly precision: PrecisionChoice } | undefined;
  readonly cores: number;
  /** Returns features as float32, for heads that are computed elsewhere. */
  readonly exactFeatures?: boolean;
  /** How to use a GPU, where that isn't the default. */
  readonly gpu?: Partial<GpuPlan>;
  readonly clock: Clock;
  readonly eventsOf?: (model: InstalledModel) => EngineEvents;
  readonly cudaInstalled?: () => boolean;
  readonly openEngine?: typeof ChildEngine.open;
  readonly modelFor?: typeof modelOnDevice;
}

/**
 * Opens a model's engines on the requested device. `auto` uses CUDA if it works and the CPU otherwise, and says why.
 * Any other choice is that device or an error. The model's form depends on the device: if CUDA fails, the CPU gets its
 * own form.
 *
 * @throws CommandError `device_unavailable` with a short reason, and with ONNX Runtime's full error as its cause;
 *   `option_invalid` for TF32 on the CPU; `model_invalid` if even the CPU can't open the model; whatever `modelOn`
 *   throws for the device; with `remote`, what {@link openReplicas} throws.
 */
export async function openEngines(options: OpenEnginesOptions): Promise<OpenEngines> {
  if (options.remote) return openRemote(options, options.remote);
  const { choice, modelOn, gpu, cudaInstalled = cudaProviderInstalled } = options;
  if (choice === 'cpu' && gpu?.tf32) throw new CommandError('option_invalid', TF32_ON_CPU);
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
    // A CommandError says in our own words that the model has no form for CUDA.
    const why = error instanceof CommandError ? error.message : cudaTrouble(error, cudaInstalled);
    return openOnCpu(options, `auto: CUDA is unavailable: ${why}`);
  }
}

/** Returns the kind of device that a choice aims at. With `auto`, the CPU may still have to stand in for a GPU. */
export const intendedDevice = (choice: DeviceChoice, cudaInstalled = cudaProviderInstalled): DeviceKind =>
  choice === 'cpu' || (choice === 'auto' && !cudaInstalled()) ? 'cpu' : 'cuda';

/** Opens engines on other machines. They run the file that fp32 or int8 has, whatever their devices are. */
async function openRemote(
  { modelOn, clock, eventsOf, openEngine }: OpenEnginesOptions,
  { engines, precision }: NonNullable<OpenEnginesOptions['remote']>,
): Promise<OpenEngines> {
  const form = await modelOn(precision === 'int8' ? 'cpu' : 'cuda');
  const opened = await openReplicas(form, engines, {
    ...{ clock, events: eventsOf?.(form.model) },
    ...(openEngine && { openEngine }),
  });
  return { ...opened, form, device: 'replicas', executionProvider: 'OpenInferenceProtocol' };
}

async function openOnCpu(options: OpenEnginesOptions, reason: string): Promise<OpenEngines> {
  const form = await options.modelOn('cpu');
  try {
    return await openOn(options, form, 'cpu', reason);
  } catch (cause) {
    const message = `can’t open the model ${form.model.manifest.id}: ${messageOf(cause)}`;
    throw new CommandError('model_invalid', message, { cause });
  }
}

async function openOn(
  options: OpenEnginesOptions,
  form: ModelForm,
  device: Device,
  reason: string,
): Promise<OpenEngines> {
  const {
    cores,
    gpu,
    clock,
    exactFeatures = false,
    eventsOf,
    openEngine = ChildEngine.open,
    modelFor = modelOnDevice,
  } = options;
  const model = await modelFor(form.model, device, form.precision);
  const plan = planEngines(device, cores, gpu);
  const { threadsPerEngine: threads, tf32, batchSizes, warmSizes, maxRssBytes } = plan;
  const events = eventsOf?.(form.model);
  const settings = { ...model, device, threads, tf32, batchSizes, warmSizes, exactFeatures };
  const opening = Array.from({ length: plan.engines }, (_, engine) =>
    openEngine({
      settings,
      clock,
      maxRssBytes,
      ...(events?.onTrouble && { onTrouble: events.onTrouble }),
      ...(events?.onRestart && { onRestart: (restart: ChildRestart) => events.onRestart?.({ engine, ...restart }) }),
    }),
  );
  const opened = await Promise.allSettled(opening);
  const engines = opened.filter((result) => result.status === 'fulfilled').map((result) => result.value);
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed) {
    await Promise.all(engines.map((engine) => engine.close()));
    throw failed.reason;
  }
  const executionProvider = executionProviderOf(device);
  return { engines, form, device, executionProvider, reason: tf32 ? `${reason}; with TF32` : reason, plan };
}

/** Returns an error's message on one line. */
const messageOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
