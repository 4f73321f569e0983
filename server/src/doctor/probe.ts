import { Child } from '../child/child.ts';
import type { Exchange } from '../child/protocol.ts';
import type { Clock } from '../clock.ts';
import type { CropBatch } from '../image/photo-bytes.ts';
import { deviceEnvironment } from '../runtime/device-environment.ts';
import type { Device } from '../runtime/session.ts';

/** What a session is opened with in a process of its own. */
export interface ProbeSettings {
  readonly modelPath: string;
  readonly device: Device;
  readonly threads: number;
  /** See `SessionOptions` of the runtime. */
  readonly profilePrefix?: string;
}

/** What the model says of a batch: `likes` is `[count]`, `evidence` is `[count, 7, 7]`. */
export interface ProbeAnswer {
  readonly likes: Float32Array;
  readonly evidence: Float32Array;
}

/** What a probe's process can be asked. Closing writes the session's profile. */
export type ProbeProtocol = {
  readonly open: Exchange<ProbeSettings, void>;
  readonly run: Exchange<{ readonly photos: CropBatch; readonly count: number }, ProbeAnswer>;
  readonly close: Exchange<undefined, void>;
};

/** A session in a process of its own. */
export interface Probe {
  /** Runs one batch. @throws Error with ONNX Runtime's words. */
  run(photos: CropBatch, count: number): Promise<ProbeAnswer>;
  /** Closes the session, which writes its profile, and ends the process. */
  close(): Promise<void>;
}

/** Opens a probe; tests bring pretended ones. */
export type OpenProbe = (settings: ProbeSettings) => Promise<Probe>;

const PROGRAM = new URL('./probe-process.ts', import.meta.url);

/** Longer than CUDA takes to load its libraries, or to search its algorithms for a new batch size. */
const PATIENCE = { timeoutMs: 120_000 };

/**
 * Gives what opens a session in a child process. Errors carry what the process wrote to standard error: with CUDA that is
 * where the cause is.
 *
 * @param environment of the process; the loader reads `LD_LIBRARY_PATH` when a process begins, so it must be there by then.
 */
export function probeOpener(
  environment: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  program = PROGRAM,
): OpenProbe {
  return async (settings) => {
    const child: Child<ProbeProtocol> = new Child(program, {
      name: 'probe',
      clock,
      environment: { ...environment, ...deviceEnvironment(settings.device) },
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
