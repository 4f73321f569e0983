import { MODES } from '../control-acts.ts';
import { boolean, fraction, int, matching, nullable, number, object, oneOf, type Parsed, string } from '../parse.ts';
import { DEFAULT_RULES, parseRules } from '../rules/rules.ts';
import { DEFAULT_ADDRESS, placeOf } from '../server-address.ts';
import { changeState, readState, type StoredState, watchState } from './stored-state.ts';
import { NO_THRESHOLDS, parseThresholds } from './thresholds.ts';

/** A whole number from 1 to `max`, or null if the limit is off. */
const limit = (max: number) => nullable(int(1, max));

const timeOfDay = matching(/^([01]\d|2[0-3]):[0-5]\d$/);

const parseLimits = object({
  /** Swipes per minute, at fixed intervals. */
  perMinute: limit(300),
  /** Swipes per session. A session starts when the person chooses Swipe, or clicks Resume after reaching this limit. */
  perSession: limit(10_000),
  /** Swipes per local calendar day. */
  perDay: limit(10_000),
  /** Likes per local calendar day. */
  likesPerDay: limit(10_000),
  /** Local times of day, `HH:MM`, between which swiping is allowed. Past midnight if `from` is later than `to`. */
  activeHours: nullable(object({ from: timeOfDay, to: timeOfDay })),
  /** The maximum share of right swipes in a session, from 0 to 1. */
  rightShare: nullable(fraction),
});

/** The limits on swiping. A limit that is null is off. */
export type Limits = Parsed<typeof parseLimits>;

/** The maximum patience. */
export const MAX_PATIENCE = 10;

/** The maximum number of days that the history may be kept. */
export const MAX_HISTORY_DAYS = 365;

const parseTaste = object({
  /**
   * The place (see {@link placeOf}) where the person agreed that their swipes are kept and learned from. Null if they
   * haven't answered, or refused.
   */
  consent: nullable(string()),
  /** Whether to learn from swipes in Show mode, too. */
  fromShow: boolean,
  /** Whether to leave a profile to the person if their swipe would teach the most. */
  asksMe: boolean,
  /** In Swipe mode, 1 in this many profiles is left to the person with its verdict hidden. Null for none. */
  spotCheckEvery: nullable(int(2, 1_000)),
  /** The version of the taste that the person lets swipe although it hasn't agreed with them often enough. */
  swipeAnyway: nullable(string()),
  /** Whether to learn from the words of bios, too. */
  words: boolean,
  /** True once the person has read that the built-in model judges how photos are taken, and not their taste. */
  knowsQuality: boolean,
});

/** What the person has set about learning from their swipes. */
export type TasteSettings = Parsed<typeof parseTaste>;

const parseSettings = object({
  mode: oneOf(MODES),
  /** The place (see {@link placeOf}) that the person agreed to send photos to, or null without consent. */
  consent: nullable(string()),
  server: object({
    address: string(),
    token: string(),
    /** The key for profile IDs from pairing, as base64url. Empty if it isn't known, and then nothing can be learned. */
    profileKey: string(),
  }),
  thresholds: parseThresholds,
  limits: parseLimits,
  /** Multiplies how long Swipenet waits, mostly for the page. 1 is normal. */
  patience: number(0.1, MAX_PATIENCE),
  /** For how many days the history of swipes is kept. 0 for none. */
  historyDays: int(0, MAX_HISTORY_DAYS),
  taste: parseTaste,
  rules: parseRules,
});

/** What the person has set and agreed to. */
export type Settings = Parsed<typeof parseSettings>;

/** The settings at first start. They contain no consent, so nothing is read or sent. */
export const DEFAULT_SETTINGS: Settings = {
  mode: 'show',
  consent: null,
  server: { address: DEFAULT_ADDRESS, token: '', profileKey: '' },
  thresholds: NO_THRESHOLDS,
  limits: { perMinute: 12, perSession: 100, perDay: 300, likesPerDay: null, activeHours: null, rightShare: null },
  patience: 1,
  historyDays: 90,
  taste: {
    consent: null,
    fromShow: false,
    asksMe: true,
    spotCheckEvery: 20,
    swipeAnyway: null,
    words: false,
    knowsQuality: false,
  },
  rules: DEFAULT_RULES,
};

