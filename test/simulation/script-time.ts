import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import type { CDPSession, Page } from 'playwright-core';
import { EXTENSION_FOLDER } from '../support/extension-browser.ts';

const SCRIPT = 'content-scripts/dating.js';

/** Time between two samples, in microseconds. */
const INTERVAL_US = 250;

type CpuProfile = Awaited<ReturnType<Session['stop']>>['profile'];

/** What of the page's main thread went into the extension's content script. */
export interface ScriptTime {
  /** Milliseconds in all, what the script called included; and of these in drawing the overlay. */
  readonly totalMs: number;
  readonly overlayMs: number;
  /** Samples that fell into the script. */
  readonly samples: number;
}

class Session {
  readonly cdp: CDPSession;

  constructor(cdp: CDPSession) {
    this.cdp = cdp;
  }

  async start() {
    await this.cdp.send('Profiler.enable');
    await this.cdp.send('Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await this.cdp.send('Profiler.start');
  }

  stop() {
    return this.cdp.send('Profiler.stop');
  }
}

/** Begins to sample a page's main thread; the function that it gives ends that. */
export async function sampleScript(page: Page): Promise<() => Promise<ScriptTime>> {
  const session = new Session(await page.context().newCDPSession(page));
  await session.start();
  return async () => timeOf((await session.stop()).profile);
}

/**
 * A sample is the script's when the innermost function with an address is: what the browser does at its word (a selector
 * looked for, a layout asked for) has none of its own. The overlay's is one that has a function of its class on the stack.
 */
function timeOf({ nodes, samples = [], timeDeltas = [] }: CpuProfile): ScriptTime {
  const overlay = overlayRange();
  const parents = new Map<number, number>();
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const kinds = new Map<number, 'none' | 'script' | 'overlay'>();
  const kindOf = (id: number): 'none' | 'script' | 'overlay' => {
    let kind: 'none' | 'script' | 'overlay' | undefined;
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const { url, lineNumber, columnNumber } = byId.get(at)!.callFrame;
      if (url === '') continue;
      const ours = url.endsWith(SCRIPT);
      kind ??= ours ? 'script' : 'none';
      if (kind === 'script' && ours && overlay(lineNumber, columnNumber)) return 'overlay';
      if (kind === 'none') return kind;
    }
    return kind ?? 'none';
  };
  const time = { totalMs: 0, overlayMs: 0, samples: 0 };
  for (const [at, id] of samples.entries()) {
    if (!kinds.has(id)) kinds.set(id, kindOf(id));
    const kind = kinds.get(id);
    if (kind === 'none') continue;
    const ms = (timeDeltas[at + 1] ?? INTERVAL_US) / 1_000;
    time.samples += 1;
    time.totalMs += ms;
    if (kind === 'overlay') time.overlayMs += ms;
  }
  return time;
}

/** Tells whether a place in the built script is in the overlay's class, which is the one that attaches a shadow root. */
function overlayRange(): (line: number, column: number) => boolean {
  const text = readFileSync(join(EXTENSION_FOLDER, SCRIPT), 'utf8');
  const shadow = text.indexOf('attachShadow');
  let range = { start: -1, end: -1 };
  const look = ({ start, end }: { start: number; end: number }) => {
    if (start <= shadow && shadow < end) range = { start, end };
  };
  new Visitor({ ClassBody: look }).visit(parseSync(SCRIPT, text).program);
  const lines = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
  return (line, column) => {
    const place = (lines[line] ?? 0) + column;
    return range.start <= place && place < range.end;
  };
}
