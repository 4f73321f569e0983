import { serve } from '@hono/node-server';
import { createDemo } from '@swipenet/server/demo/demo.ts';
import { Hono } from 'hono';

/** The variable that has the address of the shared demo page. */
export const SHARED_DEMO = 'SWIPENET_TEST_DEMO';

/**
 * Vitest's global setup of the browser tests: one demo page for all files, because they play on the same decks and
 * drawing a photo takes 85 ms. Each of them starts a server of its own, which has a demo page, too.
 */
export async function setup(): Promise<() => void> {
  const app = new Hono().route('/demo', createDemo());
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => resolve(port));
  process.env[SHARED_DEMO] = `http://127.0.0.1:${await promise}/demo`;
  return () => void server.close();
}
