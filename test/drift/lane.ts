import { CALM } from '../simulation/chaos.ts';
import { Table } from '../simulation/table.ts';
import type { RunPlan } from './plan-run.ts';
import { playRun, type RunRecord, silentRun } from './play-run.ts';

/** A browser that plays one run after the other, in one tab: the extension is loaded once. */
export class Lane {
  readonly #chromium: string;
  readonly #folder: string;
  #table: Table | undefined;

  /** @param folder the extension, with a clock of its own */
  constructor(chromium: string, folder: string) {
    this.#chromium = chromium;
    this.#folder = folder;
  }

  /** Plays a run; once more in a new browser where the old one broke down or hung. */
  async play(plan: RunPlan): Promise<RunRecord> {
    try {
      return await playRun(await this.table(), plan);
    } catch (error) {
      console.error(`run ${plan.run} is played again: ${messageOf(error)}`);
      await this.close();
    }
    try {
      return await playRun(await this.table(), plan);
    } catch (error) {
      await this.close();
      return silentRun(plan, messageOf(error));
    }
  }

  /** What it plays on. */
  async table(): Promise<Table> {
    if (this.#table) return this.#table;
    // The seed is that of nobody's deck: every run brings its own.
    const options = { seed: 0, profiles: 0, chaos: CALM, patience: 1 };
    const table = await Table.open({ ...options, chromium: this.#chromium, folder: this.#folder });
    await table.view.set({ mode: 'swipe' });
    this.#table = table;
    return table;
  }

  /** Closes the browser. */
  async close(): Promise<void> {
    const table = this.#table;
    this.#table = undefined;
    await table?.close().catch(() => {}); // one that crashed is closed
  }
}

const messageOf = (error: unknown) => String((error as Error).message).split('\n')[0]!;
