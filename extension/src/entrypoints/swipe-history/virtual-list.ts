/** How many rows to draw beyond each edge, so that scrolling meets rows that are there already. */
const BEYOND = 8;

/** What a list shows. */
export interface VirtualListParts<Item> {
  /** Scrolls, and contains `rows`. */
  readonly scroller: HTMLElement;
  /** The list itself, as tall as all of its rows. */
  readonly rows: HTMLElement;
  /** Fills in the button of a row. The button may have shown another item before. */
  readonly fill: (button: HTMLElement, item: Item) => void;
  /** The person clicked a row, or pressed Enter on it. */
  readonly open: (item: Item) => void;
}

/**
 * A list of any length that draws only the rows in view. All rows are equally tall. One row can be reached with Tab, and
 * from there the others with the arrow keys, Page Up, Page Down, Home and End.
 */
export class VirtualList<Item> {
  readonly #parts: VirtualListParts<Item>;
  readonly #drawn = new Map<number, HTMLElement>();
  #items: readonly Item[] = [];
  /** The row that Tab reaches. */
  #active = 0;
  #rowHeight = 0;
  #isDrawing = false;

  constructor(parts: VirtualListParts<Item>) {
    this.#parts = parts;
    const { scroller, rows, open } = parts;
    scroller.addEventListener('scroll', () => this.#drawSoon(), { passive: true });
    new ResizeObserver(() => {
      this.#rowHeight = 0; // narrow windows have taller rows
      this.show(this.#items);
    }).observe(scroller);
    rows.addEventListener('click', ({ target }) => {
      const index = this.#indexOf(target as Node);
      if (index === undefined) return;
      this.#activate(index);
      open(this.#items[index]!);
    });
    rows.addEventListener('keydown', (event) => {
      const to = this.#goal(event.key);
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.#activate(to);
      this.#drawn.get(this.#active)?.querySelector('button')?.focus({ preventScroll: true });
    });
  }

  /** Shows other items, or items that changed. The position stays, unless `fromStart`. */
  show(items: readonly Item[], { fromStart = false } = {}): void {
    this.#items = items;
    this.#active = fromStart ? 0 : Math.max(0, Math.min(this.#active, items.length - 1));
    if (fromStart) this.#parts.scroller.scrollTop = 0;
    this.#draw();
    for (const [index, row] of this.#drawn) this.#fill(row, index);
  }

  /** Draws before the next frame, however often this is called. */
  #drawSoon(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { scroller, rows } = this.#parts;
    const { length } = this.#items;
    this.#rowHeight ||= this.#measure();
    if (this.#rowHeight === 0) return; // it is hidden, and drawn once it isn't
    rows.style.height = `${length * this.#rowHeight}px`;
    const first = Math.max(0, Math.floor(scroller.scrollTop / this.#rowHeight) - BEYOND);
    const last = Math.min(length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / this.#rowHeight) + BEYOND);
    const wanted = new Set(Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at));
    if (this.#active < length) wanted.add(this.#active); // it may have the focus
    const free: HTMLElement[] = [];
    for (const [index, row] of this.#drawn) {
      if (wanted.has(index)) continue;
      row.remove();
      this.#drawn.delete(index);
      free.push(row);
    }
    // Rows that stay are never moved, because that would take the focus away. They are in order already.
    let previous: HTMLElement | null = null;
    for (const index of [...wanted].sort((one, other) => one - other)) {
      let row = this.#drawn.get(index);
      if (!row) {
        row = free.pop() ?? this.#newRow();
        this.#drawn.set(index, row);
        this.#fill(row, index);
        rows.insertBefore(row, previous ? previous.nextSibling : rows.firstChild);
      }
      previous = row;
    }
  }

  #fill(row: HTMLElement, index: number): void {
    const button = row.firstElementChild as HTMLElement;
    row.style.transform = `translateY(${index * this.#rowHeight}px)`;
    row.setAttribute('aria-posinset', String(index + 1));
    row.setAttribute('aria-setsize', String(this.#items.length));
    button.tabIndex = index === this.#active ? 0 : -1;
    this.#parts.fill(button, this.#items[index]!);
  }

  #newRow(): HTMLElement {
    const row = this.#parts.rows.ownerDocument.createElement('div');
    row.role = 'listitem';
    const button = row.ownerDocument.createElement('button');
    button.type = 'button';
    row.append(button);
    return row;
  }

  #measure(): number {
    const row = this.#newRow();
    this.#parts.rows.append(row);
    const height = row.offsetHeight;
    row.remove();
    return height;
  }

  /** Makes a row the one that Tab reaches, and scrolls to it. */
  #activate(index: number): void {
    const before = this.#active;
    const { scroller } = this.#parts;
    this.#active = index;
    const topPx = index * this.#rowHeight;
    const bottomPx = topPx + this.#rowHeight - scroller.clientHeight;
    if (topPx < scroller.scrollTop) scroller.scrollTop = topPx;
    else if (bottomPx > scroller.scrollTop) scroller.scrollTop = bottomPx;
    this.#draw();
    for (const at of [before, index]) {
      const row = this.#drawn.get(at);
      if (row) this.#fill(row, at);
    }
  }

  /** Returns the row that a key leads to, or undefined for other keys. */
  #goal(key: string): number | undefined {
    const page = Math.max(1, Math.floor(this.#parts.scroller.clientHeight / this.#rowHeight) - 1);
    const last = this.#items.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page },
      ...{ Home: -last, End: last },
    };
    const step = steps[key];
    return step === undefined || last < 0 ? undefined : Math.max(0, Math.min(last, this.#active + step));
  }

  #indexOf(node: Node): number | undefined {
    for (const [index, row] of this.#drawn) if (row.contains(node)) return index;
    return undefined;
  }
}
