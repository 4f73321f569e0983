/** A load to be put on a server. */
export interface Load {
  readonly type: 'load';
  readonly url: string;
  readonly token: string;
  /** Requests under way at once; each client sends its next when it has its answer. */
  readonly clients: number;
  readonly photosPerRequest: number;
  /** It ends after so long, if it has made so many requests, but after `maxSeconds` in any case. */
  readonly seconds: number;
  readonly minRequests: number;
  readonly maxSeconds: number;
  /** What each photo's confidence is; without it answers are not compared. */
  readonly likes?: readonly number[];
}

/** To the load generator. `photos` comes once, before any load. */
export type ToGenerator = { readonly type: 'photos'; readonly photos: readonly Uint8Array[] } | Load;

/** What came of a load. */
export interface LoadResult {
  readonly seconds: number;
  /** Of each request that was answered with 200, in milliseconds. */
  readonly latenciesMs: readonly number[];
  /** When each of them was answered, in milliseconds since the epoch. */
  readonly answeredAtMs: readonly number[];
  /** Answers that are no success, by code: retryable (503 with `Retry-After`), and all others. */
  readonly retryable: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  /** Photos whose confidence was not the known one. */
  readonly wrong: number;
  /** Requests that had no answer after 30 s. */
  readonly hung: number;
  /** CPU time of the generator. */
  readonly cpuMs: number;
}
