import { isLoopback, parseAddress } from '../../server-address.ts';
import type { Settings } from '../../settings.ts';
import type { TextKey } from '../../texts.ts';

/** What the person may set here. */
export type OptionValues = Pick<Settings, 'server' | 'threshold' | 'swipesPerMinute'>;

/** The texts of the form's fields, as typed. */
export type OptionTexts = Record<'address' | 'token' | 'threshold' | 'pace', string>;

/** The form's texts as settings, or the field at fault and what to say. */
export function readOptions(texts: OptionTexts): OptionValues | { field: keyof OptionTexts; says: TextKey } {
  const address = parseAddress(texts.address);
  if (!address) return { field: 'address', says: 'options_address_wrong' };
  const percent = parseNumber(texts.threshold, 0, 100);
  if (percent === undefined) return { field: 'threshold', says: 'options_number_wrong' };
  const pace = parseNumber(texts.pace, 1, 300);
  if (pace === undefined || !Number.isInteger(pace ?? 1)) return { field: 'pace', says: 'options_number_wrong' };
  const threshold = percent === null ? null : percent / 100;
  return { server: { address, token: texts.token.trim() }, threshold, swipesPerMinute: pace };
}

/** The settings as the form's texts. */
export function optionTexts({ server, threshold, swipesPerMinute }: OptionValues): OptionTexts {
  return {
    address: server.address,
    token: server.token,
    threshold: threshold === null ? '' : String(Math.round(threshold * 1e6) / 1e4),
    pace: swipesPerMinute === null ? '' : String(swipesPerMinute),
  };
}

/** The one origin that a server needs the browser's permission for; undefined for this machine. */
export function permissionFor(address: string): string | undefined {
  // A match pattern has no port: permissions are given to a host.
  const { protocol, hostname } = new URL(address);
  return isLoopback(address) ? undefined : `${protocol}//${hostname}/*`;
}

/** The number of a text; null for none, undefined for what is no number between the two. */
function parseNumber(text: string, least: number, most: number): number | null | undefined {
  if (text.trim() === '') return null;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}
