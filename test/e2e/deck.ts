import { type ScoreAnswer, scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import type { Page } from 'playwright-core';
import * as z from 'zod';
import { readOverlay, type ShownOverlay } from '../support/shown-overlay.ts';
import type { Stage } from './stage.ts';

const recordSchema = z.array(
  z.object({
    kind: z.enum(['like', 'nope', 'super-like', 'rewind', 'match-dismissed']),
    profile: z.string(),
    input: z.enum(['button', 'key']),
    trusted: z.boolean(),
  }),
);

const profilesSchema = z.array(z.object({ id: z.string(), photoCount: z.int() }));

/** What the page recorded. */
export type Deeds = z.infer<typeof recordSchema>;

const SWIPES = ['like', 'nope', 'super-like'];

let runs = 0;

async function askServer({ server, pageUrl }: Stage, profile: { id: string; photoCount: number }) {
  const form = new FormData();
  for (let index = 0; index < profile.photoCount; index += 1) {
    const photo = await fetch(`${pageUrl}/photos/${profile.id}/${index}.jpg`);
    form.append('photo', await photo.blob(), 'photo.jpg');
  }
  const headers = { Authorization: `Bearer ${server.token}` };
  const response = await fetch(`${server.url}/v1/score`, { method: 'POST', headers, body: form });
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  return scoreAnswerSchema.parse(await response.json());
}

/** What the page has told the server about a run. */
export async function recordOf({ pageUrl }: Stage, run: string): Promise<Deeds> {
  return recordSchema.parse(await (await fetch(`${pageUrl}/record?run=${run}`)).json());
}

/** One run of the deck in a tab, and what the page recorded of it. */
export class Deck {
  readonly page: Page;
  readonly run: string;
  readonly #stage: Stage;

  private constructor(page: Page, run: string, stage: Stage) {
    this.page = page;
    this.run = run;
    this.#stage = stage;
  }

  /** Loads a deck in a tab. The parameters are those of the page (docs/demo-page.md), except for the run's id. */
  static async open(
    page: Page,
    stage: Stage,
    parameters: { profiles?: number; seed?: number; taste?: string; drift?: number } = {},
  ): Promise<Deck> {
    runs += 1;
    const run = `run-${process.pid}-${runs}`;
    const query = new URLSearchParams(
      Object.entries({ run, ...parameters }).map(([name, value]) => [name, `${value}`]),
    );
    await page.bringToFront();
    await page.goto(`${stage.pageUrl}?${query}`);
    return new Deck(page, run, stage);
  }

  /** Everything that happened, in order, once the page has told the server of all of it. */
  async deeds(): Promise<Deeds> {
    await this.page.locator('main[data-unreported="0"]').waitFor({ state: 'attached' });
    return await recordOf(this.#stage, this.run);
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

  /** What the server says of every profile of the deck, by profile: the oracle that the extension is held against. */
  static async oracle(stage: Stage, { profiles = 20, seed = 1 } = {}): Promise<Map<string, ScoreAnswer>> {
    const listed = await fetch(`${stage.pageUrl}/profiles?seed=${seed}&profiles=${profiles}`);
    const deck = profilesSchema.parse(await listed.json());
    const answers = await Promise.all(deck.map((profile) => askServer(stage, profile)));
    return new Map(deck.map(({ id }, index) => [id, answers[index]!]));
  }

  /** The overlay's badge: word and percent of the photo that is visible. */
  get badge() {
    return this.#part('badge');
  }

  /** The overlay's line: decision and reason, or what it waits for. */
  get line() {
    return this.#part('line');
  }

  /** The overlay's note that it is the person's turn. */
  get note() {
    return this.#part('note');
  }

  #part(part: keyof ShownOverlay) {
    return {
      textContent: async () => (await readOverlay(this.page))[part] ?? '',
      isVisible: async () => (await readOverlay(this.page))[part] !== undefined,
    };
  }
}
