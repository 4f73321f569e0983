import { hostPattern, isLoopback, parseAddress } from '../../server-address.ts';
import { DEFAULT_SETTINGS, type Limits, MAX_PATIENCE, type Settings } from '../../storage/settings.ts';
import type { TextKey } from '../../texts.ts';

/** What the person may set here. */
export type OptionValues = Pick<Settings, 'server' | 'threshold' | 'limits' | 'patience'>;

/** The fields that hold a number: its range, whether it is a whole one, and the field's name. */
export const NUMBER_FIELDS = {
  threshold: { least: 0, most: 100, whole: false, name: 'options_threshold' },
  perMinute: { least: 1, most: 300, whole: true, name: 'options_pace' },
  perSession: { least: 1, most: 10_000, whole: true, name: 'options_per_session' },
  perDay: { least: 1, most: 10_000, whole: true, name: 'options_per_day' },
  likesPerDay: { least: 1, most: 10_000, whole: true, name: 'options_likes_per_day' },
  rightShare: { least: 1, most: 100, whole: false, name: 'options_share' },
  patience: { least: 10, most: 100 * MAX_PATIENCE, whole: false, name: 'options_patience' },
} as const satisfies Record<string, { least: number; most: number; whole: boolean; name: TextKey }>;

/** See {@link NUMBER_FIELDS}. */
export type NumberField = keyof typeof NUMBER_FIELDS;

const TIME_FIELDS = { from: 'options_hours_from', to: 'options_hours_to' } as const satisfies Record<string, TextKey>;

/** A field that the person types into. */
export type OptionField = 'address' | 'token' | NumberField | keyof typeof TIME_FIELDS;

/** See {@link OptionField}. */
export const OPTION_FIELDS: readonly OptionField[] = [
  'address',
  'token',
  ...(Object.keys(NUMBER_FIELDS) as NumberField[]),
  'from',
  'to',
];

/** The limits, each with its fields. */
export const LIMIT_FIELDS = {
  perMinute: ['perMinute'],
  perSession: ['perSession'],
  perDay: ['perDay'],
  likesPerDay: ['likesPerDay'],
  activeHours: ['from', 'to'],
  rightShare: ['rightShare'],
} as const satisfies Record<keyof Limits, readonly OptionField[]>;

/** The name of a limit. */
export type LimitName = keyof typeof LIMIT_FIELDS;

/** See {@link LimitName}. */
export const LIMIT_NAMES = Object.keys(LIMIT_FIELDS) as readonly LimitName[];

/** What stands in the form. */
export interface OptionEntries {
  readonly texts: Readonly<Record<OptionField, string>>;
  /** Which limits are on: said on its own, so that an emptied field never means that there is none. */
  readonly on: Readonly<Record<LimitName, boolean>>;
}

/** A field at fault: what to say of it, and what stands in that text's places. */
export interface Refusal {
  readonly field: OptionField;
  readonly says: TextKey;
  readonly name: TextKey;
  readonly range: readonly string[];
}

/** What a limit that is off would be when it is switched on. */
const SUGGESTED = {
  ...DEFAULT_SETTINGS.limits,
  likesPerDay: 50,
  activeHours: { from: '08:00', to: '22:00' },
  rightShare: 0.6,
};

/**
 * What stands in the form as settings, or the first field at fault. Nobody is asked about the fields of a limit that is off.
 *
 * @param unreadable fields whose text the browser keeps to itself, as a number field does with what is no number: they
 *   look empty here, and are not.
 */
export function readOptions(
  { texts, on }: OptionEntries,
  unreadable: readonly OptionField[] = [],
): OptionValues | Refusal {
  const refusals: Refusal[] = [];
  const number = (field: NumberField): number => {
    const { least, most, whole, name } = NUMBER_FIELDS[field];
    const text = texts[field].trim();
    const value = text === '' || unreadable.includes(field) ? Number.NaN : Number(text);
    if (!(value >= least && value <= most && (!whole || Number.isInteger(value)))) {
      const says = whole ? 'options_whole_wrong' : 'options_number_wrong';
      refusals.push({ field, says, name, range: [String(least), String(most)] });
    }
    return value;
  };
  const time = (field: keyof typeof TIME_FIELDS): string => {
    if (texts[field] === '') refusals.push({ field, says: 'options_time_wrong', name: TIME_FIELDS[field], range: [] });
    return texts[field];
  };
  const address = parseAddress(texts.address);
  if (!address) refusals.push({ field: 'address', says: 'options_address_wrong', name: 'options_address', range: [] });
  const ownThreshold = texts.threshold.trim() === '' && !unreadable.includes('threshold');
  const values = {
    server: { address: address ?? '', token: texts.token.trim() },
    threshold: ownThreshold ? null : number('threshold') / 100,
    limits: {
      perMinute: on.perMinute ? number('perMinute') : null,
      perSession: on.perSession ? number('perSession') : null,
      perDay: on.perDay ? number('perDay') : null,
      likesPerDay: on.likesPerDay ? number('likesPerDay') : null,
      activeHours: on.activeHours ? { from: time('from'), to: time('to') } : null,
      rightShare: on.rightShare ? number('rightShare') / 100 : null,
    },
    patience: number('patience') / 100,
  };
  return refusals[0] ?? values;
}

/** The settings as they stand in the form. */
export function optionEntries({ server, threshold, limits, patience }: OptionValues): OptionEntries {
  const hours = limits.activeHours ?? SUGGESTED.activeHours;
  return {
    texts: {
      ...server,
      threshold: threshold === null ? '' : percent(threshold),
      perMinute: String(limits.perMinute ?? SUGGESTED.perMinute),
      perSession: String(limits.perSession ?? SUGGESTED.perSession),
      perDay: String(limits.perDay ?? SUGGESTED.perDay),
      likesPerDay: String(limits.likesPerDay ?? SUGGESTED.likesPerDay),
      rightShare: percent(limits.rightShare ?? SUGGESTED.rightShare),
      patience: percent(patience),
      ...hours,
    },
    on: Object.fromEntries(LIMIT_NAMES.map((name) => [name, limits[name] !== null])) as OptionEntries['on'],
  };
}

/** The one origin that a server needs the browser's permission for; undefined for this machine. */
export function permissionFor(address: string): string | undefined {
  return isLoopback(address) ? undefined : hostPattern(address);
}

/** `0.405` → `40.5`, without the digits that a computer's fractions add. */
const percent = (fraction: number) => String(Math.round(fraction * 1e6) / 1e4);
