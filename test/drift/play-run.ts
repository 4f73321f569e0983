import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { needsPerson, type Reason } from '../../extension/src/reasons.ts';
import type { Table } from '../simulation/table.ts';
import type { TwinDeck } from '../twins/tinder/deck.ts';
import { withTwin } from '../twins/tinder/twin-handle.ts';
import type { MutationName } from './mutations.ts';
import { type Unsafe, unsafeOf } from './oracle.ts';
import type { PageName, RunPlan } from './plan-run.ts';

/**
 * What came of a run. `works`: it swiped as many as were wanted. `stops`: it named a reason, `reason`. `holds`: it left the
 * card to the person. `silent`: neither a swipe nor a reason within the time. `unsafe`: it did what must never be done.
 */
export type Outcome = 'works' | 'stops' | 'holds' | 'silent' | 'unsafe';

/** A run that is over, as the log keeps it. */
export interface RunRecord {
  readonly run: number;
  readonly page: PageName;
  readonly mutations: readonly MutationName[];
  readonly outcome: Outcome;
  /** What the extension said in the end; null: nothing was wrong, for all that it said. */
  readonly reason: string | null;
  readonly detail: string | undefined;
  readonly swipes: number;
  /** From the load of the page to the outcome, and what the extension's own clock says. */
  readonly ms: number;
  readonly clockMs: number;
  readonly unsafe: readonly Unsafe[];
  /** Score requests with photos that are not all one person's of the deck. */
  readonly mixed: number;
  /** An error of the twin's own page: the run says nothing. */
  readonly broken?: string;
}

/** Reasons of a page that is still at it, or of nothing: they name no trouble. */
const SAYS_NOTHING: readonly Reason[] = ['page_loading', 'tab_hidden', 'dialog_open', 'other_tab', 'worker_gone'];

/** A reason that passes by itself is a stop only where it stays. */
const STAYS_MS = 250;

/** Something may still be pressed this long after a stop. */
const AFTER_MS = 120;

/** No cap of the extension's is longer, by its own clock: what is silent for so long is silent. */
const SILENT_MS = 120_000;

/** Asking for it costs time, so it is asked now and then. */
const ASK_CLOCK_MS = 300;

/** A run that takes so long by the clock on the wall hangs: the browser is stuck, or the extension. */
const HANGS_MS = 25_000;

/** See {@link HANGS_MS}. */
export class Hang extends Error {
  override readonly name = 'Hang';
}

/** Plays one run on a table whose control stands on Swipe. */
export async function playRun(table: Table, plan: RunPlan): Promise<RunRecord> {
  const { twin, scorer, page, view } = table;
  const broken: string[] = [];
  const onError = (error: Error) => void broken.push(error.message);
  twin.changeDeck(plan.deck);
  const { record } = twin;
  for (const list of [record.deeds, record.tops, record.data, record.verdicts, record.requests, record.strangers]) {
    list.length = 0;
  }
  scorer.scores.length = 0;
  page.on('pageerror', onError);
  try {
    const beganAt = performance.now();
    await load(table, plan);
    const { ended, clockMs } = await outcomeOf(table, plan, beganAt);
    const ms = Math.round(performance.now() - beganAt);
    if (ended !== 'works') await delay(AFTER_MS);
    await withTwin(page, (handle) => handle.settled());
    const ofThisLoad = <Item extends { readonly load: number }>(items: readonly Item[]) =>
      items.filter(({ load }) => load === twin.loads); // what the page before had still to say comes late
    const unsafe = unsafeOf(plan.deck, {
      deeds: ofThisLoad(record.deeds),
      verdicts: ofThisLoad(record.verdicts),
      tops: ofThisLoad(record.tops),
      data: ofThisLoad(record.data),
      scores: scorer.scores,
    });
    const { reason = null, detail } = view.status ?? {};
    return {
      run: plan.run,
      page: plan.page,
      mutations: plan.mutations,
      outcome: unsafe.length > 0 ? 'unsafe' : ended,
      reason,
      detail,
      swipes: swipesOf(table),
      ms,
      clockMs,
      unsafe,
      mixed: scorer.scores.filter(({ profiles }) => isMixed(plan.deck, profiles)).length,
      ...(broken.length > 0 && { broken: broken.join('; ') }),
    };
  } finally {
    page.off('pageerror', onError);
  }
}

