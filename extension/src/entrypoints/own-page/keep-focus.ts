/** What Tab may reach, if it is shown and enabled. */
const CONTROLS = 'a[href], button, input, select, textarea, summary, [tabindex]';

/** What can take the focus itself once it has no control left. */
const REGIONS = 'section, dialog, main';

/** Where the focus is: the element, and its position among the controls of each element around it. */
interface Place {
  readonly element: HTMLElement;
  readonly dialog: HTMLDialogElement | null;
  readonly around: readonly { readonly region: HTMLElement; readonly position: number }[];
}

/**
 * Keeps the focus near when the element that has it is removed, hidden or disabled. Browsers let the person start at the top
 * of the page again, and screen readers say nothing.
 *
 * The focus moves to the control that has taken its place: in a list, the next row. If nothing is left around it, it
 * moves to the region, whose text says what has changed. After a dialog, it moves near to the control that opened the
 * dialog. All of this ends with the signal.
 */
export function keepFocus(document: Document, signal: AbortSignal): void {
  /** The last place outside of dialogs, then that in a dialog, then that in a dialog over it. */
  const places: Place[] = [];
  const leave = (element: Node) => {
    // Browsers differ in whether they report a removal, so look once it is over.
    queueMicrotask(() => {
      const left = document.activeElement !== element && places.at(-1)?.element === element && canFocus(element);
      if (left) places.length = 0; // the person clicked beside the controls
    });
  };
  const enter = ({ target }: Event) => {
    const place = placeOf(target as HTMLElement);
    const level = places.findIndex(({ dialog }) => dialog === place.dialog);
    if (level !== -1) places.length = level;
    places.push(place);
  };
  document.addEventListener('focusin', enter, { signal });
  const exit = ({ target, relatedTarget }: FocusEvent) => {
    if (!relatedTarget) leave(target as Node);
  };
  document.addEventListener('focusout', exit, { signal });
  const observer = new MutationObserver(() => {
    if (places.length === 0 || canFocus(places.at(-1)!.element)) return;
    while (places.at(-1)?.dialog?.open === false) places.pop();
    const place = places.at(-1);
    if (place) restore(place);
  });
  const watched = { subtree: true, childList: true, attributeFilter: ['hidden', 'disabled', 'open'] };
  observer.observe(document.documentElement, watched);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}

function placeOf(element: HTMLElement): Place {
  const around: { region: HTMLElement; position: number }[] = [];
  for (let region = element.parentElement; region; region = region.parentElement) {
    around.push({ region, position: controlsIn(region).indexOf(element) });
  }
  return { element, dialog: element.closest('dialog'), around };
}

/** Focuses the element, or the nearest control or region to it. */
function restore({ element, around }: Place): void {
  let nearest = canFocus(element) ? element : undefined;
  for (const place of around) nearest ??= takerIn(place);
  nearest?.focus();
}

/** Returns what takes the focus in a region: the control in this position, the region itself, or undefined. */
function takerIn({ region, position }: Place['around'][number]): HTMLElement | undefined {
  if (!isShown(region)) return undefined;
  const controls = controlsIn(region);
  const next = controls[Math.min(Math.max(0, position), controls.length - 1)];
  if (next || !region.matches(REGIONS)) return next;
  region.tabIndex = -1;
  return region;
}

/** Returns what Tab reaches, in order. */
function controlsIn(region: HTMLElement): HTMLElement[] {
  return [...region.querySelectorAll<HTMLElement>(CONTROLS)].filter(
    (control) => control.tabIndex >= 0 && canFocus(control) && !isSkipped(control),
  );
}

/** True for a radio button that Tab skips because another one of its group is checked. */
function isSkipped(control: HTMLElement): boolean {
  if (!(control.matches('input[type=radio]') && !control.matches(':checked'))) return false;
  const { name } = control as HTMLInputElement;
  return control.ownerDocument.querySelector(`input[type=radio][name=${name}]:checked`) !== null;
}

const canFocus = (element: Node) => isShown(element as HTMLElement) && !(element as HTMLButtonElement).disabled;

const isShown = (element: HTMLElement) =>
  element.isConnected && element.closest('[hidden], dialog:not([open])') === null;
