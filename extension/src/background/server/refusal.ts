import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import type { Reason } from '../../reasons.ts';
import { ProblemError } from './problem.ts';

/**
 * What a status means without the error envelope that every answer of the server has: something in front of the server
 * answered. 521 to 524 are Cloudflare's. Any other status may come from anywhere, so the address may be wrong.
 */
const WITHOUT_ENVELOPE: Readonly<Record<number, Reason>> = {
  401: 'proxy_denied',
  403: 'proxy_denied',
  408: 'server_slow', // Node itself sends it too, if a request arrives too slowly
  413: 'proxy_body_limit',
  429: 'server_busy',
  502: 'proxy_no_server',
  503: 'proxy_no_server',
  504: 'proxy_timeout',
  521: 'proxy_no_server',
  522: 'proxy_no_server',
  523: 'proxy_no_server',
  524: 'proxy_timeout',
};

/**
 * Translates an unsuccessful response into a problem. The detail is the server's error code if it refused the request, or
 * the status if something in front of the server answered.
 */
export async function refusal(response: Response): Promise<ProblemError> {
  const { status } = response;
  // A browser shows no more of a redirect that it doesn't follow than its type.
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) return new ProblemError('proxy_redirect');
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const retry = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 60) * 1_000 } : {};
  const envelope = errorEnvelopeSchema.safeParse(await response.json().catch(() => undefined)).data;
  if (!envelope) {
    const reason = WITHOUT_ENVELOPE[status];
    return reason ? new ProblemError(reason, { detail: String(status), ...retry }) : new ProblemError('server_unknown');
  }
  const { message: said, code } = envelope.error;
  if (status === 401) return new ProblemError('token_wrong');
  if (status === 503 || status === 429) return new ProblemError('server_busy', { code, said, ...retry });
  if (status >= 500) return new ProblemError('server_failed', { code, said });
  return new ProblemError('server_refused', { detail: code, code, said });
}
