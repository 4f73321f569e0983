/** What is selected in a list: everything from `anchor` to `end`, and the one place that keys act from. */
export interface Selection {
  readonly active: number;
  readonly anchor: number;
  readonly end: number;
}

export const NOTHING_MOVED: Selection = { active: 0, anchor: 0, end: 0 };

/** The part of a keyboard event that moves a selection. */
export type MoveKey = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey'>;

/** Returns the first and last selected place. */
export const rangeOf = ({ anchor, end }: Selection): readonly [first: number, last: number] => [
  Math.min(anchor, end),
  Math.max(anchor, end),
];

/**
 * Moves a selection through a grid of `count` places as a key says, or returns undefined if the key doesn't. With Shift, it
 * grows; Ctrl or Cmd with A selects everything.
 *
 * @param page the number of rows that are in view.
 */
export function moved(
  selection: Selection,
  { key, shiftKey, ctrlKey, metaKey }: MoveKey,
  { count, columns, page }: { count: number; columns: number; page: number },
): Selection | undefined {
  const command = ctrlKey || metaKey;
  const { active } = selection;
  if (command && key.toLowerCase() === 'a') return { active, anchor: 0, end: count - 1 };
  const column = active % columns;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: active - 1,
    ArrowRight: active + 1,
    ArrowUp: active - columns,
    ArrowDown: active + columns,
    PageUp: Math.max(column, active - page * columns),
    PageDown: active + page * columns,
    Home: command ? 0 : active - column,
    End: command ? count - 1 : active - column + columns - 1,
  };
  const target = steps[key];
  if (target === undefined || count === 0) return undefined;
  return movedTo(
    selection,
    key === 'ArrowUp' && target < 0 ? active : Math.max(0, Math.min(count - 1, target)),
    shiftKey,
  );
}

/** Moves a selection to a place, for example one that was clicked. */
export const movedTo = (selection: Selection, place: number, extend: boolean): Selection => ({
  active: place,
  anchor: extend ? selection.anchor : place,
  end: place,
});
