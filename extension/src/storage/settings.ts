import { fraction, int, matching, nullable, number, object, oneOf, type Parsed, string } from '../parse.ts';
import { DEFAULT_ADDRESS, placeOf } from '../server-address.ts';
import { changeState, readState, type StoredState, watchState } from './stored-state.ts';

/** The one control: nothing at all, show what it would do, or do it. */
export const MODES = ['off', 'show', 'swipe'] as const;

/** A whole number from 1 to `most`; null: this limit is switched off. */
const limit = (most: number) => nullable(int(1, most));

const timeOfDay = matching(/^([01]\d|2[0-3]):[0-5]\d$/);

const parseLimits = object({
  /** Swipes a minute: plain, fixed intervals. */
  perMinute: limit(300),
  /** Swipes from the moment that Swipe is chosen, or Resume after this limit. */
  perSession: limit(10_000),
  /** Swipes on one local calendar day. */
  perDay: limit(10_000),
  /** Likes on one local calendar day. */
  likesPerDay: limit(10_000),
  /** Local times of day, `HH:MM`, between which it swipes; past midnight where `from` is the later one. */
  activeHours: nullable(object({ from: timeOfDay, to: timeOfDay })),
  /** The share of a session's swipes that may go right, 0 to 1. */
  rightShare: nullable(fraction),
});

/** The limits that swiping keeps; each can be switched off by itself (null). */
export type Limits = Parsed<typeof parseLimits>;

/** The most patience that can be had. */
export const MAX_PATIENCE = 10;

const parseSettings = object({
  mode: oneOf(MODES),
  /** The place (see {@link placeOf}) that the person agreed to send photos to; null: nobody agreed yet. */
  consent: nullable(string()),
  server: object({ address: string(), token: string() }),
  /** LIKE from here, 0 to 1; null: the server's own. */
  threshold: nullable(fraction),
  limits: parseLimits,
  /** How long it waits, for the page above all, as a multiple of what is usual. */
  patience: number(0.1, MAX_PATIENCE),
});

/** What the person has set, and what they agreed to. */
export type Settings = Parsed<typeof parseSettings>;

/** Apply before anything was set. Nothing is read or sent under them, since they hold no consent. */
export const DEFAULT_SETTINGS: Settings = {
  mode: 'show',
  consent: null,
  server: { address: DEFAULT_ADDRESS, token: '' },
  threshold: null,
  limits: { perMinute: 12, perSession: 100, perDay: 300, likesPerDay: null, activeHours: null, rightShare: null },
  patience: 1,
};

const SETTINGS: StoredState<Settings> = {
  area: 'local',
  key: 'settings',
  parse: parseSettings,
  migrations: [
    // 2: other limits beside the pace
    ({ swipesPerMinute, ...rest }) => ({
      ...rest,
      limits: { ...DEFAULT_SETTINGS.limits, perMinute: swipesPerMinute },
      patience: 1,
    }),
  ],
  initial: DEFAULT_SETTINGS,
};

/** Reads the settings. */
export function readSettings(): Promise<Settings> {
  return readState(SETTINGS);
}

/** Changes some settings and returns all of them; no two changes, such as the panic stop, overwrite each other. */
export function changeSettings(change: Partial<Settings>): Promise<Settings> {
  return changeState(SETTINGS, (before) => ({ ...before, ...change }));
}

/** Calls back with the settings whenever they change, until the signal aborts. */
export function watchSettings(changed: (settings: Settings) => void, signal?: AbortSignal): void {
  watchState(SETTINGS, changed, signal);
}

/** True when the person agreed to send photos to the server that is set. */
export function hasConsent({ consent, server }: Settings): boolean {
  return consent === placeOf(server.address);
}

/** True when anything may be read, sent or shown at all: the person agreed, and the control does not stand on Off. */
export function isAllowed(settings: Settings): boolean {
  return settings.mode !== 'off' && hasConsent(settings);
}
