import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import {
  SESSION_LIMITS,
  type SessionAnswer,
  type SessionLinkAnswer,
  type SessionPairingsAnswer,
  sessionDecisionSchema,
  sessionRequestSchema,
} from '@swipenet/shared/contract/session.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { readJson } from '../form/json-body.ts';
import { setSessionCookie } from '../guards/session-auth.ts';
import { NOT_STORED } from './not-stored.ts';

/** `POST /v1/session`: exchanges the code of a link for a session. Throws SwipenetError `link_code_invalid`. */
export function sessionRoute({ access: { sessions } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const request = sessionRequestSchema.safeParse(await readJson(context));
    if (!request.success) throw new SwipenetError('body_malformed', 'the body must be JSON: {"code": "…"}');
    const session = await sessions.open(request.data.code);
    if (!session)
      throw new SwipenetError('link_code_invalid', 'the link was already used, or is older than 15 minutes');
    const { cookie, key, endsAt } = session;
    setSessionCookie(context, cookie);
    return context.json({ key, endsAt } satisfies SessionAnswer, 200, NOT_STORED);
  };
}

/** `POST /v1/session/link`: creates the code of a new link. */
export function sessionLinkRoute({ access: { sessions } }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    const answer: SessionLinkAnswer = { code: sessions.offerLink(), expiresInS: SESSION_LIMITS.linkLifeS };
    return context.json(answer, 200, NOT_STORED);
  };
}

/** `GET /v1/session/pairings`: lists the browsers that want to connect. */
export function sessionPairingsRoute({ access: { pairingRequests } }: AppDependencies) {
  return (context: Context<AppEnv>): Response =>
    context.json({ pairings: [...pairingRequests.list()] } satisfies SessionPairingsAnswer, 200, NOT_STORED);
}

/** `POST /v1/session/pairings`: allows or denies one. Throws SwipenetError `pairing_request_unknown`. */
export function sessionDecideRoute({ access: { pairingRequests } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const decision = sessionDecisionSchema.safeParse(await readJson(context));
    if (!decision.success) {
      throw new SwipenetError('body_malformed', 'the body must be JSON: {"id": "…", "allow": true}');
    }
    const { id, allow } = decision.data;
    if (!pairingRequests.decide(id, allow)) {
      throw new SwipenetError('pairing_request_unknown', 'no browser waits under this ID any more');
    }
    return context.json({ pairings: [...pairingRequests.list()] } satisfies SessionPairingsAnswer, 200, NOT_STORED);
  };
}
