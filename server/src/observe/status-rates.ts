import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';

/** What happened between two answers of `GET /v1/status`; `null` where it cannot be known. */
export interface StatusRates {
  readonly requestsPerSecond: number;
  readonly photosPerSecond: number;
  /** The mean batch, of those that were run meanwhile. */
  readonly photosPerBatch: number | null;
  /** Cores that the server's process kept busy. */
  readonly serverCores: number | null;
  /** The same of each engine's process, in order; `null` too for a process that is new. */
  readonly engineCores: readonly (number | null)[];
}

/** The rates between two answers, or `null` where they are of two servers or of one moment. */
export function ratesBetween(before: StatusAnswer, after: StatusAnswer): StatusRates | null {
  const seconds = (after.uptimeMs - before.uptimeMs) / 1000;
  if (seconds <= 0 || before.server.pid !== after.server.pid) return null;
  const perSecond = (count: (status: StatusAnswer) => number) => (count(after) - count(before)) / seconds;
  const batches = after.batches.count - before.batches.count;
  const cores = (old: number | null | undefined, now: number | null) =>
    old === null || old === undefined || now === null ? null : (now - old) / seconds;
  const engineBefore = new Map(before.engines.map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
  return {
    requestsPerSecond: perSecond(({ requests }) => requests.succeeded + requests.failed),
    photosPerSecond: perSecond(({ photos }) => photos.scored + photos.failed),
    photosPerBatch: batches === 0 ? null : (after.batches.photos - before.batches.photos) / batches,
    serverCores: cores(before.server.cpuSeconds, after.server.cpuSeconds),
    engineCores: after.engines.map(({ pid, cpuSeconds }) => cores(engineBefore.get(pid), cpuSeconds)),
  };
}

/** Answers of the last while, the newest last; rates are taken over it, so that they do not jump. */
export class StatusWindow {
  readonly #ms: number;
  readonly #answers: StatusAnswer[] = [];

  /** @param ms how far back the window reaches. */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Adds an answer; returns the rates since the oldest one in the window. */
  add(answer: StatusAnswer): StatusRates | null {
    if (this.#answers[0] && this.#answers[0].server.pid !== answer.server.pid) this.#answers.length = 0;
    this.#answers.push(answer);
    while (this.#answers.length > 2 && answer.uptimeMs - this.#answers[0]!.uptimeMs > this.#ms) this.#answers.shift();
    return ratesBetween(this.#answers[0]!, answer);
  }
}
