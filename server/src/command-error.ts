import { SwipenetError } from '@swipenet/shared/contract/errors.ts';

/**
 * Every error code of the commands, including the startup of `serve`. They mean that a command can't do what was asked.
 * It prints one line on standard error and exits with code 2. A test checks that docs/failure-modes.md has an entry for
 * each.
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
  'dataset_busy',
  'dataset_too_small',
  'run_exists',
  'run_busy',
  'run_missing',
  'run_invalid',
  'run_unwritable',
  'training_diverged',
  'training_failed',
  'labels_contradict',
  'taste_empty',
  'taste_newer',
  'taste_unusable',
  'taste_busy',
  'taste_disk_full',
  'output_unusable',
  'device_unavailable',
  'decoders_unavailable',
  'replicas_unavailable',
  'replica_insecure',
  'runtime_missing',
  'cuda_unsupported',
  'cuda_setup_failed',
  'bind_refused',
  'tls_invalid',
  'paired_device_missing',
  'port_taken',
  'home_unusable',
  'server_unreachable',
  'server_refused',
  'server_unproven',
  'registry_unreachable',
  'service_failed',
] as const;

export type CommandErrorCode = (typeof COMMAND_ERROR_CODES)[number];

/** An error that ends a command. Its message says what is wrong and what to do. */
export class CommandError extends SwipenetError<CommandErrorCode> {
  override readonly name = 'CommandError';
}
