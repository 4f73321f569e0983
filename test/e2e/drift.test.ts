import { describe, expect, it } from 'vitest';
import { playDrift } from '../drift/drift.ts';
import { driftReport, driftText } from '../drift/report.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';

const chromium = findChromium();

if (!chromium && process.env.CI) throw new Error(`the drift suite cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the drift suite is skipped: ${CHROMIUM_ADVICE}`);

describe.skipIf(!chromium)('tinder.com after changes', () => {
  it('is never swiped unsafely, and every stop has a name', { timeout: 180_000 }, async () => {
    const seed = 2026;
    const records = await playDrift({ chromium: chromium!, seed, runs: 24, browsers: 2 });
    const report = driftReport(seed, records);
    console.log(driftText(report));
    expect(report.faults).toEqual([]);
    expect(report.all.outcomes.works).toBeGreaterThan(6);
    expect(report.all.outcomes.stops).toBeGreaterThan(6);
  });
});