/** A run of which nothing could be told. */
export function silentRun({ run, page, mutations }: RunPlan, detail: string): RunRecord {
  const nothing = { reason: null, swipes: 0, ms: 0, clockMs: 0, unsafe: [], mixed: 0 };
  return { run, page, mutations, outcome: 'silent', detail, ...nothing };
}

/** Are these photos of two people, or of somebody who is not in the deck? Those of the run before are none of this one's. */
function isMixed(deck: TwinDeck, profiles: readonly string[]): boolean {
  const places = profiles.flatMap((id) => deck.placeOf(id) ?? []);
  return places.length > 1 || (places.length === 1 && deck.indexOf(profiles[0]!) === undefined);
}

/** Loads the run's page, and waits until the extension has said its last of the one before. */
async function load(table: Table, { path, viewport }: RunPlan): Promise<void> {
  const { page, view } = table;
  let left = false;
  const look = () => {
    left ||= view.pages.length === 0;
  };
  look();
  const forget = view.onChange(look);
  await page.setViewportSize(viewport);
  await table.load(path);
  for (let tries = 0; tries < 100 && !left; tries += 1) await delay(5);
  forget();
}

const swipesOf = ({ twin }: Table) =>
  twin.record.verdicts.filter(({ trusted, load }) => !trusted && load === twin.loads).length;

/** What the clock of the content script says; what the script said last, and when by that clock. */
interface OwnClock {
  readonly nowMs: number;
  readonly said: Reason | null;
  readonly saidAtMs: number;
}

async function ownClock(page: Page): Promise<OwnClock> {
  const detail = await page.evaluate(() => {
    let said = '{"nowMs":0,"said":null,"saidAtMs":0}'; // the script has not begun
    const hear = (event: Event) => {
      said = (event as CustomEvent<string>).detail;
    };
    document.addEventListener('drift-clock', hear, { once: true });
    document.dispatchEvent(new CustomEvent('drift-clock-ask'));
    document.removeEventListener('drift-clock', hear);
    return said;
  });
  return JSON.parse(detail); // own-clock.js wrote it
}

/** Waits for the outcome, safe or not; gives it, and what the extension's clock said when it came about. */
async function outcomeOf(
  table: Table,
  { swipes }: RunPlan,
  beganAt: number,
): Promise<{ ended: Exclude<Outcome, 'unsafe'>; clockMs: number }> {
  let said: string | null = null;
  let saidAt = beganAt;
  let askedAt = beganAt;
  for (;;) {
    const over = async (ended: Exclude<Outcome, 'unsafe'>) => {
      const { nowMs, saidAtMs } = await ownClock(table.page);
      return { ended, clockMs: ended === 'stops' || ended === 'holds' ? saidAtMs : nowMs };
    };
    if (swipesOf(table) >= swipes) return over('works');
    const now = performance.now();
    const reason = (table.view.pages.at(-1)?.status.reason ?? null) as Reason | null;
    if (reason !== said) [said, saidAt] = [reason, now];
    if (reason === 'hold') return over('holds');
    let named = reason !== null && !SAYS_NOTHING.includes(reason);
    if (named && now - saidAt >= (needsPerson(reason!) ? 0 : STAYS_MS)) {
      if (!(await isWrongEnd(table, reason!))) return over('stops');
      named = false;
    }
    if (!named && now - askedAt > ASK_CLOCK_MS) {
      askedAt = now;
      const { nowMs, said: sent } = await ownClock(table.page);
      if (nowMs > SILENT_MS && (sent === null || SAYS_NOTHING.includes(sent))) return over('silent');
    }
    if (now - beganAt > HANGS_MS) throw new Hang(`nothing came of it in ${HANGS_MS / 1_000} s`);
    await delay(10);
  }
}

/** Somebody is on top, and the extension says that nobody is left. */
async function isWrongEnd({ page }: Table, reason: string): Promise<boolean> {
  return reason === 'deck_ended' && (await withTwin(page, (twin) => twin.active() !== undefined));
}
