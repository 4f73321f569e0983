import { isVisible } from '../dom/visibility.ts';
import type { ProfileText, RoleCheck } from '../site-adapter.ts';
import { ACTIVE_CARD, BACK_TO_DECK, CAROUSEL, DECK, GAMEPAD_BUTTON, gamepadKinds, PHOTO } from './anchors.ts';
import { tabs } from './surface.ts';

/** How often each anchor is there, for a report: roles and counts, nothing that the page says. */
export function checkPage(
  document: Document,
  surface: Element | undefined,
  text: ProfileText,
  known: Readonly<Record<string, number>>,
): RoleCheck[] {
  const row = (role: string, found: number, wanted: RoleCheck['wanted']): RoleCheck => ({ role, found, wanted });
  const count = (root: ParentNode | undefined, selector: string) => root?.querySelectorAll(selector).length ?? 0;
  const places = surface ? tabs(surface) : [];
  const buttons = [...document.querySelectorAll(GAMEPAD_BUTTON)].filter(isVisible);
  const kind = (name: Parameters<Set<string>['has']>[0]) =>
    buttons.filter((b) => (gamepadKinds(b) as Set<string>).has(name));
  return [
    row('deck', count(document, DECK), 1),
    row('active card', count(document, ACTIVE_CARD), 1),
    row('carousel', count(surface, CAROUSEL), 'some'),
    row('photo', places.length, 'some'),
    row('photo tab', places.filter(Boolean).length, places.length),
    row('photo shown', count(surface, PHOTO), 'some'),
    row('video', count(surface, 'video'), 'any'),
    row('name', text.name ? 1 : 0, 1),
    row('age', text.age ? 1 : 0, 'any'),
    row('bio', text.bio ? 1 : 0, 'any'),
    row('like button', kind('like').length, 'some'),
    row('nope button', kind('nope').length, 'some'),
    row('super like button', kind('super-like').length, 'any'),
    row('open profile', count(document, BACK_TO_DECK), 'any'),
    ...Object.entries(known).map(([role, found]) => row(role, found, 'any')),
  ];
}
