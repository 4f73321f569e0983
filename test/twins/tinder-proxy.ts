import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** A proxy behind which a twin is https://tinder.com and all of its hosts, and no other host can be reached. */
export class TinderProxy {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Starts it on a free port of the loopback, for the twin that listens on another one. */
  static async start(twin: { readonly port: number }): Promise<TinderProxy> {
    const server = createServer((_, response) => void response.writeHead(403).end());
    server.on('connect', ({ url = '' }, client) => {
      client.on('error', () => client.destroy()); // the browser may close a connection at any time
      if (!/(^|\.)(tinder|gotinder)\.com:443$/.test(url)) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      const there = connect(twin.port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connected\r\n\r\n');
        there.pipe(client).pipe(there);
      });
      there.on('error', () => client.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TinderProxy(server);
  }

  /** The preferences under which Firefox uses it for https. It never uses one for this machine. */
  get preferences(): Record<string, string | number> {
    const { port } = this.#server.address() as AddressInfo;
    return { 'network.proxy.type': 1, 'network.proxy.ssl': '127.0.0.1', 'network.proxy.ssl_port': port };
  }

  /** Ends it. Close the browser first. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
