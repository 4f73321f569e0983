import { BUTTON_POINTS, obstruction, PHOTO_POINTS } from '../dom/hit.ts';
import { matchedBy } from '../dom/roles.ts';
import { isMet, type Proof, type RoleCheck, type Swipe, type Unproven } from '../site-adapter.ts';
import { ANCHORS } from './anchors.ts';
import { type ControlSight, type Controls, findControls } from './controls.ts';
import type { Control, Cues } from './cues.ts';
import type { PhotoCount } from './photos.ts';
import type { CardText, Surface } from './surface.ts';

/** Something that must be true before a swipe, and the reason to stop if it isn't. */
export interface Fact extends RoleCheck {
  readonly unless: Unproven;
}

/** What the adapter knows about the profile on top. */
export interface Evidence {
  /** How many surfaces the page marks as active. */
  readonly surfaces: number;
  /** The surface on top. Undefined if there is none or it is ambiguous. */
  readonly surface: Surface | undefined;
  readonly text: CardText;
  readonly count: PhotoCount | undefined;
  /** True if a photo from the photo host, or a video, is shown. */
  readonly showsPhoto: boolean;
  /** True if the page's data has this profile. */
  readonly isInData: boolean;
  /** True if the page's data had the profiles before this one, but not this one. */
  readonly isStranger: boolean;
}

/** Returns every fact that a swipe needs, most telling first, and the controls that the facts are about. */
export function facts(
  document: Document,
  evidence: Evidence,
): { readonly facts: Fact[]; readonly controls?: Controls } {
  const { surface, surfaces, text, count } = evidence;
  const fact = (unless: Unproven, role: string, found: number | boolean, by?: string): Fact => {
    return { role, found: Number(found), wanted: 1, unless, ...(by !== undefined && { by }) };
  };
  const active = fact(surfaces > 0 ? 'surface_ambiguous' : 'page_changed', 'active surface', surface ? 1 : surfaces);
  if (!surface || !count) return { facts: [{ ...active, by: matchedBy(ANCHORS.carousel, document) }] };
  const { root } = surface;
  const controls = findControls(document, surface);
  const blocked = photoObstruction(surface, controls.row);
  const buttons = (['like', 'nope'] as const).map((control) => ({ control, seen: controls[control] }));
  return {
    controls,
    facts: [
      { ...active, by: matchedBy(ANCHORS.carousel, document) },
      fact(
        'card_unproven',
        'name',
        text.name !== undefined,
        matchedBy([...ANCHORS.name, ...ANCHORS.openHeading], root),
      ),
      fact('card_unproven', 'age, or known to the page', text.age !== undefined || evidence.isInData),
      fact('card_unproven', 'photo shown', evidence.showsPhoto),
      fact('card_unproven', 'known if others are', !evidence.isStranger),
      { ...fact('page_changed', 'photo', count.most), wanted: 'some' },
      fact(blocked ?? 'covered', 'photo to be seen', blocked === undefined),
      ...buttons.map(({ control, seen }) => fact(reasonOf(seen), `${control} button`, seen.candidates)),
      ...buttons.map(({ control, seen }) =>
        fact('control_ambiguous', `${control} proven`, seen.isProven ?? false, cuesOf(seen)),
      ),
      ...buttons.map(({ control, seen }) => {
        const reach = seen.button && obstruction(seen.button, undefined, BUTTON_POINTS);
        return fact(reach ?? 'covered', `${control} within reach`, reach === undefined);
      }),
      fact('photo_count_unsure', COUNTED, count.isSure, countsOf(count.says)),
    ],
  };
}

/**
 * Only a left swipe because of all photos needs this fact. For a right swipe, one photo that is certainly this profile's is
 * enough, and a rule needs none.
 */
const COUNTED = 'photo count agreed';

/** Returns what hides a surface's photo, if anything. The surface's own parts and its buttons may cover it. */
export function photoObstruction(
  { root, carousel }: Surface,
  row: Element | undefined,
): 'covered' | 'off_screen' | undefined {
  const isExpected = (hit: Element) => {
    if (root.contains(hit)) return true;
    return row !== undefined && (row.contains(hit) || (hit.contains(row) && !hit.contains(root)));
  };
  return obstruction(carousel, isExpected, PHOTO_POINTS);
}

/** Proves one swipe by every fact. A left swipe also needs the photo count to equal `scoredPhotos`, if photos were scored. */
export function prove(document: Document, evidence: Evidence, swipe: Swipe, scoredPhotos: number | undefined): Proof {
  const { facts: all, controls } = facts(document, evidence);
  const isCounted = swipe === 'left' && scoredPhotos !== undefined;
  const needed = isCounted ? all : all.filter(({ role }) => role !== COUNTED);
  const missing = needed.find((fact) => !isMet(fact));
  if (missing) return { stop: missing.unless, detail: missing.role };
  const control: Control = swipe === 'right' ? 'like' : 'nope';
  const { button } = controls![control];
  if (isCounted && evidence.count?.most !== scoredPhotos) return { stop: 'photo_count_unsure', detail: COUNTED };
  return { press: () => button!.click() };
}

const reasonOf = ({ candidates }: ControlSight) => (candidates === 0 ? 'control_missing' : 'control_ambiguous');

/** Formats the cues for and against a button: `class name !counter size`. */
function cuesOf({ cues }: ControlSight): string {
  const said = Object.entries<Cues[keyof Cues]>({ ...cues }).filter(([, vote]) => vote !== 'unknown');
  return said.map(([cue, vote]) => (vote === 'no' ? `!${cue}` : cue)).join(' ');
}

const countsOf = (says: Readonly<Record<string, number>>) =>
  Object.entries(says)
    .map(([source, count]) => `${source} ${count}`)
    .join(' ');
