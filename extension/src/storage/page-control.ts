import { type Place, parsePlace } from '../control-acts.ts';
import { array, boolean, object, type Parsed, string } from '../parse.ts';
import { changeState, readState, type StoredState, watchState } from './stored-state.ts';

const parseControl = object({
  isHidden: boolean,
  /** Where the person has put the control, by site. */
  places: array(object({ site: string(1), place: parsePlace })),
});

/** What is remembered of the control on the page. */
export type StoredControl = Parsed<typeof parseControl>;

const CONTROL: StoredState<StoredControl> = {
  area: 'local',
  key: 'page-control',
  parse: parseControl,
  migrations: [],
  initial: { isHidden: false, places: [] },
};

/** Reads what is remembered of the control. */
export function readControl(): Promise<StoredControl> {
  return readState(CONTROL);
}

/** Hides the control on every page, or shows it again. */
export function hideControl(isHidden: boolean): Promise<StoredControl> {
  return changeState(CONTROL, (before) => ({ ...before, isHidden }));
}

/** Remembers where the control stands on the pages of a site. */
export function placeControl(site: string, place: Place): Promise<StoredControl> {
  return changeState(CONTROL, ({ places, ...rest }) => ({
    ...rest,
    places: [...places.filter((known) => known.site !== site), { site, place }],
  }));
}

/** Calls back whenever it changes, until the signal aborts. */
export function watchControl(changed: (control: StoredControl) => void, signal?: AbortSignal): void {
  watchState(CONTROL, changed, signal);
}
