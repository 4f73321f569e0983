import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An error that Firefox reports, such as `no such element`. */
export class MarionetteError extends Error {
  override readonly name = 'MarionetteError';
  /** Its name in the WebDriver standard. */
  readonly error: string;

  constructor(command: string, { error, message }: { error: string; message: string }) {
    super(`${command}: ${error}: ${message}`);
    this.error = error;
  }
}

/**
 * A client for Marionette, the protocol that drives Firefox and that geckodriver translates WebDriver to. Unlike WebDriver
 * BiDi, it also reaches the browser's own windows, where permission prompts are. Messages are JSON arrays, each with its
 * length in bytes and a colon in front: `[0, id, command, parameters]` and `[1, id, error, result]`. One command runs at a
 * time.
 */
export class Marionette {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown> & { command: string }>();
  #buffer = Buffer.alloc(0);
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('close', () => this.#giveUp(new Error('Firefox closed the connection')));
    socket.on('error', (error) => this.#giveUp(error));
  }

  /** Connects to the Firefox that listens on a port of this machine. */
  static async connect(port: number): Promise<Marionette> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Marionette(socket);
  }

  /** Runs a command and returns its result. Rejects with a {@link MarionetteError} if Firefox refuses it. */
  async send(command: string, parameters: object = {}): Promise<unknown> {
    this.#lastId += 1;
    const answer = { ...Promise.withResolvers<unknown>(), command };
    this.#waiting.set(this.#lastId, answer);
    const message = Buffer.from(JSON.stringify([0, this.#lastId, command, parameters]));
    this.#socket.write(Buffer.concat([Buffer.from(`${message.length}:`), message]));
    return await answer.promise;
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      const colon = this.#buffer.indexOf(':');
      const end = colon + 1 + Number(this.#buffer.toString('latin1', 0, Math.max(colon, 0)));
      if (colon < 0 || this.#buffer.length < end) return;
      const message: unknown = JSON.parse(this.#buffer.toString('utf8', colon + 1, end));
      this.#buffer = this.#buffer.subarray(end);
      if (Array.isArray(message)) this.#settle(message); // the first message is a greeting
    }
  }

  #settle([, id, error, result]: unknown[]): void {
    const answer = this.#waiting.get(id as number);
    this.#waiting.delete(id as number);
    if (error) answer?.reject(new MarionetteError(answer.command, error as { error: string; message: string }));
    else answer?.resolve(result);
  }

  #giveUp(error: Error): void {
    for (const answer of this.#waiting.values()) answer.reject(error);
    this.#waiting.clear();
  }
}
