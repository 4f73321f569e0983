import { describe, expect, it } from 'vitest';
import { FAULTS, THICK_CHAOS } from '../simulation/chaos.ts';
import { USUAL_LEARN_CHAOS } from '../simulation/learn/habits.ts';
import { learnReportText, simulateLearn } from '../simulation/learn/simulate-learn.ts';
import { reportText } from '../simulation/report.ts';
import { simulate } from '../simulation/simulate.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';

const chromium = findChromium();

if (!chromium && process.env.CI) throw new Error(`the simulation cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the simulation is skipped: ${CHROMIUM_ADVICE}`);

describe.skipIf(!chromium)('a simulated evening on tinder.com', () => {
  it('has no paid click, no wrong verdict, none uncounted or counted twice, none left on a partial set', {
    timeout: 120_000,
  }, async () => {
    const report = await simulate({
      chromium: chromium!,
      seed: 2065,
      profiles: 100,
      browsers: 1,
      perLoad: 50,
      chaos: THICK_CHAOS,
    });
    console.log(reportText(report));
    expect(report.violations).toEqual([]);
    expect(report.judged).toBe(100);
    expect(FAULTS.filter((kind) => !report.faults[kind])).toEqual([]);
  });

  it('scores nobody whom a rule decides, and swipes as the rules say', { timeout: 120_000 }, async () => {
    const options = { chromium: chromium!, seed: 2067, profiles: 80, browsers: 1, perLoad: 40, rules: true };
    const report = await simulate({ ...options, chaos: THICK_CHAOS });
    console.log(reportText(report));
    expect(report.violations).toEqual([]);
    expect(report.judged).toBe(80);
    expect(report.swipes.ruled).toBeGreaterThan(5);
  });

  it('labels each of the person’s swipes in Learn once, and nothing else', { timeout: 120_000 }, async () => {
    const options = { chromium: chromium!, seed: 2066, profiles: 24, perLoad: 12, chaos: USUAL_LEARN_CHAOS };
    const report = await simulateLearn(options);
    console.log(learnReportText(report));
    expect(report.violations).toEqual([]);
    expect(report.labels.arrived).toBe(report.labels.expected);
    expect(report.labels.arrived).toBeGreaterThan(10);
  });
});
