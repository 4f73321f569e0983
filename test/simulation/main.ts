// npm run simulate -- --seed S --profiles N: the extension's production build against a live twin of tinder.com.

import { TASTES } from '@swipenet/server/demo/tastes.ts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { OtherLog } from '../drift/log.ts';
import { runDrift } from '../drift/run-drift.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { USUAL_CHAOS } from './chaos.ts';
import { HOLDS, type HoldName, hold } from './hold.ts';
import { USUAL_LEARN_CHAOS } from './learn/habits.ts';
import { learnReportText, simulateLearn } from './learn/simulate-learn.ts';
import { learnStory } from './learn-story.ts';
import { measure, measureText } from './measure.ts';
import { Progress } from './progress.ts';
import { reportText } from './report.ts';
import { simulate } from './simulate.ts';
import { violationText } from './violations.ts';

interface Flags {
  readonly seed: number;
  readonly mode: 'swipe' | 'learn';
  readonly profiles?: number;
  readonly browsers?: number;
  readonly drift?: true;
  readonly runs: number;
  readonly resume?: true;
  readonly only?: number;
  readonly log?: string;
  readonly hold?: HoldName;
  readonly measure?: true;
  readonly learn?: string;
  readonly rules?: true;
  readonly words?: true;
  readonly json?: true;
}

const wholeNumber = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
};

await new Command('simulate')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description('Plays the extension’s production build against a live twin of tinder.com, with everything going wrong.')
  .option('--seed <number>', 'which deck, and which mishaps', wholeNumber(0, 2 ** 32 - 1), 1)
  .addOption(
    new Option('--mode <mode>', 'where the control stands: in Learn a person swipes, in one browser')
      .choices(['swipe', 'learn'])
      .default('swipe'),
  )
  .option('--profiles <number>', 'how many profiles (300; 400 with --measure)', wholeNumber(1, 1_000_000))
  .option('--browsers <number>', 'how many browsers share them (1; 2 with --drift)', wholeNumber(1, 8))
  .option('--drift', 'play short runs on changed pages instead: never unsafe, and every stop has a name')
  .option('--runs <number>', 'with --drift: the number of runs', wholeNumber(1, 1_000_000), 200)
  .option('--resume', 'with --drift: resume the log of the same seed')
  .option('--log <file>', 'with --drift: the log file (test/artifacts/drift-SEED.jsonl)')
  .option('--only <run>', 'with --drift: replay one run and take a screenshot', wholeNumber(0, 1_000_000))
  .addOption(new Option('--hold <limit>', 'holds one limit instead').choices(HOLDS))
  .option('--measure', 'measures speed and main-thread time instead, with nothing going wrong')
  .addOption(
    new Option('--learn <taste>', 'plays a person of the demo page who teaches it, until Swipe works').choices(TASTES),
  )
  .option('--rules', 'with rules of the person’s: whom they decide is never scored')
  .option('--words', 'with the words of bios in the decision')
  .option('--json', 'print JSON and nothing else')
  .addHelpText(
    'after',
    '\nExit code 1: a violation was found; each line says its seed and step (position in the deck), or its run.',
  )
  .action(async (flags: Flags) => {
    const { seed, profiles, browsers = 1, hold: limit, measure: measuring, json, drift, learn } = flags;
    const chromium = findChromium();
    if (!chromium) {
      console.error(CHROMIUM_ADVICE);
      process.exit(2);
    }
    if (drift) {
      const code = await runDrift({ ...flags, chromium, browsers: flags.browsers ?? 2 }).catch((error: unknown) => {
        if (!(error instanceof OtherLog)) throw error;
        console.error(error.message);
        return 2;
      });
      process.exit(code);
    }
    const violated = (violation: Parameters<typeof violationText>[0]) => {
      progress.clear();
      console.error(violationText(violation));
    };
    const progress = new Progress(profiles ?? 300);
    const print = (report: object, text: string) => console.log(json ? JSON.stringify(report, null, 2) : text);
    if (measuring) {
      const measured = await measure({ chromium, seed, profiles: profiles ?? 400 });
      print(measured, measureText(measured));
      process.exit(measured.violations.length > 0 ? 1 : 0);
    }
    if (learn) {
      const onProgress = (text: string) => void process.stderr.write(`${text}\n`);
      const story = await learnStory({ chromium, seed, profiles: profiles ?? 230, taste: learn, onProgress });
      print(story, JSON.stringify(story, null, 2));
      process.exit(story.violations.length > 0 || story.open === null ? 1 : 0);
    }
    if (limit) {
      const held = await hold(limit, { chromium, seed, violated });
      print(held, held.lines.join('\n'));
      process.exit(held.violations.length > 0 ? 1 : 0);
    }
    const run = {
      ...{ chromium, seed, violated, profiles: profiles ?? 300 },
      progress: (judged: number) => progress.at(judged),
    };
    if (flags.mode === 'learn') {
      const report = await simulateLearn({ ...run, chaos: USUAL_LEARN_CHAOS });
      progress.clear();
      print(report, learnReportText(report));
      process.exit(report.violations.length > 0 ? 1 : 0);
    }
    const report = await simulate({ ...run, browsers, chaos: USUAL_CHAOS, rules: flags.rules, words: flags.words });
    progress.clear();
    print(report, reportText(report));
    process.exit(report.violations.length > 0 ? 1 : 0);
  })
  .parseAsync();
