import { seedOf } from '@swipenet/shared/random.ts';
import type { Chaos } from './chaos.ts';
import { type Report, reportOf } from './report.ts';
import { play } from './run.ts';
import { type Violation, Violations } from './violations.ts';

/** At a tenth of the usual waits a loaded machine is taken for a page that does not answer; at a third it dawdles. */
export const PATIENCE = 0.2;

/** What a simulation is to be. */
export interface SimulationOptions {
  readonly chromium: string;
  readonly seed: number;
  readonly profiles: number;
  readonly browsers: number;
  readonly chaos: Chaos;
  readonly perLoad?: number;
  /** Whether rules of the person's are on. */
  readonly rules?: boolean | undefined;
  /** Whether the words of bios join the decision. */
  readonly words?: boolean | undefined;
  readonly progress?: (judged: number) => void;
  readonly violated?: (violation: Violation) => void;
}

/** Plays a deck of profiles, split among the browsers, and returns a report. */
export async function simulate(options: SimulationOptions): Promise<Report> {
  const {
    chromium,
    seed,
    profiles,
    browsers,
    chaos,
    perLoad = 500,
    rules,
    words,
    progress,
    violated = () => {},
  } = options;
  const judged = new Array(browsers).fill(0);
  const found: Violation[] = [];
  const playing = judged.map((_, table) => {
    // Each table has a deck of its own, told by its seed; one browser plays the seed itself.
    const own = table === 0 ? seed : seedOf(seed, table);
    const violations = new Violations(own, (violation) => {
      found.push(violation);
      violated(violation);
    });
    const share = Math.floor(profiles / browsers) + (table < profiles % browsers ? 1 : 0);
    const tell = (done: number) => {
      judged[table] = done;
      progress?.(judged.reduce((sum, one) => sum + one, 0));
    };
    return play(
      { chromium, seed: own, profiles: share, chaos, patience: PATIENCE, perLoad, rules, words, progress: tell },
      violations,
    );
  });
  return reportOf(seed, await Promise.all(playing), found);
}
