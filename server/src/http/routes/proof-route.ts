import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { type ProofAnswer, proofNonceSchema } from '@swipenet/shared/contract/proof.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { serverProof } from '../server-proof.ts';

/**
 * `GET /v1/proof?nonce=…`: proves to a program on this machine that the server has the local token, before that program
 * sends it. Throws SwipenetError `nonce_invalid`.
 */
export function proofRoute({ token }: Pick<AppDependencies, 'token'>) {
  return (context: Context<AppEnv>): Response => {
    const nonce = proofNonceSchema.safeParse(context.req.query('nonce'));
    if (!nonce.success) throw new SwipenetError('nonce_invalid', 'nonce must be 22 to 128 characters of base64url');
    const socket = context.env?.incoming?.socket;
    const proof = serverProof(token, nonce.data, { address: socket?.localAddress, port: socket?.localPort });
    return context.json({ proof } satisfies ProofAnswer);
  };
}
