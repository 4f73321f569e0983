// biome-ignore-all lint/a11y/useSemanticElements: a table can’t draw only the rows in view
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid has the keys
import type { Label } from '@swipenet/shared/confidence.ts';
import { useEffect, useRef } from 'preact/hooks';
import { formatCount, formatPercent } from '../../parts/format.ts';
import { useFacts } from '../../photos/known-facts.ts';
import { Thumbnail } from '../../photos/thumbnail.tsx';
import { moved, movedTo, rangeOf, type Selection } from './selection.ts';
import { useVirtualRows } from './use-virtual-rows.ts';

/** The size of a tile with its gap, in pixels: a thumbnail of 128 × 128, and a line below it. */
const TILE = { width: 140, height: 166 };

/** What the grid shows. */
export interface PhotoGridProps {
  readonly dataset: string;
  /** Changes when the dataset's labels were checked. */
  readonly version: string;
  /** The numbers of the photos, in order. */
  readonly numbers: Uint32Array;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  /** The changed labels of profiles, by number. */
  readonly changes: ReadonlyMap<number, Label>;
  /** The numbers of the photos that the next version leaves out. */
  readonly dropped: ReadonlySet<number>;
}

/**
 * Photos in rows, as many as fit. Only the rows in view exist, so the focus stays on the grid, which names the active photo
 * (`aria-activedescendant`): a focused photo that scrolls out of view would take the focus along.
 */
export function PhotoGrid({ numbers, selection, onSelect, ...shown }: PhotoGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const columnsRef = useRef(1);
  const count = numbers.length;
  const rowCount = Math.ceil(count / columnsRef.current);
  const { rows, height, size, isFlying, scrollTo } = useVirtualRows(grid, rowCount, TILE.height);
  const columns = Math.max(1, Math.floor(size.width / TILE.width));
  columnsRef.current = columns;
  const [first, last] = rangeOf(selection);
  useEffect(() => scrollTo(Math.floor(selection.active / columns)), [selection.active, columns]);
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(size.height / TILE.height));
    const next = moved(selection, event, { count, columns, page });
    if (!next) return;
    event.preventDefault();
    onSelect(next);
  };
  return (
    <div
      ref={grid}
      class="photos"
      role="grid"
      tabIndex={0}
      aria-label="Photos"
      aria-multiselectable="true"
      aria-rowcount={Math.ceil(count / columns)}
      aria-colcount={columns}
      aria-activedescendant={count === 0 ? undefined : `photo-${selection.active}`}
      onKeyDown={press}
    >
      <div role="presentation" class="photos-all" style={{ height: `${height}px` }}>
        {rows.map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            class="photos-row"
            style={{ transform: `translateY(${row.start}px)` }}
          >
            {[...numbers.subarray(row.index * columns, (row.index + 1) * columns)].map((number, column) => {
              const place = row.index * columns + column;
              return (
                <div
                  key={place}
                  id={`photo-${place}`}
                  role="gridcell"
                  class={`tile${place === selection.active ? ' active' : ''}`}
                  aria-colindex={column + 1}
                  aria-selected={place >= first && place <= last}
                  onClick={(event) => onSelect(movedTo(selection, place, event.shiftKey))}
                >
                  {isFlying ? <span class="thumbnail" /> : <Tile {...shown} number={number} />}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function Tile({
  dataset,
  version,
  number,
  changes,
  dropped,
}: Pick<PhotoGridProps, 'dataset' | 'version' | 'changes' | 'dropped'> & { number: number }) {
  const facts = useFacts(dataset, version, number);
  const changed = facts && changes.get(facts.profile);
  const label = changed ?? facts?.label;
  const isDropped = dropped.has(number);
  return (
    <>
      <Thumbnail dataset={dataset} number={number} name={`Photo ${formatCount(number)}`} />
      <span class="tile-line">
        <span class={`label ${label ?? ''}`}>{label ?? ' '}</span>
        {(isDropped || changed) && <span class="changed">{isDropped ? 'dropped' : 'changed'}</span>}
        {facts && !isDropped && !changed && facts.like !== null && (
          <span class="hint">fits {formatPercent(facts.label === 'LIKE' ? facts.like : 1 - facts.like)}</span>
        )}
      </span>
    </>
  );
}
