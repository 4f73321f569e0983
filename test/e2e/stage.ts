import { DemoTwin } from '../support/demo-twin.ts';
import { RealServer } from '../support/real-server.ts';

/** What the browser test plays on: the real server, and a page with a deck. */
export interface Stage {
  readonly server: RealServer;
  /** The page with a deck, without parameters. */
  readonly pageUrl: string;
  /** The threshold to set, in percent, that puts this page's photos on both sides; empty: the model's own. */
  readonly threshold: string;
  readonly close: () => Promise<void>;
}

/** Starts server and page. */
export async function openStage(): Promise<Stage> {
  const server = await RealServer.start();
  const twin = await DemoTwin.start();
  // The server's own page: pageUrl `${server.url}/demo`, threshold ''.
  return {
    server,
    pageUrl: twin.url,
    threshold: '5',
    close: async () => {
      twin.close();
      await server.remove();
    },
  };
}
