import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import { RealServer } from '../support/real-server.ts';

/** A browser with a session of a real server, as people get one: by the link that the server printed. */
export class StudioBrowser {
  readonly server: RealServer;
  readonly context: BrowserContext;
  /** What went wrong in the pages so far: errors of scripts and in the console. */
  readonly errors: string[] = [];
  readonly #browser: Browser;

  private constructor(server: RealServer, browser: Browser, context: BrowserContext) {
    this.server = server;
    this.#browser = browser;
    this.context = context;
    context.on('weberror', (error) => this.errors.push(error.error().message));
    context.on('console', (line) => line.type() === 'error' && this.errors.push(line.text()));
  }

  /** Starts a server and a browser, and opens the session. */
  static async open(chromium: string, flags: readonly string[] = []): Promise<StudioBrowser> {
    const [server, browser] = await Promise.all([
      RealServer.start(flags),
      playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] }),
    ]);
    const context = await browser.newContext();
    context.setDefaultTimeout(10_000);
    const opened = new StudioBrowser(server, browser, context);
    await opened.openSession(server.link);
    return opened;
  }

  /** Opens the start page by its link, which works once. */
  async openSession(link: string): Promise<void> {
    const page = await this.context.newPage();
    await page.goto(link);
    await page.getByText('This page is ready').waitFor();
    await page.close();
  }

  /** Opens a screen in a new tab: `/` or `/models`. */
  async openScreen(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(`${this.server.url}/studio${path === '/' ? '' : path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.remove();
  }
}
