/** One way to find a role on a page. */
export interface Anchor {
  /** A CSS selector. */
  readonly match: string;
  /** The element's text, if the selector alone isn't enough. */
  readonly text?: RegExp;
  /** The month of the page it was seen on, as `YYYY-MM`. */
  readonly since: string;
  /** What it relies on. */
  readonly why: string;
}

/** A site's roles, each with its anchors, most reliable first. */
export type AnchorPack<Role extends string = string> = Readonly<Record<Role, readonly Anchor[]>>;

/** Returns the accepted elements of the first anchor that finds any. */
export function resolve(
  anchors: readonly Anchor[],
  root: ParentNode,
  accepts: (element: HTMLElement) => boolean = () => true,
): HTMLElement[] {
  for (const anchor of anchors) {
    const elements = matching(anchor, root).filter(accepts);
    if (elements.length > 0) return elements;
  }
  return [];
}

/** Returns the elements of all anchors in document order, for roles where a false positive beats a miss. */
export function resolveAll(anchors: readonly Anchor[], root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(selectorOf(anchors))];
}

/** Returns which of a role's anchors match below a root, and how many it has: `2/3`, `1+2/3` or `0/3`. */
export function matchedBy(anchors: readonly Anchor[], root: ParentNode | undefined): string {
  const by = anchors.flatMap((anchor, at) => (root && matching(anchor, root).length > 0 ? [at + 1] : []));
  return `${by.join('+') || 0}/${anchors.length}`;
}

/** Returns one selector for all anchors of a role. */
export function selectorOf(anchors: readonly Anchor[]): string {
  return anchors.map(({ match }) => match).join();
}

function matching({ match, text }: Anchor, root: ParentNode): HTMLElement[] {
  const elements = [...root.querySelectorAll<HTMLElement>(match)];
  return text ? elements.filter(({ textContent }) => text.test(textContent.trim())) : elements;
}
