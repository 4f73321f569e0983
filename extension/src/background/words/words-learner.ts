import type { Clock } from '../../clock.ts';
import type { Request, WordsAnswer } from '../../messages.ts';
import type { WordsState } from '../../own-messages.ts';
import type { LabeledBios, StoredBio } from '../../storage/labeled-bios.ts';
import { isAllowed, readSettings, type Settings, usesWords } from '../../storage/settings.ts';
import { bioFeatures } from '../../words/bio-features.ts';
import { photosLike } from '../../words/joined-verdict.ts';
import { judgeBio, learnTaste, type WordsTaste } from '../../words/words-taste.ts';

/** The name of the lock under which bios are added and deleted, so that none is added after it was deleted. */
const LABELING = 'bio labeling';

/** After how many new bios the words are learned anew. Looking less often lets chance join them less often, too. */
const LEARNED_EVERY = 10;

/** What a learner needs. */
export interface WordsLearnerParts {
  readonly store: LabeledBios;
  readonly clock: Pick<Clock, 'date'>;
}

/** What was learned, and from which bios. */
interface Learned {
  readonly from: string;
  readonly taste: WordsTaste | undefined;
}

/**
 * Learns from the bios of labeled profiles which words the person likes, if they want that. All of it stays in this
 * browser. What was learned isn't stored: it follows from the bios, so deleting a bio is all it takes to forget it.
 */
export class WordsLearner {
  readonly #store: LabeledBios;
  readonly #clock: Pick<Clock, 'date'>;
  #learned: Learned = { from: '', taste: undefined };

  constructor({ store, clock }: WordsLearnerParts) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Stores the bio of a swipe of the person, if it has one and the photos were judged before.
   *
   * @param isLabel tells whether the swipe is a label that nobody has taken back.
   */
  add(swipe: Omit<Request<'label'>, 'kind'>, isLabel: () => Promise<boolean>): Promise<void> {
    return this.#whileLabeling(async (settings) => {
      const { id, own, bio = '', judged } = swipe;
      const photos = judged && photosLike(judged);
      if (own || photos === undefined || !usesWords(settings) || !(await isLabel())) return;
      const features = bioFeatures(bio, await this.#store.seed());
      if (features.length === 0) return;
      const atMs = this.#clock.date().getTime();
      await this.#store.add({ id, atMs, photos, features, isLiked: swipe.swipe === 'right' });
    });
  }

  /** Notes that the person corrected a label. */
  corrected(id: string, to: 'right' | 'left'): Promise<void> {
    return this.#whileLabeling(() => this.#store.relabel(id, to === 'right'));
  }

  /** Deletes the bios of labels. */
  remove(ids: readonly string[]): Promise<void> {
    return this.#whileLabeling(() => this.#store.remove(ids));
  }

  /** Deletes everything. */
  clear(): Promise<void> {
    return this.#whileLabeling(() => this.#clear());
  }

  /** Deletes everything once the person turned this off or withdrew a consent. */
  follow(): Promise<void> {
    return this.#whileLabeling(async (settings) => {
      if (!usesWords(settings)) await this.#clear();
    });
  }

  /** Returns what the words of a bio make of a profile, or null if they stay out of it. */
  async judge({ bio, like, threshold }: Omit<Request<'words'>, 'kind'>): Promise<WordsAnswer> {
    const settings = await readSettings();
    if (!isAllowed(settings) || !usesWords(settings)) return null;
    const { taste } = await this.#learn(await this.#store.all());
    const verdict = taste && judgeBio(taste, { bio, seed: await this.#store.seed(), like, threshold });
    return verdict ? { ...verdict, reasons: [...verdict.reasons] } : null;
  }

  /** Returns how far learning is. */
  async state(): Promise<WordsState> {
    const bios = await this.#store.all();
    const { taste } = await this.#learn(bios);
    const likes = bios.filter(({ isLiked }) => isLiked).length;
    return {
      likes,
      passes: bios.length - likes,
      tested: taste ? { alone: taste.test.alone, joined: taste.test.joined, joins: taste.joins } : null,
    };
  }

  /** Learns from all bios but the newest few, unless it has done so before. */
  async #learn(bios: readonly StoredBio[]): Promise<Learned> {
    const used = bios.slice(0, bios.length - (bios.length % LEARNED_EVERY));
    const from = JSON.stringify(used.map(({ id, isLiked }) => [id, isLiked]));
    if (from !== this.#learned.from) this.#learned = { from, taste: learnTaste(used) };
    return this.#learned;
  }

  async #clear(): Promise<void> {
    this.#learned = { from: '', taste: undefined };
    await this.#store.clear();
  }

  /** Reads the settings under the lock, so that a consent that is withdrawn meanwhile is obeyed afterwards. */
  #whileLabeling<Result>(work: (settings: Settings) => Promise<Result>): Promise<Result> {
    return navigator.locks.request<Promise<Result>>(LABELING, async () => work(await readSettings()));
  }
}
