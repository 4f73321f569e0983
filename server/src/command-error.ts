import { SwipenetError } from '@swipenet/shared/contract/errors.ts';

/**
 * The closed list of a command's error codes: a command or the server's start was asked for something impossible, which
 * ends with one line on standard error and exit code 2. Each has an entry in docs/failure-modes.md (held by a test).
 */
export const COMMAND_ERROR_CODES = [
  'option_invalid',
  'path_missing',
  'path_without_photos',
  'model_missing',
  'model_invalid',
  'model_hash_mismatch',
  'model_exists',
  'model_not_served',
  'model_protected',
  'precision_missing',
  'active_model_invalid',
  'fetch_failed',
  'weights_invalid',
  'quantization_unfaithful',
  'dataset_missing',
  'dataset_invalid',
  'dataset_exists',
  'dataset_too_small',
  'run_exists',
  'run_missing',
  'run_invalid',
  'run_unwritable',
  'training_diverged',
  'training_failed',
  'labels_contradict',
  'output_unusable',
  'device_unavailable',
  'cuda_unsupported',
  'cuda_setup_failed',
  'bind_refused',
  'tls_invalid',
  'paired_device_missing',
  'port_taken',
  'home_unusable',
  'server_unreachable',
  'server_refused',
] as const;

/** One of the closed list of a command's error codes. */
export type CommandErrorCode = (typeof COMMAND_ERROR_CODES)[number];

/** The error of a command: its message names what was wrong and what to do. */
export class CommandError extends SwipenetError<CommandErrorCode> {
  override readonly name = 'CommandError';
}
