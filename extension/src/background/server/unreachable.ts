import browser from 'webextension-polyfill';
import { hostPattern, isLoopback } from '../../server-address.ts';
import { translate } from '../../texts.ts';
import { ProblemError } from './problem.ts';

/**
 * Awaits a request to a server. If the server is unreachable, adds advice to the error: grant the browser's access again in
 * the popup (it can be revoked at any time), start the local server, or check the remote one.
 */
export async function withAdvice<Output>(address: string, work: Promise<Output>): Promise<Output> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.reason !== 'server_unreachable') throw error;
    throw new ProblemError('server_unreachable', { detail: await advice(address), cause: error });
  }
}

async function advice(address: string): Promise<string> {
  const { host } = new URL(address);
  const permitted = await browser.permissions.contains({ origins: [hostPattern(address)] });
  if (!permitted) return translate('unreachable_permission', host);
  return isLoopback(address) ? translate('unreachable_loopback') : translate('unreachable_remote', host);
}
