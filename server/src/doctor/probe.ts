import { Child } from '../child/child.ts';
import type { Exchange } from '../child/protocol.ts';
import type { Clock } from '../clock.ts';
import type { CropBatch } from '../image/photo-bytes.ts';
import { deviceProcess } from '../runtime/device-process.ts';
import type { Device } from '../runtime/session.ts';

/** A model's file, or its bytes as a device runs it. */
export interface ProbeModel {
  readonly modelPath: string;
  readonly bytes?: Uint8Array;
}

/** How to open a probe's session. */
interface ProbeSettings extends ProbeModel {
  readonly device: Device;
  readonly threads: number;
  readonly tf32?: boolean;
  /** Path prefix of the session's profile, as in the runtime's `SessionOptions`. */
  readonly profilePrefix?: string;
}

/** The model's output for a batch: `likes` is `[count]`, `evidence` is `[count, 7, 7]`. */
export interface ProbeAnswer {
  readonly likes: Float32Array;
  readonly evidence: Float32Array;
}

/** The requests that a probe's process accepts. `close` writes the session's profile. */
export type ProbeProtocol = {
  readonly open: Exchange<ProbeSettings, void>;
  readonly run: Exchange<{ readonly photos: CropBatch; readonly count: number }, ProbeAnswer>;
  readonly close: Exchange<undefined, void>;
};

/** A session in its own process. */
export interface Probe {
  /** Runs one batch. @throws Error with ONNX Runtime's message. */
  run(photos: CropBatch, count: number): Promise<ProbeAnswer>;
  /** Closes the session, which writes its profile, and ends the process. */
  close(): Promise<void>;
}

/** Opens a probe. Tests pass fakes. */
export type OpenProbe = (settings: ProbeSettings) => Promise<Probe>;

const PROGRAM = new URL('./probe-process.ts', import.meta.url);

/** Longer than CUDA takes to load its libraries or to search for algorithms at a new batch size. */
const PATIENCE = { timeoutMs: 120_000 };

/**
 * Returns a function that opens sessions in child processes. Errors include the process's standard error, where CUDA
 * reports causes.
 *
 * @param environment of the process. It includes `LD_LIBRARY_PATH`, which the loader reads only when a process starts.
 */
export function probeOpener(
  environment: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  program = PROGRAM,
): OpenProbe {
  return async (settings) => {
    const process = deviceProcess(settings.device, settings.tf32);
    const child: Child<ProbeProtocol> = new Child(program, {
      ...process,
      name: 'probe',
      clock,
      environment: { ...environment, ...process.environment },
    });
    const kill = async () => {
      child.kill();
      await child.exited;
    };
    try {
      await child.ask('open', settings, PATIENCE);
    } catch (error) {
      await kill();
      throw error;
    }
    return {
      run: (photos, count) => child.ask('run', { photos, count }, PATIENCE),
      close: () => child.ask('close', undefined, PATIENCE).finally(kill),
    };
  };
}
