import { PACKAGED } from '../command-form.ts';
import { loadRuntime } from './providers.ts';

/** Where a session runs: on the CPU, or on an NVIDIA GPU by its number. */
export type Device = 'cpu' | `cuda:${number}`;

/** The user's choice: a device, or `auto` for the best one that works. */
export type DeviceChoice = Device | 'auto';

/** Returns ONNX Runtime's name of a device's execution provider. */
export function executionProviderOf(device: Device): 'CPUExecutionProvider' | 'CUDAExecutionProvider' {
  return device === 'cpu' ? 'CPUExecutionProvider' : 'CUDAExecutionProvider';
}

/** The element types of a session's inputs and outputs. */
type TensorData = Uint8Array | Int32Array | Float32Array;

/** Returns ONNX Runtime's name of an element type. */
function typeOf(data: TensorData): 'uint8' | 'int32' | 'float32' {
  if (data instanceof Uint8Array) return 'uint8';
  return data instanceof Int32Array ? 'int32' : 'float32';
}

/** A tensor, row-major. */
export interface Tensor<Data extends TensorData = TensorData> {
  readonly data: Data;
  readonly shape: readonly number[];
}

export interface SessionOptions {
  /** The bytes of an ONNX file. With bytes instead of a path, the model can't refer to other files. */
  readonly model: Uint8Array;
  readonly device: Device;
  /** Threads for one operator. A GPU needs one. */
  readonly threads: number;
  /** The path prefix of the profile that ONNX Runtime writes when the session closes (see profile.ts). None by default. */
  readonly profilePrefix?: string;
}

/** An open model. Calls to `run` must not overlap. */
export interface Session {
  /** Runs the model once, from tensors by input name to float32 tensors by output name. Blocks the event loop. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor<Float32Array>>>;
  close(): Promise<void>;
}

/**
 * Opens a model on a device. On CUDA, a node that can only run on the CPU is an error. It doesn't fall back to the CPU
 * (`disable_cpu_ep_fallback`).
 *
 * @throws Error with ONNX Runtime's message. If a CUDA library can't be loaded, the message doesn't say why. ONNX Runtime
 *   1.30 writes the reason to the process's standard error.
 */
export async function openSession({ model, device, threads, profilePrefix }: SessionOptions): Promise<Session> {
  const cuda = device !== 'cpu';
  // Only here, so that the doctor can say that it is missing.
  const ort = PACKAGED ? loadRuntime() : await import('onnxruntime-node');
  const session = await ort.InferenceSession.create(model, {
    executionProviders: cuda ? [{ name: 'cuda', deviceId: Number(device.slice('cuda:'.length)) }] : ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
    ...(cuda && { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  });
  return {
    async run(inputs) {
      const feeds = Object.entries(inputs).map(([name, { data, shape }]) => {
        return [name, new ort.Tensor(typeOf(data), data, shape)] as const;
      });
      const outputs = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { data, dims }]) => [name, { data: data as Float32Array, shape: dims }]),
      );
    },
    close: async () => {
      if (profilePrefix !== undefined) session.endProfiling();
      await session.release();
    },
  };
}
