import { literal, object, type Parsed, tryParse, unknown } from '../parse.ts';
import { DEFAULT_SETTINGS, SETTINGS, type Settings } from './settings.ts';
import { latestVersion, NewerVersionError, upgrade } from './stored-state.ts';

/**
 * The settings that go into a file and come from one: how Swipenet decides, and its limits. Everything else stays with
 * this browser: consent, the server with its token, the control, and what may be learned from.
 */
export type PortableSettings = Pick<Settings, 'thresholds' | 'limits' | 'patience' | 'historyDays' | 'rules'> & {
  readonly taste: Pick<Settings['taste'], 'asksMe' | 'spotCheckEvery'>;
};

const parseFile = object({ format: literal('swipenet-settings'), settings: unknown });

/** The largest file that is read, in bytes. All rules with the most words take a tenth of it. */
export const MAX_FILE_BYTES = 1_000_000;

/** Why a file can't be imported. Each has a text. */
export type FileProblem = 'file_too_large' | 'file_not_settings' | 'file_newer' | 'file_damaged';

/** Picks the portable settings. */
export function portable(settings: Settings): PortableSettings {
  const { thresholds, limits, patience, historyDays, rules, taste } = settings;
  const { asksMe, spotCheckEvery } = taste;
  return { thresholds, limits, patience, historyDays, rules, taste: { asksMe, spotCheckEvery } };
}

/** Returns settings with the portable ones replaced, and all others as they were. */
export function withPortable(before: Settings, settings: PortableSettings): Settings {
  return { ...before, ...settings, taste: { ...before.taste, ...settings.taste } };
}

/**
 * Formats the portable settings as a file. It has the shape of the stored settings, with defaults in the place of what
 * stays here, so that the migrations of the storage can read it in years.
 */
export function settingsFile(settings: Settings): string {
  const content = { ...withPortable(DEFAULT_SETTINGS, portable(settings)), version: latestVersion(SETTINGS) };
  return `${JSON.stringify({ format: 'swipenet-settings', settings: content }, null, 1)}\n`;
}

/** Reads a settings file of this version or an earlier one. */
export function readSettingsFile(text: string): PortableSettings | { readonly problem: FileProblem } {
  const file: Parsed<typeof parseFile> | undefined = tryParse((value) => parseFile(JSON.parse(String(value))), text);
  if (!file) return { problem: 'file_not_settings' };
  try {
    return portable(upgrade(SETTINGS, file.settings));
  } catch (error) {
    return { problem: error instanceof NewerVersionError ? 'file_newer' : 'file_damaged' };
  }
}

/** What else happens if the person takes other settings. The person learns of them first. */
export type SideEffect = 'pauses_end' | 'history_shrinks' | 'history_ends';

/** Returns what changing the settings also does, apart from the changes themselves. */
export function sideEffects(before: Settings, after: PortableSettings): SideEffect[] {
  const effects: SideEffect[] = [];
  if (before.limits.perMinute !== null && after.limits.perMinute === null) effects.push('pauses_end');
  if (after.historyDays < before.historyDays) effects.push(after.historyDays ? 'history_shrinks' : 'history_ends');
  return effects;
}
