import type { Page } from 'playwright-core';
import { consent, ExtensionBrowser } from '../support/extension-browser.ts';
import { findChromium } from '../support/find-chromium.ts';
import { madeHistory, storeHistory } from '../support/made-history.ts';
import { quantile } from './measure.ts';
import type { Figure } from './report.ts';

const ENTRIES = 50_000;
const DAYS = 90;
const LOADS = 5;
const FRAMES = 240;

/** When a page showed something, in milliseconds since its navigation began. */
interface ShownTimes {
  paintMs: number;
  rowsMs: number;
  totalsMs: number;
}

/** Measures the built extension's history page with 50,000 entries of 90 days, in a Chromium without a window. */
export async function historyBench(): Promise<Figure[]> {
  const chromium = findChromium();
  if (!chromium) throw new RangeError('history needs Chromium');
  const browser = await ExtensionBrowser.open(chromium, { headless: true });
  try {
    await consent(browser);
    const page = await browser.openOwn('swipe-history.html');
    await page.getByText('No swipes yet').waitFor();
    await storeHistory(page, madeHistory({ count: ENTRIES, days: DAYS, nowMs: Date.now() }));
    await page.addInitScript(noteTimes);
    const loads: ShownTimes[] = [];
    for (let load = 0; load < LOADS; load += 1) loads.push(await loadTimes(page));
    const middle = (key: keyof ShownTimes) =>
      quantile(
        loads.map((times) => times[key]),
        0.5,
      );
    const steady = await page.evaluate(frameTimes, { frames: FRAMES, stepPx: 300 });
    const jumping = await page.evaluate(frameTimes, { frames: FRAMES, stepPx: 100_003 });
    return [
      figure('paintMs', `first paint, median of ${LOADS} loads`, middle('paintMs')),
      figure('rowsMs', 'first rows of the list', middle('rowsMs')),
      figure('totalsMs', 'totals and charts of all entries', middle('totalsMs')),
      figure('filterMs', 'another filter: list, totals and charts', await page.evaluate(filterTime)),
      figure('frameMs', 'frame while scrolling, median', quantile(steady, 0.5)),
      figure('frameMs95', 'frame while scrolling, 95th percentile', quantile(steady, 0.95)),
      figure('jumpMs95', 'frame while jumping through the list, 95th percentile', quantile(jumping, 0.95)),
    ];
  } finally {
    await browser.close();
  }
}

const figure = (key: string, name: string, value: number): Figure => ({ key, name, value, unit: 'ms' });

async function loadTimes(page: Page): Promise<ShownTimes> {
  await page.reload();
  await page.waitForFunction(() => (globalThis as { shownTimes?: ShownTimes }).shownTimes?.totalsMs);
  return await page.evaluate(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return { ...(globalThis as unknown as { shownTimes: ShownTimes }).shownTimes, paintMs: paint!.startTime };
  });
}

/** Runs in the page, before its scripts: notes when the first rows and the totals are drawn. */
function noteTimes(): void {
  const times = { paintMs: 0, rowsMs: 0, totalsMs: 0 };
  Object.assign(globalThis, { shownTimes: times });
  const look = () => {
    if (document.querySelector('#rows .when')) times.rowsMs ||= performance.now();
    if (document.querySelector('[data-total=swipes]')?.textContent) times.totalsMs ||= performance.now();
    if (times.totalsMs === 0) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Runs in the page: scrolls the list in each frame, from the start and again at its end, and returns the frames' times. */
async function frameTimes({ frames, stepPx }: { frames: number; stepPx: number }): Promise<number[]> {
  const scroller = document.getElementById('scroller')!;
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const endPx = scroller.scrollHeight - scroller.clientHeight;
  const times: number[] = [];
  let beforeMs = await frame();
  for (let at = 0; at < frames; at += 1) {
    scroller.scrollTop = (at * stepPx) % endPx;
    const nowMs = await frame();
    times.push(nowMs - beforeMs);
    beforeMs = nowMs;
  }
  return times;
}

/** Runs in the page: returns how long another filter takes until its frame. */
async function filterTime(): Promise<number> {
  const kind = document.getElementById('kind') as HTMLSelectElement;
  const beganMs = performance.now();
  kind.value = 'you';
  kind.dispatchEvent(new Event('change', { bubbles: true }));
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const tookMs = performance.now() - beganMs;
  kind.value = 'all';
  kind.dispatchEvent(new Event('change', { bubbles: true }));
  return tookMs;
}
