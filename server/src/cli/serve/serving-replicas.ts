import { CommandError } from '../../command-error.ts';
import { isLoopback } from '../../config/machine.ts';
import type { SettingName, Settings } from '../../config/settings.ts';
import type { OpenEnginesOptions } from '../../inference/open-engines.ts';

/** The settings of engines on other machines. */
export const REPLICA_SETTINGS = [
  'engine',
  'engineUrl',
  'engineInsecure',
  'engineTokenFile',
] as const satisfies SettingName[];

/**
 * Returns the machines that run the model, or undefined if this one does.
 *
 * @throws CommandError `option_invalid` if the settings contradict each other; `replica_insecure` for an address that
 *   other machines could listen to.
 */
export function remoteEngines({
  engine,
  engineUrl: urls,
  engineInsecure,
  engineTokenFile: tokenFile,
  precision,
}: Settings<(typeof REPLICA_SETTINGS)[number] | 'precision'>): OpenEnginesOptions['remote'] {
  if (engine === 'local') {
    if (urls === undefined) return undefined;
    throw new CommandError('option_invalid', '--engine-url is only for --engine oip');
  }
  if (urls === undefined) throw new CommandError('option_invalid', '--engine oip needs at least one --engine-url');
  const open = urls.map((url) => new URL(url)).find(({ protocol, hostname }) => isOpen(protocol, hostname));
  if (open && !engineInsecure) {
    const risk = 'photos would cross the network unencrypted';
    throw new CommandError('replica_insecure', `${open.href}: ${risk}; use https:// or set --engine-insecure`);
  }
  return { engines: { urls, tokenFile }, precision };
}

/** A URL's host name has an IPv6 address in brackets. */
const isOpen = (protocol: string, hostname: string) =>
  protocol === 'http:' && !isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
