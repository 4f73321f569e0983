/** One way to find a role on a page: what it rests on, and the month of the page it was seen on. */
export interface Anchor {
  /** A CSS selector. */
  readonly match: string;
  /** What the element says, where the selector alone doesn't tell. */
  readonly text?: RegExp;
  readonly since: string;
  readonly why: string;
}

/** A site's roles, each with its anchors, the most reliable first. */
export type AnchorPack<Role extends string = string> = Readonly<Record<Role, readonly Anchor[]>>;

/** The elements of the first anchor that finds any that is accepted. */
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

/** The elements of every anchor, in document order: for roles where missing one is worse than finding one too many. */
export function resolveAll(anchors: readonly Anchor[], root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(selectorOf(anchors))];
}

/** Which anchors of a role match below a root, of how many: `2/3`, `1+2/3`, or `0/3`. */
export function matchedBy(anchors: readonly Anchor[], root: ParentNode | undefined): string {
  const by = anchors.flatMap((anchor, at) => (root && matching(anchor, root).length > 0 ? [at + 1] : []));
  return `${by.join('+') || 0}/${anchors.length}`;
}

/** One selector for all anchors of a role. */
export function selectorOf(anchors: readonly Anchor[]): string {
  return anchors.map(({ match }) => match).join();
}

function matching({ match, text }: Anchor, root: ParentNode): HTMLElement[] {
  const elements = [...root.querySelectorAll<HTMLElement>(match)];
  return text ? elements.filter(({ textContent }) => text.test(textContent.trim())) : elements;
}
