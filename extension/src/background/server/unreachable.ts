import browser from 'webextension-polyfill';
import { hostPattern, isLoopback } from '../../server-address.ts';
import { translate } from '../../texts.ts';
import { ProblemError } from './problem.ts';

/**
 * Does work that asks a server; where nothing answered, adds what the person can do about it: give the browser's
 * permission back, which can be taken away at any time, start the server, or see to the one elsewhere.
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
