import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** A client that is still sending its request after this long of a drain is cut off. */
const UPLOAD_MS = 2_000;

/**
 * Makes a server end well: from the drain on it takes no connection, tells every client that its connection ends with
 * the answer, and resolves when the requests that had come are answered. Idle connections end at once.
 *
 * @returns the function that drains.
 */
export function drainable(server: Server): () => Promise<void> {
  const active = new Map<ServerResponse, IncomingMessage>();
  let draining = false;
  const endIfDone = () => {
    if (draining && active.size === 0) server.closeAllConnections();
  };
  // Before the handler, which may answer at once.
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
