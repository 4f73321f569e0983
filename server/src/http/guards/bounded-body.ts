import { SwipenetError } from '@swipenet/shared/contract/errors.ts';

/** The slowest that a body may be: this many bytes in each window of time, except the last. */
export interface MinRate {
  readonly bytes: number;
  readonly windowMs: number;
}

/** The limits of one body. */
export interface BodyBounds {
  readonly maxBytes: number;
  readonly minRate: MinRate;
  /** Called with the size of each chunk. Throws if there is no memory for it. */
  readonly keep: (bytes: number) => void;
  /** Returns a signal that aborts after `ms` milliseconds. */
  readonly deadline: (ms: number) => AbortSignal;
}

/**
 * Passes a body on while it arrives, until it exceeds a limit. The rest of it is then not read.
 *
 * @throws SwipenetError `body_too_large`, `body_too_slow`; `request_aborted` if the client disconnects; what `keep`
 *   throws.
 */
export async function* boundedBody(
  chunks: AsyncIterable<Uint8Array>,
  { maxBytes, minRate, keep, deadline }: BodyBounds,
): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const rate = new RateCheck(minRate, deadline);
  let received = 0;
  try {
    while (true) {
      const { done, value } = await rate.watch(source.next());
      if (done) return;
      received += value.length;
      if (received > maxBytes) throw bodyTooLarge(maxBytes);
      keep(value.length);
      rate.count(value.length);
      yield value;
    }
  } finally {
    rate.end();
    source.return?.().catch(() => {}); // stops listening to the connection, which stays open for the response
  }
}

/** The error of a body that is too large. */
export const bodyTooLarge = (maxBytes: number) =>
  new SwipenetError('body_too_large', `the body is larger than ${maxBytes} bytes`);

/** Checks at the end of each window that enough has arrived in it. */
class RateCheck {
  readonly #minRate: MinRate;
  readonly #deadline: BodyBounds['deadline'];
  #inWindow = 0;
  #fail: ((error: Error) => void) | undefined;
  #ended = false;

  constructor(minRate: MinRate, deadline: BodyBounds['deadline']) {
    this.#minRate = minRate;
    this.#deadline = deadline;
    this.#openWindow();
  }

  /** Waits for some more of the body, or throws when it turns out to be too slow. */
  async watch<Next>(next: Promise<Next>): Promise<Next> {
    // Promise.race would keep every chunk until the window ends.
    const { promise, resolve, reject } = Promise.withResolvers<Next>();
    this.#fail = reject;
    next.then(resolve, (cause) =>
      reject(
        cause instanceof SwipenetError
          ? cause
          : new SwipenetError('request_aborted', 'the client disconnected', { cause }),
      ),
    );
    try {
      return await promise;
    } finally {
      this.#fail = undefined;
    }
  }

  count(bytes: number): void {
    this.#inWindow += bytes;
  }

  end(): void {
    this.#ended = true;
  }

  #openWindow(): void {
    this.#inWindow = 0;
    this.#deadline(this.#minRate.windowMs).addEventListener('abort', () => this.#closeWindow(), { once: true });
  }

  #closeWindow(): void {
    if (this.#ended) return;
    const { bytes, windowMs } = this.#minRate;
    const message = `fewer than ${bytes} bytes of the body arrived in ${windowMs / 1000} seconds`;
    if (this.#fail && this.#inWindow < bytes) this.#fail(new SwipenetError('body_too_slow', message));
    else this.#openWindow();
  }
}
