import * as z from 'zod/mini';

/** How many seconds the link to the start page works, and how many a session lasts. */
export const SESSION_LIMITS = { linkLifeS: 900, sessionLifeS: 86_400 } as const;

/** The header with a session's key. It comes with the session's cookie, which every port of this machine gets. */
export const SESSION_HEADER = 'X-Swipenet-Session';

/** The body of `POST /v1/session`: the code in the link. */
export const sessionRequestSchema = z.object({ code: z.string().check(z.maxLength(100)) });

export type SessionRequest = z.infer<typeof sessionRequestSchema>;

/** The response of `POST /v1/session`: the session's key, for {@link SESSION_HEADER}. */
export const sessionAnswerSchema = z.object({ key: z.string(), endsAt: z.iso.datetime() });

export type SessionAnswer = z.infer<typeof sessionAnswerSchema>;

/** The response of `POST /v1/session/link`: the code, and how many seconds the link works. */
export const sessionLinkAnswerSchema = z.object({ code: z.string(), expiresInS: z.int() });

export type SessionLinkAnswer = z.infer<typeof sessionLinkAnswerSchema>;

/** The path and fragment of the link to the start page. Browsers keep a fragment from servers, logs and referrers. */
export const startLink = (serverUrl: string, code: string): string => `${serverUrl}/#${code}`;

/** The response of `GET /v1/session/pairings`: the browsers that want to connect, oldest first. */
export const sessionPairingsAnswerSchema = z.object({
  pairings: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** The extension that asks, or null if a program does. */
      origin: z.nullable(z.string()),
      /** The browser shows the same text. */
      check: z.string(),
      /** `connected` once the browser has its token. */
      state: z.enum(['waiting', 'denied', 'allowed', 'connected']),
    }),
  ),
});

export type SessionPairingsAnswer = z.infer<typeof sessionPairingsAnswerSchema>;

/** The body of `POST /v1/session/pairings`, which responds with the list as it is then. */
export const sessionDecisionSchema = z.object({ id: z.string().check(z.maxLength(40)), allow: z.boolean() });

export type SessionDecision = z.infer<typeof sessionDecisionSchema>;
