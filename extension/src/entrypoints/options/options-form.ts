import { hostPattern, isLoopback, parseAddress } from '../../server-address.ts';
import {
  DEFAULT_SETTINGS,
  type Limits,
  MAX_HISTORY_DAYS,
  MAX_PATIENCE,
  type Settings,
} from '../../storage/settings.ts';
import type { TextKey } from '../../texts.ts';

/** The settings on this page. */
export interface OptionValues extends Pick<Settings, 'limits' | 'patience' | 'historyDays'> {
  readonly server: Pick<Settings['server'], 'address' | 'token'>;
}

/** The number fields, each with its range, whether it takes only whole numbers, and its label. Shares are in percent. */
export const NUMBER_FIELDS = {
  perMinute: { min: 1, max: 300, whole: true, name: 'options_pace' },
  perSession: { min: 1, max: 10_000, whole: true, name: 'options_per_session' },
  perDay: { min: 1, max: 10_000, whole: true, name: 'options_per_day' },
  likesPerDay: { min: 1, max: 10_000, whole: true, name: 'options_likes_per_day' },
  rightShare: { min: 1, max: 100, whole: false, name: 'options_share' },
  patience: { min: 10, max: 100 * MAX_PATIENCE, whole: false, name: 'options_patience' },
  historyDays: { min: 0, max: MAX_HISTORY_DAYS, whole: true, name: 'options_history_days' },
} as const satisfies Record<string, { min: number; max: number; whole: boolean; name: TextKey }>;

export type NumberField = keyof typeof NUMBER_FIELDS;

const TIME_FIELDS = { from: 'options_hours_from', to: 'options_hours_to' } as const satisfies Record<string, TextKey>;

/** A field that the person fills in. */
export type OptionField = 'address' | 'token' | NumberField | keyof typeof TIME_FIELDS;

export const OPTION_FIELDS: readonly OptionField[] = [
  'address',
  'token',
  ...(Object.keys(NUMBER_FIELDS) as NumberField[]),
  'from',
  'to',
];

/** The fields of each limit. */
export const LIMIT_FIELDS = {
  perMinute: ['perMinute'],
  perSession: ['perSession'],
  perDay: ['perDay'],
  likesPerDay: ['likesPerDay'],
  activeHours: ['from', 'to'],
  rightShare: ['rightShare'],
} as const satisfies Record<keyof Limits, readonly OptionField[]>;

export type LimitName = keyof typeof LIMIT_FIELDS;

export const LIMIT_NAMES = Object.keys(LIMIT_FIELDS) as readonly LimitName[];

/** The contents of the form. */
export interface OptionEntries {
  readonly texts: Readonly<Record<OptionField, string>>;
  /** Which limits are on. This is separate from the fields, so that an empty field never turns a limit off. */
  readonly on: Readonly<Record<LimitName, boolean>>;
}

/** An invalid field, with an error text and the values that fill it: the field's label and its range. */
export interface Refusal {
  readonly field: OptionField;
  readonly text: TextKey;
  readonly name: TextKey;
  readonly range: readonly number[];
}

/** The values that limits start with when they are turned on. */
const SUGGESTED = {
  ...DEFAULT_SETTINGS.limits,
  likesPerDay: 50,
  activeHours: { from: '08:00', to: '22:00' },
  rightShare: 0.6,
};

/**
 * Returns the form's contents as settings, or the first invalid field. The fields of a limit that is off are not checked.
 *
 * @param unreadable fields whose text the browser doesn't reveal, such as a number field that contains something else. They
 *   look empty here but are not.
 */
export function readOptions(
  { texts, on }: OptionEntries,
  unreadable: readonly OptionField[] = [],
): OptionValues | Refusal {
  const refusals: Refusal[] = [];
  const number = (field: NumberField): number => {
    const { min, max, whole, name } = NUMBER_FIELDS[field];
    const entry = texts[field].trim();
    const value = entry === '' || unreadable.includes(field) ? Number.NaN : Number(entry);
    if (!(value >= min && value <= max && (!whole || Number.isInteger(value)))) {
      const text = whole ? 'options_whole_wrong' : 'options_number_wrong';
      refusals.push({ field, text, name, range: [min, max] });
    }
    return value;
  };
  const time = (field: keyof typeof TIME_FIELDS): string => {
    if (texts[field] === '') refusals.push({ field, text: 'options_time_wrong', name: TIME_FIELDS[field], range: [] });
    return texts[field];
  };
  const address = parseAddress(texts.address);
  if (!address) refusals.push({ field: 'address', text: 'options_address_wrong', name: 'options_address', range: [] });
  const values = {
    server: { address: address ?? '', token: texts.token.trim() },
    limits: {
      perMinute: on.perMinute ? number('perMinute') : null,
      perSession: on.perSession ? number('perSession') : null,
      perDay: on.perDay ? number('perDay') : null,
      likesPerDay: on.likesPerDay ? number('likesPerDay') : null,
      activeHours: on.activeHours ? { from: time('from'), to: time('to') } : null,
      rightShare: on.rightShare ? number('rightShare') / 100 : null,
    },
    patience: number('patience') / 100,
    historyDays: number('historyDays'),
  };
  return refusals[0] ?? values;
}

/** Returns the form's contents for these settings. */
export function optionEntries({ server, limits, patience, historyDays }: OptionValues): OptionEntries {
  const hours = limits.activeHours ?? SUGGESTED.activeHours;
  return {
    texts: {
      address: server.address,
      token: server.token,
      perMinute: String(limits.perMinute ?? SUGGESTED.perMinute),
      perSession: String(limits.perSession ?? SUGGESTED.perSession),
      perDay: String(limits.perDay ?? SUGGESTED.perDay),
      likesPerDay: String(limits.likesPerDay ?? SUGGESTED.likesPerDay),
      rightShare: percent(limits.rightShare ?? SUGGESTED.rightShare),
      patience: percent(patience),
      historyDays: String(historyDays),
      ...hours,
    },
    on: Object.fromEntries(LIMIT_NAMES.map((name) => [name, limits[name] !== null])) as OptionEntries['on'],
  };
}

/** Returns the server to store. The key for profile IDs belongs to the server, so it stays only with its address. */
export function serverWithKey(server: OptionValues['server'], before: Settings['server']): Settings['server'] {
  return { ...server, profileKey: server.address === before.address ? before.profileKey : '' };
}

/** Returns the match pattern that a server needs the browser's permission for, or undefined for this machine. */
export function permissionFor(address: string): string | undefined {
  return isLoopback(address) ? undefined : hostPattern(address);
}

/** Formats `0.405` as `40.5`, without floating-point noise. */
const percent = (fraction: number) => String(Math.round(fraction * 1e6) / 1e4);
