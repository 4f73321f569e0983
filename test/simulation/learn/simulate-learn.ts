import { FAULTS } from '../chaos.ts';
import { PATIENCE } from '../simulate.ts';
import { type Violation, Violations, violationText } from '../violations.ts';
import type { LearnChaos } from './habits.ts';
import { type LearnRunResult, playLearn } from './learn-run.ts';

/** The settings of a simulation of Learn. */
export interface LearnSimulationOptions {
  readonly chromium: string;
  readonly seed: number;
  readonly profiles: number;
  readonly chaos: LearnChaos;
  readonly perLoad?: number;
  readonly progress?: (judged: number) => void;
  readonly violated?: (violation: Violation) => void;
}

/** What a simulation of Learn came to. */
export interface LearnReport extends LearnRunResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

/** Plays a deck of profiles in Learn, in one browser, and returns a report. */
export async function simulateLearn(options: LearnSimulationOptions): Promise<LearnReport> {
  const { perLoad = 250, progress = () => {}, violated = () => {}, ...rest } = options;
  const violations = new Violations(rest.seed, violated);
  const result = await playLearn({ ...rest, perLoad, progress, patience: PATIENCE }, violations);
  return { seed: rest.seed, ...result, violations: violations.found };
}

/** The report for people. */
export function learnReportText(report: LearnReport): string {
  const { seed, judged, seconds, labels, loads, faults, did, lostRequests, violations } = report;
  const { excused, verdicts } = labels;
  const listed = (counts: object) => {
    const texts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
    return texts.join(', ') || 'none';
  };
  return [
    `seed ${seed}: ${judged} profiles in ${seconds.toFixed(1)} s, ${(judged / seconds).toFixed(1)} a second`,
    `swipes that the site took: ${labels.right} right, ${labels.left} left, ${labels.superLikes} Super Likes; ${labels.refused} refused, ${labels.rewinds} taken back`,
    `labels: ${labels.expected} expected, ${labels.arrived} arrived, ${labels.missing} missing, ${labels.doubled} doubled, ${labels.wrong} wrong`,
    `swipes that need not be labels: ${listed(excused)}; ${labels.excusedArrived} of them are`,
    `verdicts: ${verdicts.hidden} hidden, ${verdicts.none} not ready, ${verdicts.shown} shown; ${labels.withoutFeatures} with nothing to learn from`,
    `requests with labels: ${lostRequests} lost, ${labels.sentAgain} sent again`,
    `Swipenet’s own presses: ${report.ownPresses}; photos that it turned to: ${report.ownTurns}`,
    `loads of the page: ${loads}`,
    `the person: ${listed(did)}`,
    `done to it: ${FAULTS.map((kind) => `${kind} ${faults[kind] ?? 0}`).join(', ')}`,
    violations.length === 0 ? 'no violation' : `${violations.length} violations`,
    ...violations.map(violationText),
  ].join('\n');
}
