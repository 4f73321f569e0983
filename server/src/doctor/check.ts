import type { RunProgram } from '../child/run-program.ts';
import type { Device } from '../runtime/session.ts';
import type { Trial } from './trial.ts';

/** What a check found. */
export interface Finding {
  /** `skip`: it was not looked at, and `summary` says why. */
  readonly status: 'pass' | 'warn' | 'fail' | 'skip';
  /** In one line. */
  readonly summary: string;
  /** What to do about it. */
  readonly advice?: string;
  /** Figures, paths or a library's own words, for `--json`; a text is shown to people, too. */
  readonly details?: unknown;
}

/** What a machine is to the checks; tests bring pretended ones. */
export interface Machine {
  /** As `linux/x64`. */
  readonly platform: string;
  /** As `26.10.0`. */
  readonly nodeVersion: string;
  readonly runtimeVersion: string;
  /** The folder of onnxruntime-node's native libraries. */
  readonly libraryFolder: string;
  /** Child processes get it, and the dynamic loader reads it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: RunProgram;
  /** The loader's last folders; tests name their own. */
  readonly standardFolders?: readonly string[];
}

/** What the checks of one device look at. */
export interface Examination {
  readonly device: Device;
  readonly machine: Machine;
  /** The model at work on the device. */
  readonly trial: Trial;
  /** Takes training steps on the device and throws what does not work there; absent when it was not asked for. */
  readonly tryTraining?: (device: Device) => Promise<unknown>;
}

/** One of the ordered list: one question to the machine. */
export interface Check {
  readonly name: string;
  /** It concerns GPUs alone. */
  readonly cudaOnly?: true;
  /** It is not tried where one of these earlier ones failed or was not tried itself. */
  readonly after?: readonly string[];
  /** It explains what cannot work, and is no proof: where the forward pass works all the same, its failure is a warning. */
  readonly explains?: true;
  /** An error it throws is a failure. */
  run(examination: Examination): Promise<Finding>;
}

/** See {@link Finding}. */
export const pass = (summary: string, details?: unknown): Finding => ({ status: 'pass', summary, details });

/** See {@link Finding}. */
export const skip = (summary: string): Finding => ({ status: 'skip', summary });

/** See {@link Finding}. */
export const warn = (summary: string, advice: string, details?: unknown): Finding => ({
  status: 'warn',
  summary,
  advice,
  details,
});

/** See {@link Finding}. */
export const fail = (summary: string, advice: string, details?: unknown): Finding => ({
  status: 'fail',
  summary,
  advice,
  details,
});
