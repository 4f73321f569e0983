import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import {
  PAIRING_LIMITS,
  type PairAnswer,
  type PairClaimAnswer,
  type PairingCodeAnswer,
  pairAskRequestSchema,
  pairClaimRequestSchema,
  pairingCodeRequestSchema,
  pairRequestSchema,
} from '@swipenet/shared/contract/pair.ts';
import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import type { Context } from 'hono';
import type { Device } from '../../home/device-store.ts';
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
    const paired = await addDevice(access, { name, origin, taste: offer.taste });
    context.header('Cache-Control', 'no-store');
    return context.json({ ...paired, profileKey } satisfies PairAnswer);
  };
}

/** `POST /v1/pair/ask`: asks the person on the start page to allow this browser. */
export function pairAskRoute({ access: { pairingRequests } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const request = pairAskRequestSchema.safeParse(await readJson(context));
    if (!request.success) throw new SwipenetError('body_malformed', 'the body must be JSON with a valid "name"');
    context.header('Cache-Control', 'no-store');
    return context.json(pairingRequests.ask({ name: request.data.name, origin: context.req.header('Origin') ?? null }));
  };
}

/**
 * `POST /v1/pair/claim`: reports what was decided, and gives the browser its token once it is allowed. Throws
 * SwipenetError `pairing_request_unknown`.
 */
export function pairClaimRoute({ access, taste: { profileKey } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const request = pairClaimRequestSchema.safeParse(await readJson(context));
    if (!request.success) throw new SwipenetError('body_malformed', 'the body must be JSON with "id" and "secret"');
    const outcome = await access.pairingRequests.claim(request.data, ({ name, origin }) =>
      addDevice(access, { name, origin, taste: OWNER_TASTE }),
    );
    if (outcome === undefined) {
      throw new SwipenetError('pairing_request_unknown', 'the request is unknown, already claimed, or too old');
    }
    context.header('Cache-Control', 'no-store');
    const answer: PairClaimAnswer =
      typeof outcome === 'string' ? { state: outcome } : { state: 'allowed', ...outcome.given, profileKey };
    return context.json(answer);
  };
}

/** Adds a device, which gets its own token. */
async function addDevice(
  { devices, date }: AppDependencies['access'],
  about: Pick<Device, 'name' | 'origin' | 'taste'>,
): Promise<Omit<PairAnswer, 'profileKey'>> {
  const { device, token } = await devices.add({ ...about, pairedAt: date().toISOString() });
  return { token, device: { id: device.id, name: device.name } };
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
