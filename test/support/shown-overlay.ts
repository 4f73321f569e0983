import type { CDPSession, Page } from 'playwright-core';

/** The part of a DevTools protocol DOM node that is used here. */
interface Node {
  readonly nodeId: number;
  readonly nodeName: string;
  readonly nodeValue: string;
  readonly attributes?: string[];
  readonly children?: Node[];
  readonly shadowRoots?: Node[];
}

/** The visible texts of the overlay. */
export interface ShownOverlay {
  /** The word and the percentage on the visible photo. */
  readonly badge: string | undefined;
  /** The decision and its reason, or what it is waiting for. */
  readonly line: string | undefined;
  /** The note that hands control to the person, on the card or at the top of the page. */
  readonly note: string | undefined;
  /** What came of the person's last swipe. */
  readonly remark: string | undefined;
}

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/**
 * Reads the overlay of a page. Its shadow root is closed to the page's scripts and to Playwright's locators, so this
 * uses the DevTools protocol.
 */
export async function readOverlay(page: Page): Promise<ShownOverlay> {
  const { root } = await treeOf(page);
  const overlay = find(root, ({ nodeName }) => nodeName === 'SWIPENET-OVERLAY');
  const classed = (name: string, without?: string) => {
    const fits = (classes: string[]) => classes.includes(name) && !(without && classes.includes(without));
    const found = overlay && find(overlay, (node) => fits(classesOf(node)));
    return found && textOf(found);
  };
  return {
    badge: classed('pill', 'line'),
    line: classed('line'),
    note: classed('note') ?? classed('toast', 'remark'),
    remark: classed('remark'),
  };
}

/** Returns a page's DOM tree with its shadow roots, and the session that read it. */
async function treeOf(page: Page): Promise<{ session: CDPSession; root: Node }> {
  if (!sessions.has(page)) sessions.set(page, page.context().newCDPSession(page));
  const session = await sessions.get(page)!;
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
  return { session, root };
}

const classesOf = (node: Node) => attribute(node, 'class')?.split(' ') ?? [];

/** Finds the first node that fits, skipping hidden subtrees. */
function find(node: Node, fits: (node: Node) => boolean): Node | undefined {
  if (attribute(node, 'hidden') !== undefined) return undefined;
  if (fits(node)) return node;
  for (const child of [...(node.shadowRoots ?? []), ...(node.children ?? [])]) {
    const found = find(child, fits);
    if (found) return found;
  }
  return undefined;
}

function attribute({ attributes = [] }: Node, name: string): string | undefined {
  for (let at = 0; at < attributes.length; at += 2) if (attributes[at] === name) return attributes[at + 1];
  return undefined;
}

function textOf({ nodeName, nodeValue, children = [] }: Node): string {
  return nodeName === '#text' ? nodeValue : children.map(textOf).join('');
}

/** The boxes that the overlay has drawn on the page, in pixels: its pills, its strip, its note. */
export async function overlayBoxes(page: Page): Promise<{ x: number; y: number; width: number; height: number }[]> {
  const { session, root } = await treeOf(page);
  const overlay = find(root, ({ nodeName }) => nodeName === 'SWIPENET-OVERLAY');
  const boxes = [];
  for (const name of ['pill', 'strip', 'line', 'note', 'toast']) {
    const node = overlay && find(overlay, (drawn) => classesOf(drawn).includes(name));
    if (!node) continue;
    const drawn = await session.send('DOM.getBoxModel', { nodeId: node.nodeId }).catch((error: Error) => {
      if (/box model|Could not find node/.test(error.message)) return undefined; // it is hidden or drawn anew by now
      throw error;
    });
    if (!drawn) continue;
    const [x = 0, y = 0] = drawn.model.border;
    boxes.push({ x, y, width: drawn.model.width, height: drawn.model.height });
  }
  return boxes;
}

/** A computed style of a part of the overlay, by the part's class; undefined while it isn't shown. */
export async function overlayStyle(page: Page, part: string, property: string): Promise<string | undefined> {
  const { session, root } = await treeOf(page);
  const overlay = find(root, ({ nodeName }) => nodeName === 'SWIPENET-OVERLAY');
  const node = overlay && find(overlay, (drawn) => classesOf(drawn).includes(part));
  if (!node) return undefined;
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { computedStyle } = await session.send('CSS.getComputedStyleForNode', { nodeId: node.nodeId });
  return computedStyle.find(({ name }) => name === property)?.value;
}

/** Where a part of the control on the page is, by its class, in pixels. Undefined while it isn't shown. */
export async function controlBox(page: Page, part = 'bar'): Promise<Shape | undefined> {
  const { session, node } = await controlPart(page, part);
  if (!node) return undefined;
  const { model } = await session.send('DOM.getBoxModel', { nodeId: node.nodeId });
  const [x = 0, y = 0] = model.border;
  return { x, y, width: model.width, height: model.height };
}

/** What the control says: its state in one word, the reason, and the name of its button. Undefined while it isn't shown. */
export async function readControl(page: Page): Promise<ShownControl | undefined> {
  const { node: bar } = await controlPart(page, 'bar');
  if (!bar) return undefined;
  const part = (name: string) => find(bar, (node) => classesOf(node).includes(name));
  const act = part('act');
  return {
    state: textOf(part('state')!),
    why: attribute(bar, 'title') ?? '',
    button: act && attribute(act, 'aria-label'),
  };
}

/** Gives the keyboard's focus to a part of the control, by its class. */
export async function focusControl(page: Page, part: string): Promise<void> {
  const { session, node } = await controlPart(page, part);
  await session.send('DOM.focus', { nodeId: node!.nodeId });
}

/** The text of a part of the control, by its class. Undefined while it isn't shown. */
export async function controlText(page: Page, part: string): Promise<string | undefined> {
  const { node } = await controlPart(page, part);
  return node && textOf(node);
}

/** What a person reads in the control. */
export interface ShownControl {
  readonly state: string;
  readonly why: string;
  readonly button: string | undefined;
}

interface Shape {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function controlPart(page: Page, part: string) {
  const { session, root } = await treeOf(page);
  const control = find(root, ({ nodeName }) => nodeName === 'SWIPENET-CONTROL');
  return { session, node: control && find(control, (node) => classesOf(node).includes(part)) };
}

/** The markup of the overlay or of the control as it is drawn, which its closed shadow root keeps from the page's scripts. */
export async function drawnMarkup(page: Page, tag: 'SWIPENET-OVERLAY' | 'SWIPENET-CONTROL'): Promise<string> {
  const { session, root } = await treeOf(page);
  const host = find(root, ({ nodeName }) => nodeName === tag);
  const drawn = host?.shadowRoots?.[0]?.children ?? [];
  const markup = drawn.map(({ nodeId }) => session.send('DOM.getOuterHTML', { nodeId }));
  return (await Promise.all(markup)).map(({ outerHTML }) => outerHTML).join('');
}
