import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import {
  PAIRING_LIMITS,
  type PairAnswer,
  type PairingCodeAnswer,
  pairingCodeRequestSchema,
  pairRequestSchema,
} from '@swipenet/shared/contract/pair.ts';
import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { readJson } from '../form/json-body.ts';

/** `POST /v1/pair/code`: creates a one-time code. */
export function pairingCodeRoute({ access }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const request = pairingCodeRequestSchema.safeParse((await readJson(context)) ?? {});
    if (!request.success)
      throw new SwipenetError('body_malformed', 'the body must be empty, or JSON: {"taste": "own"}');
    const { taste = OWNER_TASTE } = request.data;
    context.header('Cache-Control', 'no-store');
    const answer: PairingCodeAnswer = { code: access.pairing.offer(taste), expiresInS: PAIRING_LIMITS.codeLifeS };
    return context.json(answer);
  };
}

/** `POST /v1/pair`: exchanges a one-time code for a device token. */
export function pairRoute({ access, taste: { profileKey } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const { code, name } = await readPairRequest(context);
    const offer = access.pairing.redeem(code);
    if (!offer) {
      throw new SwipenetError('pairing_code_invalid', 'the code is wrong, already used, or older than 5 minutes');
    }
    const origin = context.req.header('Origin') ?? null;
    const pairedAt = access.date().toISOString();
    const { device, token } = await access.devices.add({ name, origin, pairedAt, taste: offer.taste });
    context.header('Cache-Control', 'no-store');
    return context.json({ token, device: { id: device.id, name: device.name }, profileKey } satisfies PairAnswer);
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
