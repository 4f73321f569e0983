import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';

/** The rates between two responses of `GET /v1/status`. Unknown rates are `null`. */
export interface StatusRates {
  readonly requestsPerSecond: number;
  readonly photosPerSecond: number;
  /** The mean size of the batches between the two responses. */
  readonly photosPerBatch: number | null;
  /** The number of cores that the server process kept busy. */
  readonly serverCores: number | null;
  /** The same for each engine process, in order. `null` if the process is new. */
  readonly engineCores: readonly (number | null)[];
  /** The same for each decoder process. */
  readonly decoderCores: readonly (number | null)[];
}

/** Computes the rates between two responses. Returns null if they are from different servers or the same moment. */
export function ratesBetween(before: StatusAnswer, after: StatusAnswer): StatusRates | null {
  const seconds = (after.uptimeMs - before.uptimeMs) / 1000;
  if (seconds <= 0 || before.server.pid !== after.server.pid) return null;
  const perSecond = (count: (status: StatusAnswer) => number) => (count(after) - count(before)) / seconds;
  const batches = after.batches.count - before.batches.count;
  const cores = (old: number | null | undefined, now: number | null) =>
    old === null || old === undefined || now === null ? null : (now - old) / seconds;
  const children = ({ engines, decoders = [] }: StatusAnswer) => [...engines, ...decoders];
  const childBefore = new Map(children(before).map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
  const coresOf = ({ pid, cpuSeconds }: StatusAnswer['engines'][number]) => cores(childBefore.get(pid), cpuSeconds);
  return {
    requestsPerSecond: perSecond(({ requests }) => requests.succeeded + requests.failed),
    photosPerSecond: perSecond(({ photos }) => photos.scored + photos.failed),
    photosPerBatch: batches === 0 ? null : (after.batches.photos - before.batches.photos) / batches,
    serverCores: cores(before.server.cpuSeconds, after.server.cpuSeconds),
    engineCores: after.engines.map(coresOf),
    decoderCores: (after.decoders ?? []).map(coresOf),
  };
}

/** A window of recent responses, newest last. Rates cover the whole window, so that they don't jump. */
export class StatusWindow {
  readonly #ms: number;
  readonly #answers: StatusAnswer[] = [];

  /** @param ms the length of the window in milliseconds. */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Adds a response, and returns the rates since the oldest one in the window. */
  add(answer: StatusAnswer): StatusRates | null {
    if (this.#answers[0] && this.#answers[0].server.pid !== answer.server.pid) this.#answers.length = 0;
    this.#answers.push(answer);
    while (this.#answers.length > 2 && answer.uptimeMs - this.#answers[0]!.uptimeMs > this.#ms) this.#answers.shift();
    return ratesBetween(this.#answers[0]!, answer);
  }
}
