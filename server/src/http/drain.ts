import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** How long a draining server waits for clients that are still sending their request. */
const UPLOAD_MS = 2_000;

/**
 * Lets a server shut down gracefully. Draining stops new connections, tells clients that their connection closes after
 * the response, and closes idle connections.
 *
 * @returns a function that drains the server and resolves when every request that has arrived is answered.
 */
export function drainable(server: Server): () => Promise<void> {
  const active = new Map<ServerResponse, IncomingMessage>();
  let draining = false;
  const endIfDone = () => {
    if (draining && active.size === 0) server.closeAllConnections();
  };
  // Comes before the handler, which may respond synchronously.
  server.prependListener('request', (request, response) => {
    active.set(response, request);
    if (draining) response.setHeader('Connection', 'close');
    response.once('close', () => {
      active.delete(response);
      endIfDone();
    });
  });
  return async () => {
    draining = true;
    const closed = new Promise((resolve) => server.close(resolve));
    const cutOff = setTimeout(() => {
      for (const request of active.values()) if (!request.complete) request.destroy();
    }, UPLOAD_MS);
    endIfDone();
    await closed;
    clearTimeout(cutOff);
  };
}
