import { SwipenetError } from '@swipenet/shared/contract/errors.ts';

/** Why a replica isn't used. docs/failure-modes.md explains each. */
export const REPLICA_FAULTS = [
  'replica_unreachable',
  'replica_connection_lost',
  'replica_timeout',
  'replica_redirects',
  'replica_refuses',
  'replica_busy',
  'replica_failed',
  'replica_not_ready',
  'replica_model_mismatch',
  'replica_answer_invalid',
  'replica_answer_too_large',
] as const;

export type ReplicaFaultCode = (typeof REPLICA_FAULTS)[number];

/** What is wrong with a replica. Only the log and the status show it, because the message names the replica. */
export class ReplicaFault extends SwipenetError<ReplicaFaultCode> {
  override readonly name = 'ReplicaFault';
}
