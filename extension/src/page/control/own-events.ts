import { keepKeys } from './early-keys.ts';

/** What a pointer does. A page might take a click beside its dialog for a wish to close it. */
const POINTER = ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'touchstart', 'touchend'] as const;

/** What {@link keepEvents} needs: the host of a closed shadow root, the root, and what is shown in it. */
export interface OwnParts {
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  readonly bar: Element;
}

/**
 * Keeps what a person does to a control between them and us, until the signal aborts. The page's own listeners see none
 * of it, so an arrow key moves the control and doesn't swipe. Nothing that a script made has an effect. Neither has a
 * click on something that the person can't see: a page could lay its own picture over the control, or make it
 * transparent, and have them click through it.
 *
 * @param onKey receives the keys that the person presses in the control
 */
export function keepEvents(
  { host, root, bar }: OwnParts,
  onKey: (event: KeyboardEvent) => void,
  signal: AbortSignal,
): void {
  const keep = (event: KeyboardEvent) => {
    if (event.target !== host) return;
    event.stopImmediatePropagation();
    if (event.isTrusted && event.type === 'keydown') onKey(event);
  };
  keepKeys(keep, signal);
  const isBlocked = watchSight(bar, signal);
  const refuse = (event: MouseEvent | Event) => {
    // The keyboard and assistive technology click with a detail of 0. They don't depend on what is in sight.
    const isByPointer = event.type !== 'change' && !(event.type === 'click' && (event as MouseEvent).detail === 0);
    if (event.isTrusted && !(isByPointer && isBlocked())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const type of [...POINTER, 'change']) {
    root.addEventListener(type, refuse, { capture: true });
    root.addEventListener(type, (event) => event.stopPropagation());
  }
}

// What Chromium adds to an IntersectionObserver: whether an element is in plain sight. Firefox doesn't have it.

interface SightOptions extends IntersectionObserverInit {
  readonly trackVisibility: boolean;
  readonly delay: number;
}

interface SightEntry extends IntersectionObserverEntry {
  readonly isVisible?: boolean;
}

/**
 * Returns a check for whether something keeps a person from seeing an element, whole and opaque. Until the browser has
 * looked, it does: nobody clicks by accident on what has just come under the pointer. Where the browser can't tell,
 * nothing does.
 */
function watchSight(element: Element, signal: AbortSignal): () => boolean {
  let isBlocked = 'isVisible' in (globalThis.IntersectionObserverEntry?.prototype ?? {});
  const options: SightOptions = { trackVisibility: true, delay: 100 };
  const observer = new IntersectionObserver((entries: readonly SightEntry[]) => {
    isBlocked = entries.at(-1)?.isVisible === false;
  }, options);
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
  return () => isBlocked;
}
