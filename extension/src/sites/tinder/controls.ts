import { resolve } from '../dom/roles.ts';
import { ANCHORS, BELOW } from './anchors.ts';
import { type Control, controlNamed, type Finding, findInRow, isCalled, isCounter, kindsIn } from './cues.ts';
import { isInDialog } from './dialogs.ts';
import { isDisabled } from './photos.ts';
import type { Surface } from './surface.ts';

/** Like or Nope, as found near a surface. */
export type ControlSight = Finding & { readonly button?: HTMLElement };

/** The Like and Nope buttons of a surface, and the row that holds them. */
export interface Controls extends Readonly<Record<Control, ControlSight>> {
  readonly row?: Element;
}

const BUTTON = 'button, [role=button]';

/** Finds Like and Nope in the nearest element around a surface that holds a candidate for each. */
export function findControls(document: Document, { root, carousel }: Surface): Controls {
  const buttons = [...document.querySelectorAll<HTMLElement>(BUTTON)].filter(
    (button) =>
      !carousel.contains(button) &&
      !button.closest(BELOW) &&
      !button.querySelector(BUTTON) &&
      !isInDialog(button) &&
      isShown(button),
  );
  const called = (control: Control) => buttons.filter((button) => isCalled(sayingOf(button), control));
  const all = { like: called('like'), nope: called('nope') };
  let scope: Element = root;
  while (scope.parentElement && !(holdsAny(scope, all.like) && holdsAny(scope, all.nope))) scope = scope.parentElement;
  const [likes, nopes] = [all.like, all.nope].map((found) => found.filter((button) => scope.contains(button)));
  const candidates = [...likes!, ...nopes!];
  let row = candidates[0];
  while (row && !candidates.every((button) => row!.contains(button))) row = row.parentElement ?? undefined;
  // Buttons on both sides of the photos aren't a row.
  if (!row || row.contains(carousel) || likes!.length === 0 || nopes!.length === 0) {
    return { like: { candidates: likes!.length }, nope: { candidates: nopes!.length } };
  }
  const members = buttons.filter((button) => row.contains(button));
  const found = findInRow(rowOf(members, row));
  const sight = (finding: Finding): ControlSight =>
    finding.at === undefined ? finding : { ...finding, button: members[finding.at]! };
  return { row, like: sight(found.like), nope: sight(found.nope) };
}

const holdsAny = (scope: Element, buttons: readonly Element[]) => buttons.some((button) => scope.contains(button));

/** Unlike `isVisible`, this also accepts a button outside the window. */
const isShown = (button: Element) => button.checkVisibility({ visibilityProperty: true, opacityProperty: true });

const classOf = (element: Element) => element.getAttribute('class') ?? '';

/** Reads what a button's class and name say about it. */
function sayingOf(button: HTMLElement) {
  const hidden = resolve(ANCHORS.buttonName, button)[0]?.textContent;
  const name = button.getAttribute('aria-label') || hidden || button.textContent;
  return { kinds: kindsIn(classOf(button)), name: controlNamed(name) };
}

function rowOf(members: readonly HTMLElement[], row: Element) {
  const seen = members.map((button) => ({ button, wrapper: wrapperOf(button, row, members) }));
  const widthOf = (element: Element) => Math.round(element.getBoundingClientRect().width);
  const wrappersDiffer = new Set(seen.map(({ wrapper }) => widthOf(wrapper))).size > 1;
  return seen.map(({ button, wrapper }) => {
    const parts = [wrapper, ...wrapper.querySelectorAll('*')];
    return {
      ...sayingOf(button),
      kindsAround: parts.flatMap((part) => kindsIn(classOf(part))),
      hasCounter: parts.some((part) =>
        isCounter(
          part.matches(ANCHORS.counter[0].match) ? part.getAttribute('aria-label') : null,
          part.childElementCount > 0 ? '' : part.textContent,
        ),
      ),
      hasSecondIcon: resolve(ANCHORS.secondIcon, button).length > 0,
      width: widthOf(wrappersDiffer ? wrapper : button),
      isDisabled: isDisabled(button),
    };
  });
}

/**
 * Returns the element around a single button: one with the wrapper class, or else the button's whole part of the row.
 */
function wrapperOf(button: HTMLElement, row: Element, members: readonly HTMLElement[]): Element {
  let wrapper: Element = button;
  for (let around = button.parentElement; around && around !== row; around = around.parentElement) {
    if (members.some((other) => other !== button && around.contains(other))) break;
    wrapper = around;
    if (around.matches(ANCHORS.gamepadWrapper[0].match)) break;
  }
  return wrapper;
}
