import { type SwipeRequest, swipeRequestSchema } from '@swipenet/shared/contract/swipes.ts';

/** What may happen to a request: it is answered, it never arrives, its answer is lost, or the server refuses it for now. */
export type Fate = 'answered' | 'undelivered' | 'answer lost' | 'busy';

/** What came of a swipe that arrived. */
export type Outcome = 'added' | 'unchanged' | 'replaced';

/** A swipe as the server keeps it. */
interface KeptSwipe {
  readonly id: number;
  readonly request: SwipeRequest;
}

const AGREEMENT = {
  likes: { agreed: 3, disagreed: 1 },
  passes: { agreed: 2, disagreed: 2 },
  balanced: 0.625,
  faded: 0.6,
  lowerBound: 0.2,
  required: 0.6,
  isOpen: false,
  timesShut: 0,
};

/**
 * The routes of swipes, with the guarantees of the server's store: one swipe per profile, and features that are used up by
 * the first swipe that names them. A deleted id is never used again.
 */
export class FakeSwipeServer {
  /** The score IDs that the server keeps features for. */
  readonly scores = new Set<string>();
  /** The swipes by profile. */
  readonly swipes = new Map<string, KeptSwipe>();
  /** Every outcome, in order. */
  readonly outcomes: Outcome[] = [];
  /** Decides the fate of the next request. */
  fate: () => Fate = () => 'answered';
  /** Receives each swipe that arrives, and its outcome. */
  onSwipe: (request: SwipeRequest, outcome: Outcome) => void = () => {};
  /** Hears of each profile whose swipe is deleted. */
  onDelete: (profile: string) => void = () => {};
  #nextId = 1;

  /** Returns the direction of each profile's swipe. */
  get kept(): Record<string, string> {
    return Object.fromEntries([...this.swipes].map(([profile, { request }]) => [profile, request.swipe]));
  }

  /** The browser's `fetch`, with this server at every address. */
  readonly fetch: typeof globalThis.fetch = async (url, init) => {
    init?.signal?.throwIfAborted();
    const fate = this.fate();
    await new Promise((arrived) => setImmediate(arrived));
    if (fate === 'undelivered') throw new TypeError('Failed to fetch');
    if (fate === 'busy') return refusal(503, 'taste_unavailable');
    const { pathname } = new URL(String(url));
    const answer =
      init?.method === 'DELETE'
        ? this.#delete(Number(pathname.split('/').at(-1)))
        : this.#swipe(JSON.parse(String(init?.body)));
    await new Promise((answered) => setImmediate(answered));
    if (fate === 'answer lost') throw new TypeError('Failed to fetch');
    return answer;
  };

  #swipe(body: unknown): Response {
    const parsed = swipeRequestSchema.safeParse(body);
    if (!parsed.success) return refusal(400, 'swipe_invalid');
    const request = parsed.data;
    const { profile, scoreId } = request;
    const before = this.swipes.get(profile);
    const isKnown = scoreId === undefined || this.scores.delete(scoreId) || before?.request.scoreId === scoreId;
    if (!isKnown) return refusal(410, 'score_unknown');
    const outcome = before ? (before.request.swipe === request.swipe ? 'unchanged' : 'replaced') : 'added';
    const id = before?.id ?? this.#nextId;
    this.#nextId = Math.max(this.#nextId, id + 1);
    this.swipes.set(profile, { id, request });
    this.outcomes.push(outcome);
    this.onSwipe(request, outcome);
    return Response.json({ id, outcome, photos: 1, likes: 1, passes: 0, agreement: AGREEMENT });
  }

  #delete(id: number): Response {
    for (const [profile, swipe] of this.swipes) {
      if (swipe.id !== id) continue;
      this.swipes.delete(profile);
      this.onDelete(profile);
      return Response.json({ deleted: id });
    }
    return refusal(404, 'swipe_unknown');
  }
}

const refusal = (status: number, code: string) =>
  Response.json({ error: { code, message: 'refused', requestId: 'r' } }, { status });
