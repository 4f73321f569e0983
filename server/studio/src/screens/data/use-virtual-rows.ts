import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';

/** How many rows are drawn above and below those in view. */
const OVERSCAN = 3;

/** How long nothing may scroll until scrolling has stopped. */
const STOPPED_MS = 100;

/** The rows of a scrolling element that are in view. */
export interface VirtualRows {
  readonly rows: readonly VirtualItem[];
  /** The height of all rows, in pixels. */
  readonly height: number;
  /** The size of the element, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** True while rows fly past faster than anyone can look at them. */
  readonly isFlying: boolean;
  readonly scrollTo: (row: number) => void;
}

/** Draws only the rows in view, however many there are. Every row has the same height, so nothing has to be measured. */
export function useVirtualRows(element: RefObject<HTMLElement | null>, count: number, rowHeight: number): VirtualRows {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [flight] = useState({ offset: 0, isFlying: false });
  const options = {
    ...{ count, overscan: OVERSCAN, isScrollingResetDelay: STOPPED_MS },
    getScrollElement: () => element.current,
    estimateSize: () => rowHeight,
    ...{ observeElementRect, observeElementOffset, scrollToFn: elementScroll },
    onChange: (rows: Virtualizer<HTMLElement, Element>) => {
      const offset = rows.scrollOffset ?? 0;
      flight.isFlying = rows.isScrolling && Math.abs(offset - flight.offset) > (rows.scrollRect?.height ?? 0);
      flight.offset = offset;
      redraw(undefined);
    },
  };
  const rows = useMemo(() => new Virtualizer<HTMLElement, Element>(options), []);
  rows.setOptions(options);
  useEffect(() => rows._didMount(), []);
  useEffect(() => rows._willUpdate());
  useEffect(() => rows.measure(), [rowHeight]);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      setSize({ width, height });
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return {
    ...{ rows: rows.getVirtualItems(), height: rows.getTotalSize(), size, isFlying: flight.isFlying },
    scrollTo: (row) => rows.scrollToIndex(row, { align: 'auto' }),
  };
}
