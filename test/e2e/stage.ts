import { RealServer } from '../support/real-server.ts';

/** What the browser test plays on: the real server, and a page with a deck. */
export interface Stage {
  readonly server: RealServer;
  /** The page with a deck, without parameters; what it needs lies below it. */
  readonly pageUrl: string;
  readonly close: () => Promise<void>;
}

/** Starts the server, whose own demo page is the page. */
export async function openStage(flags: readonly string[] = []): Promise<Stage> {
  const server = await RealServer.start(flags);
  return { server, pageUrl: `${server.url}/demo`, close: () => server.remove() };
}
