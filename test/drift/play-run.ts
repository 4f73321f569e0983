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
 * The outcome of a run. `works`: it made all the swipes. `stops`: it named a reason. `holds`: it left the card to the person.
 * `silent`: it neither swiped nor named a reason in time. `unsafe`: it did something that must never happen.
 */
export type Outcome = 'works' | 'stops' | 'holds' | 'silent' | 'unsafe';

/** A finished run, as the log stores it. */
export interface RunRecord {
  readonly run: number;
  readonly page: PageName;
  readonly mutations: readonly MutationName[];
  readonly outcome: Outcome;
  /** The reason that the extension reported last; null if it reported no trouble. */
  readonly reason: string | null;
  readonly detail: string | undefined;
  readonly swipes: number;
  /** From the page load to the outcome, in real time and on the extension's own clock. */
  readonly ms: number;
  readonly clockMs: number;
  readonly unsafe: readonly Unsafe[];
  /** Score requests whose photos aren't all of one person in the deck. */
  readonly mixed: number;
  /** An error in the twin's page, which makes the run meaningless. */
  readonly broken?: string;
}

/** Reasons that don't count as a named stop: the page is busy, or nothing is wrong. */
const SAYS_NOTHING: readonly Reason[] = ['page_loading', 'tab_hidden', 'dialog_open', 'other_tab', 'worker_gone'];

/** A reason that ends by itself counts as a stop only if it lasts this long. */
const STAYS_MS = 250;

/** How long to wait after a stop for a late press. */
const AFTER_MS = 120;

/** Longer than any of the extension's timeouts, on its own clock. */
const SILENT_MS = 120_000;

/** How often to read the extension's clock. Reading takes processor time. */
const ASK_CLOCK_MS = 300;

/** The longest run in real time. After that, the browser or the extension hangs. */
const HANGS_MS = 25_000;

/** A run took longer than any run should. */
export class Hang extends Error {
  override readonly name = 'Hang';
}

/** Plays one run on a table in Swipe mode. */
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
      items.filter(({ load }) => load === twin.loads); // reports of the page before may arrive late
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

/** The record of a run that couldn't be played. */
export function silentRun({ run, page, mutations }: RunPlan, detail: string): RunRecord {
  const nothing = { reason: null, swipes: 0, ms: 0, clockMs: 0, unsafe: [], mixed: 0 };
  return { run, page, mutations, outcome: 'silent', detail, ...nothing };
}

/** True for photos of two people or of somebody outside the deck. Ignores photos of earlier runs. */
function isMixed(deck: TwinDeck, profiles: readonly string[]): boolean {
  const places = profiles.flatMap((id) => deck.placeOf(id) ?? []);
  return places.length > 1 || (places.length === 1 && deck.indexOf(profiles[0]!) === undefined);
}

/** Loads the run's page and waits for the extension's last report about the page before. */
async function load(table: Table, { path, viewport }: RunPlan): Promise<void> {
  const { page, view } = table;
  let left = false;
  const look = () => {
    left ||= view.pages.length === 0;
  };
  look();
  const forget = view.onChange(look);
  const { width, height } = page.viewportSize() ?? {};
  if (width !== viewport.width || height !== viewport.height) await page.setViewportSize(viewport);
  await table.load(path);
  for (let tries = 0; tries < 100 && !left; tries += 1) await delay(5);
  forget();
}

const swipesOf = ({ twin }: Table) =>
  twin.record.verdicts.filter(({ trusted, load }) => !trusted && load === twin.loads).length;

/** The time on the content script's clock, and the last reason that the script reported with its time. */
interface OwnClock {
  readonly nowMs: number;
  readonly said: Reason | null;
  readonly saidAtMs: number;
}

async function ownClock(page: Page): Promise<OwnClock> {
  const detail = await page.evaluate(() => {
    let said = '{"nowMs":0,"said":null,"saidAtMs":0}'; // the script hasn't started
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

/** Waits for the outcome and returns it with the time on the extension's clock. */
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
    if (now - beganAt > HANGS_MS) throw new Hang(`no outcome within ${HANGS_MS / 1_000} s`);
    await delay(10);
  }
}

/** True if the extension reports an empty deck although a card is on top. */
async function isWrongEnd({ page }: Table, reason: string): Promise<boolean> {
  return reason === 'deck_ended' && (await withTwin(page, (twin) => twin.active() !== undefined));
}
