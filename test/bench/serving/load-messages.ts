/** A load to put on a server. */
export interface Load {
  readonly type: 'load';
  readonly url: string;
  readonly token: string;
  /** Number of concurrent requests. Each client sends its next request when it has its response. */
  readonly clients: number;
  readonly photosPerRequest: number;
  /** The load ends after `seconds` and `minRequests` requests, but after `maxSeconds` in any case. */
  readonly seconds: number;
  readonly minRequests: number;
  readonly maxSeconds: number;
  /** Each photo's expected confidence. Without it, confidences aren't checked. */
  readonly likes?: readonly number[];
}

/** A message to the load generator. `photos` is sent once, before any load. */
export type ToGenerator = PhotosToSend | Load;

/** The photos, and the content type of their parts. */
export interface PhotosToSend {
  readonly type: 'photos';
  readonly photos: readonly Uint8Array[];
  readonly contentType: string;
}

/** The result of a load. */
export interface LoadResult {
  readonly seconds: number;
  /** Latency of each request that was answered with 200, in milliseconds. */
  readonly latenciesMs: readonly number[];
  /** When each of those was answered, in milliseconds since the epoch. */
  readonly answeredAtMs: readonly number[];
  /** Failed requests by code: those to retry (503 with `Retry-After`), and all others. */
  readonly retryable: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  /** Photos with a confidence other than the expected one. */
  readonly wrong: number;
  /** Requests without a response after 30 s. */
  readonly hung: number;
  /** CPU time of the generator. */
  readonly cpuMs: number;
}
