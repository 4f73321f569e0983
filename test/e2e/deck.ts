import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import type { Page } from 'playwright-core';
import * as z from 'zod';
import type { Stage } from './stage.ts';

const recordSchema = z.array(
  z.object({
    kind: z.enum(['like', 'nope', 'super-like', 'match-dismissed']),
    profile: z.string(),
    input: z.enum(['button', 'key']),
    trusted: z.boolean(),
  }),
);

/** What the page recorded. */
export type Deeds = z.infer<typeof recordSchema>;

const SWIPES = ['like', 'nope', 'super-like'];

let runs = 0;

/** One run of the deck in a tab, and what the page recorded of it. */
export class Deck {
  readonly page: Page;
  readonly run: string;
  readonly #stage: Stage;
  readonly #seed: number;

  private constructor(page: Page, run: string, stage: Stage, seed: number) {
    this.page = page;
    this.run = run;
    this.#stage = stage;
    this.#seed = seed;
  }

  /** Loads the deck anew in a tab. */
  static async open(page: Page, stage: Stage, { profiles = 20, seed = 1 } = {}): Promise<Deck> {
    runs += 1;
    const run = `run-${process.pid}-${runs}`;
    await page.bringToFront();
    await page.goto(`${stage.pageUrl}?run=${run}&seed=${seed}&profiles=${profiles}`);
    return new Deck(page, run, stage, seed);
  }

  /** Everything that happened, in order. */
  async deeds(): Promise<Deeds> {
    const response = await fetch(new URL(`/demo/record?run=${this.run}`, this.#stage.pageUrl));
    return recordSchema.parse(await response.json());
  }

  /** The swipes, in order. */
  async swipes(): Promise<Deeds> {
    return (await this.deeds()).filter(({ kind }) => SWIPES.includes(kind));
  }

  /** The id of the profile on top. */
  async active(): Promise<string | null> {
    const card = this.page.locator('[data-demo=card][aria-hidden=false]');
    return (await card.count()) > 0 ? await card.first().getAttribute('data-profile') : null;
  }

  /** The number of photos of the profile on top. */
  async photoCount(): Promise<number> {
    return await this.page.locator('[data-demo=card][aria-hidden=false] [role=tab]').count();
  }

  /** What the server says of a profile: the oracle that the extension is held against. */
  async ask(profile: string, photoCount: number) {
    const { server, pageUrl, threshold } = this.#stage;
    const form = new FormData();
    for (let index = 0; index < photoCount; index += 1) {
      const photo = await fetch(new URL(`/demo/photos/${this.#seed}/${profile}/${index}.jpg`, pageUrl));
      if (photo.ok) form.append('photo', await photo.blob(), 'photo.jpg');
    }
    form.set('photoCount', String(photoCount));
    if (threshold) form.set('threshold', String(Number(threshold) / 100));
    const headers = { Authorization: `Bearer ${server.token}` };
    const response = await fetch(`${server.url}/v1/score`, { method: 'POST', headers, body: form });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(errorEnvelopeSchema.parse(answer).error.message);
    return scoreAnswerSchema.parse(answer);
  }

  /** The overlay's badge: word and percent of the photo that is visible. */
  get badge() {
    return this.page.locator('swipenet-overlay .pill').first();
  }

  /** The overlay's line: decision and reason, or what it waits for. */
  get line() {
    return this.page.locator('swipenet-overlay .line').first();
  }

  /** The overlay's note that it is the person's turn. */
  get note() {
    return this.page.locator('swipenet-overlay .note');
  }
}
