import * as z from 'zod/mini';

/** The `nonce` of `GET /v1/proof`: random bits of the asker's, in base64url. */
export const proofNonceSchema = z.string().check(z.regex(/^[\w-]{22,128}$/));

/** The response of `GET /v1/proof`. It shows that the server has the local token, without showing the token. */
export const proofAnswerSchema = z.object({
  /** HMAC-SHA256 of the nonce and the server's end of the connection, in hex. The local token is the key. */
  proof: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

export type ProofAnswer = z.infer<typeof proofAnswerSchema>;
