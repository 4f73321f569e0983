import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import type { AgreementAnswer } from '@swipenet/shared/contract/swipes.ts';
import type { Clock } from '../../clock.ts';
import type { PermitAnswer } from '../../messages.ts';
import type { Settings } from '../../storage/settings.ts';
import { formatSetPercent, formatWholePercent, translate } from '../../texts.ts';
import { withAdvice } from '../server/advice.ts';
import { ApiClient, type ApiWorld } from '../server/api-client.ts';
import { chosenThreshold } from '../server/model-threshold.ts';
import { orProblem } from '../server/problem.ts';

/** How long the server's answer is used. */
const FRESH_MS = 30_000;

type Refusal = Extract<PermitAnswer, { refused: unknown } | { outdated: true }>;

type Agreement = Pick<AgreementAnswer, 'isOpen' | 'lowerBound' | 'required'>;

/** What the server said, about what, and when. */
interface Known {
  readonly basis: string;
  readonly atMs: number;
  readonly modelId: string;
  /** Undefined if the model may swipe without it. */
  readonly agreement: Agreement | undefined;
}

/** Returns the version of the taste that a model is, such as `taste-0012`, also for its int8 form. Null for other models. */
export function versionOf({ id, parent = '' }: Pick<ModelAnswer, 'id' | 'parent'>): string | null {
  return /^taste-\d+/.exec(id)?.[0] ?? /^taste-\d+/.exec(parent)?.[0] ?? null;
}

/**
 * Lets a model that was learned from the person's swipes swipe only once it agrees with them often enough. The server
 * decides that. Without its answer, nothing is swiped. What is known is in memory, so a new worker asks again.
 */
export class TasteGate {
  readonly #world: ApiWorld;
  readonly #clock: Pick<Clock, 'now'>;
  #known: Known | undefined;
  /** Counts what makes an answer old that is still on its way. */
  #news = 0;

  constructor(world: ApiWorld, clock: Pick<Clock, 'now'>) {
    this.#world = world;
    this.#clock = clock;
  }

  /**
   * Returns why the server's model may not swipe now, or undefined if it may.
   *
   * @param judgedBy the model whose verdict wants to swipe, if one does. A verdict of any other model than the server's is
   *   outdated: neither the person's choice of a model nor this gate is about it anymore.
   */
  async refusal(settings: Settings, judgedBy?: string): Promise<Refusal | undefined> {
    const { address } = settings.server;
    const known = await orProblem(withAdvice(address, this.#read(settings, judgedBy)), 'reading the agreement');
    if ('problem' in known) {
      const { reason, detail } = known.problem;
      return { refused: reason, ...(detail !== undefined && { detail }) };
    }
    const { agreement, modelId } = known;
    if (judgedBy !== undefined && judgedBy !== modelId) return { outdated: true };
    if (!agreement || agreement.isOpen) return undefined;
    // Rounded down, so that a bound just below what is needed doesn't look like enough.
    const lowerBound = formatWholePercent(agreement.lowerBound);
    const required = formatSetPercent(agreement.required);
    return { refused: 'gate_closed', detail: translate('gate_figures', lowerBound, required) };
  }

  /** Notes the agreement after a label. */
  heard(agreement: Agreement, settings: Settings): void {
    this.#news += 1;
    if (this.#known?.agreement && this.#known.basis === basisOf(settings)) this.#known = { ...this.#known, agreement };
  }

  /** Notes which model scored a profile, because the server may have switched models. */
  saw(modelId: string): void {
    if (this.#known && this.#known.modelId !== modelId) this.forget();
  }

  /** Asks again next time. */
  forget(): void {
    this.#news += 1;
    this.#known = undefined;
  }

  async #read(settings: Settings, judgedBy = this.#known?.modelId): Promise<Known> {
    const basis = basisOf(settings);
    const atMs = this.#clock.now();
    const isFresh = this.#known?.basis === basis && atMs - this.#known.atMs < FRESH_MS;
    if (this.#known && isFresh && this.#known.modelId === judgedBy) return this.#known;
    const news = this.#news;
    const client = new ApiClient(settings.server, this.#world);
    const model = await client.model();
    const version = versionOf(model);
    const isFree = version === null || version === settings.taste.swipeAnyway;
    const agreement = isFree ? undefined : (await client.taste(await chosenThreshold(settings, model))).agreement;
    const known = { basis, atMs, modelId: model.id, agreement };
    if (news === this.#news) this.#known = known;
    return known;
  }
}

const basisOf = ({ server: { address, token }, thresholds, taste }: Settings) =>
  JSON.stringify([address, token, thresholds, taste.swipeAnyway]);