/** Where the settings are stored, and how older ones are read. */
export const SETTINGS: StoredState<Settings> = {
  area: 'local',
  key: 'settings',
  parse: parseSettings,
  migrations: [
    // 2: limits in addition to the pace
    ({ swipesPerMinute, ...rest }) => ({
      ...rest,
      limits: { ...DEFAULT_SETTINGS.limits, perMinute: swipesPerMinute },
      patience: 1,
    }),
    // 3: learning from swipes
    ({ server, ...rest }) => ({
      ...rest,
      server: { profileKey: '', ...(server as object) },
      taste: DEFAULT_SETTINGS.taste,
    }),
    // 4: the history, which the person hasn't agreed to yet
    (old) => ({ ...old, consent: null, historyDays: DEFAULT_SETTINGS.historyDays }),
    // 5: rules
    (old) => ({ ...old, rules: DEFAULT_RULES }),
    // 6: the words of bios
    ({ taste, ...rest }) => ({ ...rest, taste: { words: false, ...(taste as object) } }),
    // 7: a threshold for each model
    ({ threshold, ...rest }) => ({ ...rest, thresholds: { ...NO_THRESHOLDS, unassigned: threshold } }),
  ],
  initial: DEFAULT_SETTINGS,
};

/** Reads the settings. */
export function readSettings(): Promise<Settings> {
  return readState(SETTINGS);
}

/** Changes some settings and returns all of them. Concurrent changes, such as the panic stop, don't overwrite each other. */
export function changeSettings(change: Partial<Settings>): Promise<Settings> {
  return changeState(SETTINGS, (before) => ({ ...before, ...change }));
}

/** Replaces the settings by what a function makes of the current ones, and returns them. */
export function replaceSettings(change: (before: Settings) => Settings): Promise<Settings> {
  return changeState(SETTINGS, change);
}

/** Changes some of the settings about learning and returns all settings. */
export function changeTasteSettings(change: Partial<TasteSettings>): Promise<Settings> {
  return changeState(SETTINGS, (before) => ({ ...before, taste: { ...before.taste, ...change } }));
}

/** Calls back with the settings whenever they change, until the signal aborts. */
export function watchSettings(changed: (settings: Settings) => void, signal?: AbortSignal): void {
  watchState(SETTINGS, changed, signal);
}

/** True if the person agreed to send photos to the current server. */
export function hasConsent({ consent, server }: Settings): boolean {
  return consent === placeOf(server.address);
}

/** True if Swipenet may read, send and show anything: the person agreed, and the control isn't set to Off. */
export function isAllowed(settings: Settings): boolean {
  return settings.mode !== 'off' && hasConsent(settings);
}

/** True if confirmed swipes are added to the history. */
export function keepsHistory(settings: Settings): boolean {
  return isAllowed(settings) && settings.historyDays > 0;
}

/** True if the person agreed that the current server keeps their swipes and learns from them. */
export function hasTasteConsent({ taste, server }: Settings): boolean {
  return taste.consent === placeOf(server.address);
}

/** True if the mode is Learn, but the person hasn't agreed to learning. Then nothing is learned. */
export function lacksTasteConsent(settings: Settings): boolean {
  return settings.mode === 'learn' && !hasTasteConsent(settings);
}

/** True if the person wants the words of bios to be learned from, and agreed to learning at all. */
export function usesWords(settings: Settings): boolean {
  return settings.taste.words && hasConsent(settings) && hasTasteConsent(settings);
}

/** True if Swipenet may learn from the person's swipes now: in Learn, in Show if they want it, and in Swipe. */
export function mayLearn(settings: Settings): boolean {
  const { mode, server, taste } = settings;
  return (
    (mode !== 'show' || taste.fromShow) && server.profileKey !== '' && isAllowed(settings) && hasTasteConsent(settings)
  );
}
