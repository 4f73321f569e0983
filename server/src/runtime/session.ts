import * as ort from 'onnxruntime-node';

/** Where a session computes: the CPU, or an NVIDIA GPU by its number. */
export type Device = 'cpu' | `cuda:${number}`;

/** What the user asked for: a device, or the best that works. */
export type DeviceChoice = Device | 'auto';

/** ONNX Runtime's name of the execution provider of a device. */
export function executionProviderOf(device: Device): 'CPUExecutionProvider' | 'CUDAExecutionProvider' {
  return device === 'cpu' ? 'CPUExecutionProvider' : 'CUDAExecutionProvider';
}

/** The element types that go in and out of a session here. */
type TensorData = Uint8Array | Float32Array;

/** A tensor: its numbers in rows, and its shape. */
export interface Tensor<Data extends TensorData = TensorData> {
  readonly data: Data;
  readonly shape: readonly number[];
}

/** What a session is opened with. */
export interface SessionOptions {
  /** The bytes of an ONNX file; bytes and not a path, so that no other file can be reached from it. */
  readonly model: Uint8Array;
  readonly device: Device;
  /** Threads inside one operator; a GPU needs one. */
  readonly threads: number;
  /** Where ONNX Runtime writes what each operator took, when the session closes: the begin of a file's path (see profile.ts). */
  readonly profilePrefix?: string;
}

/** An open model. Calls of `run` must not overlap. */
export interface Session {
  /** Runs the model once: tensors by input name → float32 tensors by output name. Blocks the event loop meanwhile. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor<Float32Array>>>;
  close(): Promise<void>;
}

/**
 * Opens a model on a device, strictly: on CUDA a node that could only run on the CPU is an error, not a fallback
 * (`disable_cpu_ep_fallback`).
 *
 * @throws Error with ONNX Runtime's message. Where a CUDA library cannot be loaded the message does not say why: that
 *   goes to the process's standard error (1.30).
 */
export async function openSession({ model, device, threads, profilePrefix }: SessionOptions): Promise<Session> {
  const cuda = device !== 'cpu';
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
        const type = data instanceof Uint8Array ? 'uint8' : 'float32';
        return [name, new ort.Tensor(type, data, shape)] as const;
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
