import type { RunProgram } from '../child/run-program.ts';
import type { Device } from '../runtime/session.ts';
import type { Trial } from './trial.ts';

/** The result of a check. */
export interface Finding {
  /** `skip` means that the check didn't run. `summary` says why. */
  readonly status: 'pass' | 'warn' | 'fail' | 'skip';
  /** The result in one line. */
  readonly summary: string;
  /** What to do about it. */
  readonly advice?: string;
  /** Numbers, paths or a library's own message, for `--json`. People see it as well if it is a string. */
  readonly details?: unknown;
}

/** The machine as the checks see it. Tests pass fakes. */
export interface Machine {
  /** Operating system and processor, like `linux/x64`. */
  readonly platform: string;
  /** Like `26.10.0`. */
  readonly nodeVersion: string;
  readonly runtimeVersion: string;
  /** The folder of onnxruntime-node's native libraries. */
  readonly libraryFolder: string;
  /** The environment of child processes, which the dynamic loader reads. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: RunProgram;
  /** The folders that the loader searches last. Tests pass their own. */
  readonly standardFolders?: readonly string[];
}

/** What the checks of one device examine. */
export interface Examination {
  readonly device: Device;
  readonly machine: Machine;
  /** The GPU rounds to 10 bits: it computes with TF32 or in float16. */
  readonly coarse?: boolean;
  /** Runs the model on the device. */
  readonly trial: Trial;
  /** Runs training steps on the device and throws if they fail. Absent unless requested. */
  readonly tryTraining?: (device: Device) => Promise<unknown>;
}

/** A check, which answers one question about the machine. */
export interface Check {
  readonly name: string;
  /** The check applies only to GPUs. */
  readonly cudaOnly?: true;
  /** The check is skipped if one of these earlier checks failed or was skipped. */
  readonly after?: readonly string[];
  /**
   * The check explains failures but proves nothing. If the forward pass works anyway, its failure becomes a warning.
   */
  readonly explains?: true;
  /** Runs the check. An error that it throws is a failure. */
  run(examination: Examination): Promise<Finding>;
}

export const pass = (summary: string, details?: unknown): Finding => ({ status: 'pass', summary, details });

export const skip = (summary: string): Finding => ({ status: 'skip', summary });

export const warn = (summary: string, advice: string, details?: unknown): Finding => ({
  status: 'warn',
  summary,
  advice,
  details,
});

export const fail = (summary: string, advice: string, details?: unknown): Finding => ({
  status: 'fail',
  summary,
  advice,
  details,
});
