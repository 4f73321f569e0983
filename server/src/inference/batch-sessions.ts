import {
  type openSession as open,
  openSession,
  type Session,
  type SessionOptions,
  type Tensor,
} from '../runtime/session.ts';

/** A session for batches of one size. */
interface SizedSession {
  readonly size: number;
  readonly session: Session;
}

/**
 * A model whose batches are padded, with one session for each size. A session that gets another size than before plans
 * its convolutions anew, so each gets only its own.
 */
export class BatchSessions implements Session {
  readonly #sessions: readonly SizedSession[];

  private constructor(sessions: readonly SizedSession[]) {
    this.#sessions = sessions;
  }

  /**
   * Opens the sessions one after the other.
   *
   * @param sizes ascending. If there are none, the session is an ordinary one that takes any size.
   * @param openOne replaced in tests.
   * @throws Error with ONNX Runtime's message.
   */
  static async open(
    options: SessionOptions,
    sizes: readonly number[],
    openOne: typeof open = openSession,
  ): Promise<Session> {
    if (sizes.length === 0) return openOne(options);
    const sessions: SizedSession[] = [];
    for (const size of sizes) sessions.push({ size, session: await openOne(options) });
    return new BatchSessions(sessions);
  }

  /**
   * Runs a batch in the first session that has room for it. The first axis of every input and output counts the photos.
   *
   * @throws RangeError if the batch is larger than any session's.
   */
  async run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor<Float32Array>>> {
    const count = Object.values(inputs)[0]?.shape[0] ?? 0;
    const sized = this.#sessions.find(({ size }) => size >= count);
    if (!sized)
      throw new RangeError(`the batch has ${count} photos, and the largest has ${this.#sessions.at(-1)?.size}`);
    const { size, session } = sized;
    if (size === count) return session.run(inputs);
    const padded = Object.entries(inputs).map(([name, tensor]) => [name, withRows(tensor, size)]);
    const outputs = await session.run(Object.fromEntries(padded));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { data, shape }]) => [
        name,
        { data: data.subarray(0, (count * data.length) / size), shape: shape.with(0, count) },
      ]),
    );
  }

  async close(): Promise<void> {
    for (const { session } of this.#sessions) await session.close();
  }
}

/** Pads a tensor with zeros along its first axis. */
function withRows({ data, shape }: Tensor, rows: number): Tensor {
  const Data = data.constructor as new (length: number) => typeof data;
  const padded = new Data((data.length / shape[0]!) * rows);
  padded.set(data);
  return { data: padded, shape: shape.with(0, rows) };
}
