import type { CDPSession, Page } from 'playwright-core';

/** A node of the browser's own tree (DevTools protocol), as far as it is looked at. */
interface Node {
  readonly nodeName: string;
  readonly nodeValue: string;
  readonly attributes?: string[];
  readonly children?: Node[];
  readonly shadowRoots?: Node[];
}

/** What stands in the overlay; undefined: not shown. */
export interface ShownOverlay {
  /** Word and percent on the photo that is visible. */
  readonly badge: string | undefined;
  /** The decision with its reason, or what it waits for. */
  readonly line: string | undefined;
  /** That it is the person's turn, on the card or at the top of the page. */
  readonly note: string | undefined;
}

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/**
 * Reads the overlay of a page. Its shadow root is closed, to the page's script as to Playwright's locators, so this asks
 * the browser as its developer tools do.
 */
export async function readOverlay(page: Page): Promise<ShownOverlay> {
  if (!sessions.has(page)) sessions.set(page, page.context().newCDPSession(page));
  const session = await sessions.get(page)!;
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
  const overlay = find(root, ({ nodeName }) => nodeName === 'SWIPENET-OVERLAY');
  const classed = (...names: string[]) => {
    const found =
      overlay && find(overlay, (node) => names.every((name) => attribute(node, 'class')?.split(' ').includes(name)));
    return found && textOf(found);
  };
  return { badge: classed('pill'), line: classed('line'), note: classed('note') ?? classed('toast') };
}

/** The first node that fits, leaving out what is hidden with all it holds. */
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
