import { hostPattern, isLoopback, parseAddress } from '../../server-address.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../settings.ts';
import type { TextKey } from '../../texts.ts';

/** What the person may set here. */
export type OptionValues = Pick<Settings, 'server' | 'threshold' | 'swipesPerMinute'>;

/** The fields that a person types into. */
export const OPTION_FIELDS = ['address', 'token', 'threshold', 'pace'] as const;

/** See {@link OPTION_FIELDS}. */
export type OptionField = (typeof OPTION_FIELDS)[number];

/** What stands in the form. */
export interface OptionEntries {
  readonly texts: Readonly<Record<OptionField, string>>;
  /** No pause between swipes: said on its own, so that an emptied field never means it. */
  readonly noPause: boolean;
}

/**
 * What stands in the form as settings, or the field at fault and what to say.
 *
 * @param unreadable fields whose text the browser keeps to itself, as a number field does with what is no number: they
 *   look empty here, and are not.
 */
export function readOptions(
  { texts, noPause }: OptionEntries,
  unreadable: readonly OptionField[] = [],
): OptionValues | { field: OptionField; says: TextKey } {
  const number = (field: OptionField, least: number, most: number) =>
    unreadable.includes(field) ? undefined : parseNumber(texts[field], least, most);
  const address = parseAddress(texts.address);
  if (!address) return { field: 'address', says: 'options_address_wrong' };
  const percent = number('threshold', 0, 100);
  if (percent === undefined) return { field: 'threshold', says: 'options_number_wrong' };
  const pace = noPause ? null : number('pace', 1, 300);
  if (!noPause && !Number.isInteger(pace)) return { field: 'pace', says: 'options_number_wrong' };
  const threshold = percent === null ? null : percent / 100;
  return { server: { address, token: texts.token.trim() }, threshold, swipesPerMinute: pace ?? null };
}

/** The settings as they stand in the form. */
export function optionEntries({ server, threshold, swipesPerMinute }: OptionValues): OptionEntries {
  return {
    texts: {
      address: server.address,
      token: server.token,
      threshold: threshold === null ? '' : String(Math.round(threshold * 1e6) / 1e4),
      pace: String(swipesPerMinute ?? DEFAULT_SETTINGS.swipesPerMinute),
    },
    noPause: swipesPerMinute === null,
  };
}

/** The one origin that a server needs the browser's permission for; undefined for this machine. */
export function permissionFor(address: string): string | undefined {
  return isLoopback(address) ? undefined : hostPattern(address);
}

/** The number of a text; null for none, undefined for what is no number between the two. */
function parseNumber(text: string, least: number, most: number): number | null | undefined {
  if (text.trim() === '') return null;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}
