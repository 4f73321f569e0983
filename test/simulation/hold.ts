import type { Violation } from './violations.ts';

/** What can be held. */
export const HOLDS = ['perMinute'] as const;

/** See {@link HOLDS}. */
export type HoldName = (typeof HOLDS)[number];

/** What holding a limit came to. */
export interface Held {
  readonly limit: HoldName;
  readonly lines: readonly string[];
  readonly violations: readonly Violation[];
}

/** Holds a limit. */
export async function hold(
  limit: HoldName,
  _options: { chromium: string; seed: number; violated: (violation: Violation) => void },
): Promise<Held> {
  return { limit, lines: [], violations: [] };
}
