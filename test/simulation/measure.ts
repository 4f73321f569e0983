import { CALM } from './chaos.ts';
import { play } from './run.ts';
import { type ScriptTime, sampleScript } from './script-time.ts';
import { PATIENCE } from './simulate.ts';
import { type Violation, Violations, violationText } from './violations.ts';

/** What was measured, with nothing going wrong and without pacing. */
export interface Measured {
  readonly seed: number;
  readonly swipes: number;
  readonly seconds: number;
  readonly swipesPerSecond: number;
  /** Of all decisions, the share that was there before its card was on top. */
  readonly readyShare: number;
  /** The content script's time on the page's main thread. */
  readonly mainThread: ScriptTime;
  readonly mainThreadMsPerProfile: number;
  readonly overlayMsPerProfile: number;
  readonly violations: readonly Violation[];
}

/** Plays a calm deck on one load of the page. */
export async function measure(options: { chromium: string; seed: number; profiles: number }): Promise<Measured> {
  const { seed, profiles } = options;
  const violations = new Violations(seed, (violation) => console.error(violationText(violation)));
  let stop = async (): Promise<ScriptTime> => ({ totalMs: 0, overlayMs: 0, samples: 0 });
  let mainThread: ScriptTime | undefined;
  const { swipes, seconds, judged } = await play(
    {
      ...options,
      chaos: CALM,
      patience: PATIENCE,
      perLoad: profiles,
      progress: () => {},
      load: () => ({ path: '/app/recs?animationMs=10&lingerMs=40', hidden: false, profiles }),
      begin: async ({ page }) => {
        stop = await sampleScript(page);
      },
      end: async () => {
        mainThread = await stop();
      },
    },
    violations,
  );
  const time = mainThread ?? { totalMs: 0, overlayMs: 0, samples: 0 };
  return {
    seed,
    swipes: swipes.right + swipes.left,
    seconds,
    swipesPerSecond: judged / seconds,
    readyShare: swipes.ready / swipes.readyOf,
    mainThread: time,
    mainThreadMsPerProfile: time.totalMs / judged,
    overlayMsPerProfile: time.overlayMs / judged,
    violations: violations.found,
  };
}

/** What was measured, for people. */
export function measureText(measured: Measured): string {
  const { swipes, seconds, mainThread } = measured;
  return [
    `${swipes} swipes in ${seconds.toFixed(1)} s: ${measured.swipesPerSecond.toFixed(1)} a second without pacing`,
    `decisions ready before their card was on top: ${(100 * measured.readyShare).toFixed(1)}%`,
    `the content script's main-thread time: ${measured.mainThreadMsPerProfile.toFixed(2)} ms a profile (${mainThread.samples} samples); of it the overlay ${measured.overlayMsPerProfile.toFixed(2)} ms`,
    measured.violations.length === 0 ? 'no violation' : `${measured.violations.length} violations`,
  ].join('\n');
}
