import type { ErrorCode } from '@swipenet/shared/contract/errors.ts';
import browser from 'webextension-polyfill';
import { hostPattern, isLoopback } from '../../server-address.ts';
import { translate } from '../../texts.ts';
import { ProblemError } from './problem.ts';

/** Refusals that a person can do something about, or should know the reason of. Each has a text, `refused_…`. */
const EXPLAINED = [
  'body_too_slow',
  'host_refused',
  'loopback_only',
  'model_change_refused',
  'origin_refused',
  'pairing_request_unknown',
  'reload_failed',
  'route_unknown',
  'swipe_unknown',
  'taste_not_served',
  'version_unknown',
] as const satisfies readonly ErrorCode[];

/**
 * Awaits a request to a server. If the server is unreachable or refuses the request, adds advice to the error in the
 * person's language. The server's own message is in English, for its log and for commands.
 */
export async function withAdvice<Output>(address: string, work: Promise<Output>): Promise<Output> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { code, problem } = error;
    if (problem.reason === 'server_unreachable') {
      throw new ProblemError(problem.reason, { detail: await whatToDo(address), cause: error });
    }
    if (problem.reason === 'server_refused' && code) {
      throw new ProblemError(problem.reason, { detail: refusedText(code), code, cause: error });
    }
    throw error;
  }
}

function refusedText(code: ErrorCode): string {
  const explained = EXPLAINED.find((known) => known === code);
  return explained ? translate(`refused_${explained}`) : translate('refused_other', code);
}

/** Grant the browser's access again in the popup (it can be revoked at any time), start the local server, or check it. */
async function whatToDo(address: string): Promise<string> {
  const { host } = new URL(address);
  const permitted = await browser.permissions.contains({ origins: [hostPattern(address)] });
  if (!permitted) return translate('unreachable_permission', host);
  return isLoopback(address) ? translate('unreachable_loopback') : translate('unreachable_remote', host);
}
