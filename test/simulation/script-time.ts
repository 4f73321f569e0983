import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import type { Page } from 'playwright-core';
import { EXTENSION_FOLDER } from '../support/extension-browser.ts';

const SCRIPT = 'content-scripts/tinder.js';

/** Time between two samples, in microseconds. */
const INTERVAL_US = 250;

/** What `Profiler.stop` gives, as far as it is looked at. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
      readonly columnNumber: number;
    };
    readonly children?: readonly number[];
  }[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** What of the page's main thread went into the extension's content script. */
export interface ScriptTime {
  /** Milliseconds of processor time in all, what the script called included; and of these in drawing the overlay. */
  readonly totalMs: number;
  readonly overlayMs: number;
  /** Samples that fell into the script. */
  readonly samples: number;
}

/** Begins to sample a page's main thread; the function that it gives ends that. */
export async function sampleScript(page: Page): Promise<() => Promise<ScriptTime>> {
  const session = await page.context().newCDPSession(page);
  const threadMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN);
  };
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await session.send('Profiler.start');
  const before = await threadMs();
  return async () => {
    const spent = (await threadMs()) - before;
    return timeOf((await session.send('Profiler.stop')).profile, spent);
  };
}

/**
 * A sample is the script's when the innermost function with an address is: what the browser does at its word (a selector
 * looked for, a layout asked for) has none of its own. The overlay's is one that has a function of its class on the stack.
 * Samples tell by the clock on the wall, which also runs while another process has the core; so they only say which share
 * of the thread's own processor time it was.
 */
function timeOf({ nodes, samples = [], timeDeltas = [] }: CpuProfile, threadMs: number): ScriptTime {
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
  const wallUs = { none: 0, script: 0, overlay: 0 };
  let inScript = 0;
  for (const [at, id] of samples.entries()) {
    if (byId.get(id)?.callFrame.functionName === '(idle)') continue;
    if (!kinds.has(id)) kinds.set(id, kindOf(id));
    const kind = kinds.get(id)!;
    if (kind !== 'none') inScript += 1;
    wallUs[kind] += timeDeltas[at + 1] ?? INTERVAL_US;
  }
  const scale = threadMs / (wallUs.none + wallUs.script + wallUs.overlay);
  return { totalMs: (wallUs.script + wallUs.overlay) * scale, overlayMs: wallUs.overlay * scale, samples: inScript };
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
