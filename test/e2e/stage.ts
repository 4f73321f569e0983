import { RealServer } from '../support/real-server.ts';
import { SHARED_DEMO } from '../support/shared-demo.ts';

/** What the browser test plays on: the real server, and a page with a deck. */
export interface Stage {
  readonly server: RealServer;
  /** The page with a deck, without parameters; what it needs lies below it. */
  readonly pageUrl: string;
  readonly close: () => Promise<void>;
}

/** Starts the server. The page is the demo page that all files share, or else the server's own. */
export async function openStage(flags: readonly string[] = []): Promise<Stage> {
  const server = await RealServer.start(flags);
  return { server, pageUrl: process.env[SHARED_DEMO] ?? `${server.url}/demo`, close: () => server.remove() };
}
