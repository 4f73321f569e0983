import { fractionSchema } from '@swipenet/shared/confidence.ts';
import browser from 'webextension-polyfill';
import * as z from 'zod/mini';
import { reportError } from './report-error.ts';
import { DEFAULT_ADDRESS, placeOf } from './server-address.ts';

/** The one control: nothing at all, show what it would do, or do it. */
export const MODES = ['off', 'show', 'swipe'] as const;

/** See {@link MODES}. */
export type Mode = (typeof MODES)[number];

/** A whole number from 1 to `most`; null: this limit is switched off. */
const limit = (most: number) => z.nullable(z.int().check(z.gte(1), z.lte(most)));

const timeOfDay = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/));

/** The limits that swiping keeps; each can be switched off by itself (null). */
export const limitsSchema = z.object({
  /** Swipes a minute: plain, fixed intervals. */
  perMinute: limit(300),
  /** Swipes from the moment that Swipe is chosen, or Resume after this limit. */
  perSession: limit(10_000),
  /** Swipes on one local calendar day. */
  perDay: limit(10_000),
  /** Likes on one local calendar day. */
  likesPerDay: limit(10_000),
  /** Local times of day, `HH:MM`, between which it swipes; past midnight where `from` is the later one. */
  activeHours: z.nullable(z.object({ from: timeOfDay, to: timeOfDay })),
  /** The share of a session's swipes that may go right, 0 to 1. */
  rightShare: z.nullable(fractionSchema),
});

/** See {@link limitsSchema}. */
export type Limits = z.infer<typeof limitsSchema>;

/** The most patience that can be had. */
export const MAX_PATIENCE = 10;

/** Everything that is kept between browser starts (`storage.local`). */
export const settingsSchema = z.object({
  version: z.literal(2),
  mode: z.enum(MODES),
  /** The place (see {@link placeOf}) that the person agreed to send photos to; null: nobody agreed yet. */
  consent: z.nullable(z.string()),
  server: z.object({ address: z.string(), token: z.string() }),
  /** LIKE from here, 0 to 1; null: the server's own. */
  threshold: z.nullable(fractionSchema),
  limits: limitsSchema,
  /** How long it waits, for the page above all, as a multiple of what is usual. */
  patience: z.number().check(z.gte(0.1), z.lte(MAX_PATIENCE)),
});

/** See {@link settingsSchema}. */
export type Settings = z.infer<typeof settingsSchema>;

/** What holds before anything was set. */
export const DEFAULT_SETTINGS: Settings = {
  version: 2,
  mode: 'show',
  consent: null,
  server: { address: DEFAULT_ADDRESS, token: '' },
  threshold: null,
  limits: { perMinute: 12, perSession: 100, perDay: 300, likesPerDay: null, activeHours: null, rightShare: null },
  patience: 1,
};

/** Turns settings of one version into those of the next. */
export type Migration = (old: Record<string, unknown>) => Record<string, unknown>;

/** The migrations, in order: the one at position n takes version n + 1 to version n + 2. */
const MIGRATIONS: readonly Migration[] = [
  // 2: limits beside the pace
  ({ swipesPerMinute, ...rest }) => ({
    ...rest,
    limits: { ...DEFAULT_SETTINGS.limits, perMinute: swipesPerMinute },
    patience: 1,
  }),
];

const KEY = 'settings';

/** Stored settings of any version, taken through every migration that they lack. */
export function migrate(stored: unknown, migrations: readonly Migration[]): Record<string, unknown> {
  let current = z.looseObject({ version: z.int().check(z.gte(1)) }).parse(stored);
  for (const step of migrations.slice(current.version - 1)) {
    current = { ...step(current), version: current.version + 1 };
  }
  return current;
}

/**
 * Stored settings as today's. What cannot be understood becomes the defaults, under which nothing is read or sent: they
 * hold no consent.
 */
function parseSettings(stored: unknown): Settings {
  if (stored === undefined) return DEFAULT_SETTINGS;
  try {
    return settingsSchema.parse(migrate(stored, MIGRATIONS));
  } catch (error) {
    reportError('reading the settings', error);
    return DEFAULT_SETTINGS;
  }
}

/** The settings as they are stored. */
export async function readSettings(): Promise<Settings> {
  return parseSettings((await browser.storage.local.get(KEY))[KEY]);
}

/**
 * Stores a change of some settings and gives the result. Worker, popup, options and consent page all change them, at
 * the same moment too: one after the other, under a lock of the browser's, lest one writes back what it read before the
 * panic stop.
 */
export async function changeSettings(change: Partial<Omit<Settings, 'version'>>): Promise<Settings> {
  return await navigator.locks.request(KEY, async () => {
    const changed = settingsSchema.parse({ ...(await readSettings()), ...change });
    await browser.storage.local.set({ [KEY]: changed });
    return changed;
  });
}

/** Calls back with the settings whenever they change, until the signal aborts. */
export function watchSettings(changed: (settings: Settings) => void, signal?: AbortSignal): void {
  const listener = (changes: Record<string, { newValue?: unknown }>) => {
    const change = changes[KEY];
    if (change) changed(parseSettings(change.newValue));
  };
  browser.storage.local.onChanged.addListener(listener);
  signal?.addEventListener('abort', () => browser.storage.local.onChanged.removeListener(listener), { once: true });
}

/** True when the person agreed to send photos to the server that is set. */
export function hasConsent({ consent, server }: Settings): boolean {
  return consent === placeOf(server.address);
}

/** True when anything may be read, sent or shown at all: the person agreed, and the control does not stand on Off. */
export function isAllowed(settings: Settings): boolean {
  return settings.mode !== 'off' && hasConsent(settings);
}
