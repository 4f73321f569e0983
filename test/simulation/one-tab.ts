import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { CALM, type Chaos } from './chaos.ts';
import type { HoldOptions } from './hold.ts';
import { HoldRun } from './hold-run.ts';
import type { Violations } from './violations.ts';

/** Without reloads: a tab that is loaded anew lets another one swipe. */
const DEATHS: Chaos = { ...CALM, faults: { 'worker-death': 0.25 } };

/**
 * Two tabs in two windows, both before the person's eyes, both on Swipe: one swipes, the other says why it does not; when
 * the first is left the second goes on by itself.
 */
export async function holdOneTab(options: HoldOptions, violations: Violations): Promise<string[]> {
  const run = await HoldRun.begin({ ...options, profiles: 2_000, chaos: DEATHS }, {}, violations);
  const { table } = run;
  try {
    await run.swipes(10);
    const other = await openWindow(run, 'https://tinder.com/app/recs?from=1000&animationMs=10&lingerMs=40');
    const second = table.twin.loads;
    await run.swipes(run.made.length + 40);
    const said = table.view.pages.map(({ status }) => status.reason);
    run.expect(said.includes('other_tab'), 'one that says other_tab', said.join(', '));
    const swipers = () => run.made.map(({ load }) => (load === second ? 'second' : 'first'));
    run.expect(!swipers().includes('second'), 'swipes of the first tab alone', swipers().join(' '));
    await run.calm();
    const before = run.made.length;
    await table.page.goto('about:blank');
    await delay(200); // what was under way
    await run.swipes(before + 20, 20_000); // for 15 s the first one's last swipe may be under way, for all that is known
    const after = swipers().slice(before + 1);
    run.expect(
      after.every((tab) => tab === 'second'),
      'swipes of the second tab alone',
      after.join(' '),
    );
    await other.close();
    const { 'worker-death': deaths = 0 } = run.happened;
    return [`${before} swipes of the first tab, then ${after.length} of the second; ${deaths} worker deaths meanwhile`];
  } finally {
    await run.end();
  }
}

async function openWindow(run: HoldRun, url: string): Promise<Page> {
  const { context } = run.table.browser;
  const session = await context.newCDPSession(run.table.page);
  const opened = context.waitForEvent('page');
  await session.send('Target.createTarget', { url, newWindow: true });
  const page = await opened;
  await page.waitForFunction(() => 'twin' in window);
  return page;
}
