import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** Passes connections on to a server, which a test can make unreachable and reachable again at once. */
export class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(port: number) {
    this.#server = createServer((socket) => {
      if (this.#isCut) return void socket.destroy();
      const onward = connect(port, '127.0.0.1');
      for (const end of [socket, onward]) this.#sockets.add(end.once('close', () => this.#sockets.delete(end)));
      const whenOver = () => {}; // each pipeline closes its own end with the other one
      pipeline(socket, onward, whenOver);
      pipeline(onward, socket, whenOver);
    });
  }

  /** @param url the address of a server on this machine. */
  static async start(url: string): Promise<Relay> {
    const relay = new Relay(Number(new URL(url).port));
    await once(relay.#server.listen(0, '127.0.0.1'), 'listening');
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Breaks every connection, and every new one at once. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
