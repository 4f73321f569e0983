import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import {
  PAIRING_LIMITS,
  type PairAnswer,
  type PairingCodeAnswer,
  pairRequestSchema,
} from '@swipenet/shared/contract/pair.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { readJson } from '../form/json-body.ts';

/** `POST /v1/pair/code`: creates a one-time code. */
export function pairingCodeRoute({ access }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    context.header('Cache-Control', 'no-store');
    const answer: PairingCodeAnswer = { code: access.pairing.offer(), expiresInS: PAIRING_LIMITS.codeLifeS };
    return context.json(answer);
  };
}

/** `POST /v1/pair`: exchanges a one-time code for a device token. */
export function pairRoute({ access }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const { code, name } = await readPairRequest(context);
    if (!access.pairing.redeem(code)) {
      throw new SwipenetError('pairing_code_invalid', 'the code is wrong, already used, or older than 5 minutes');
    }
    const origin = context.req.header('Origin') ?? null;
    const pairedAt = access.date().toISOString();
    const { device, token } = await access.devices.add({ name, origin, pairedAt });
    context.header('Cache-Control', 'no-store');
    return context.json({ token, device: { id: device.id, name: device.name } } satisfies PairAnswer);
  };
}

async function readPairRequest(context: Context<AppEnv>) {
  const parsed = pairRequestSchema.safeParse(await readJson(context));
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.');
  throw new SwipenetError(
    'body_malformed',
    `the body must be JSON with "code" and "name"${field ? `; ${field} is invalid` : ''}`,
  );
}
