import { CALM } from '../simulation/chaos.ts';
import { Table } from '../simulation/table.ts';
import type { RunPlan } from './plan-run.ts';
import { playRun, type RunRecord, silentRun } from './play-run.ts';

/** A browser that plays runs one after another in one tab, so the extension is loaded only once. */
export class Lane {
  readonly #chromium: string;
  readonly #folder: string;
  #table: Table | undefined;

  /** @param folder the extension build with its own clock */
  constructor(chromium: string, folder: string) {
    this.#chromium = chromium;
    this.#folder = folder;
  }

  /** Plays a run. If the browser crashes or hangs, plays the run once more in a new one. */
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

  /** The twin, scorer and browser of this lane, opened on first use. */
  async table(): Promise<Table> {
    if (this.#table) return this.#table;
    // Every run brings its own deck, so this one is empty.
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
    await table?.close().catch(() => {}); // a crashed browser is closed already
  }
}

const messageOf = (error: unknown) => String((error as Error).message).split('\n')[0]!;
