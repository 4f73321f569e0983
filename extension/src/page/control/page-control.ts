import type { Clock } from '../../clock.ts';
import { type ControlAct, MODES, type Mode, type Place } from '../../control-acts.ts';
import type { PageStatus } from '../../messages.ts';
import type { SitePage } from '../../sites/site-adapter.ts';
import type { StoredControl } from '../../storage/page-control.ts';
import type { Settings } from '../../storage/settings.ts';
import type { Translate } from '../../texts.ts';
import { element, pageDirection, styleSheet } from '../element.ts';
import { Lifeline } from '../overlay/lifeline.ts';
import type { Why } from '../why/why.ts';
import { type ControlState, controlState } from './control-state.ts';
import { CONTROL_STYLE } from './control-style.ts';
import { freePlace, fromShares, type Point, type Scene, toShares } from './free-place.ts';
import { keepEvents } from './own-events.ts';

/** The tag of the control's element. */
export const CONTROL_TAG = 'swipenet-control';

/** How far an arrow key moves the control, in pixels. */
const STEP = 16;

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** After a change of the page, it is looked at once in this time. */
const LOOK_MS = 200;

/** What the control needs. */
export interface ControlParts {
  readonly document: Document;
  readonly page: Pick<SitePage, 'clickable' | 'activeProfile'>;
  readonly site: string;
  readonly clock: Pick<Clock, 'delay'>;
  readonly translate: Translate;
  readonly why: Pick<Why, 'toggle' | 'isOn' | 'onChange'> & { readonly panel: Pick<Why['panel'], 'element' | 'key'> };
  readonly pause: () => void;
  readonly resume: () => void;
  /** Asks the worker for what the page can't do itself. */
  readonly ask: (does: ControlAct) => void;
}

/**
 * A small bar on the page: what Swipenet is doing, Pause or Resume, and the mode. Like the overlay, it lives in a
 * closed shadow root next to the page's tree. The person can move and hide it. It gets out of the way of everything
 * clickable.
 */
export class PageControl {
  readonly #parts: ControlParts;
  /** The element that the page sees. What a person does to it isn't done to the page. */
  readonly host: HTMLElement;
  readonly #root: ShadowRoot;
  readonly #bar: HTMLElement;
  readonly #handle: HTMLElement;
  readonly #state: HTMLElement;
  readonly #mode: HTMLSelectElement;
  readonly #act: HTMLElement;
  readonly #why: HTMLElement;
  #session: AbortSignal | undefined;
  #settings: Settings | undefined;
  #status: PageStatus = { reason: null };
  #stored: StoredControl | undefined;
  #does: ControlState['button'];
  /** Where the person has put it on this page, which the storage learns of only later. */
  #chosen: Place | undefined;
  #place: Point = { x: 0, y: 0 };
  /** Where in the bar the pointer holds it, while the person drags it. */
  #grip: Point | undefined;
  #planned = false;

  /** Creates the control, which stays out of the page until a session opens it. */
  constructor(parts: ControlParts, lifetime: AbortSignal) {
    this.#parts = parts;
    const { document, translate, ask, why } = parts;
    const button = (name: string, label: string) => {
      const made = element(document, 'button', name);
      made.title = label;
      made.ariaLabel = label;
      return made;
    };
    // Firefox runs a new version of this script in pages that still have what the old one has left.
    for (const old of document.querySelectorAll(CONTROL_TAG)) old.remove();
    this.host = document.createElement(CONTROL_TAG);
    this.host.lang = translate('language'); // the page may be in another one, and run in another direction
    this.host.dir = translate('text_direction');
    this.#root = this.host.attachShadow({ mode: 'closed' });
    this.#root.adoptedStyleSheets = [styleSheet(CONTROL_STYLE)];
    this.#bar = element(document, 'div', 'bar');
    this.#bar.role = 'group';
    this.#bar.ariaLabel = translate('extension_name');
    this.#handle = button('handle', translate('control_move'));
    this.#state = element(document, 'span', 'state');
    this.#mode = element(document, 'select', 'mode');
    this.#mode.ariaLabel = translate('control_mode');
    for (const mode of MODES) {
      const option = element(document, 'option', '', translate(`mode_${mode}`));
      option.value = mode;
      this.#mode.append(option);
    }
    this.#act = button('act', '');
    this.#why = button('why', translate('control_why'));
    this.#why.textContent = '?';
    const hide = button('hide', translate('control_hide'));
    const states = element(document, 'div', 'states');
    states.append(this.#state, this.#mode);
    this.#bar.append(this.#handle, states, this.#act, this.#why, hide, why.panel.element);
    this.#root.append(this.#bar);

    keepEvents({ host: this.host, root: this.#root, bar: this.#bar }, (event) => this.#key(event), lifetime);
    this.#act.addEventListener('click', () => (this.#does === 'resume' ? parts.resume() : parts.pause()));
    this.#why.addEventListener('click', () => why.toggle());
    why.onChange(() => this.#draw(this.#why.ariaPressed !== String(why.isOn)), lifetime);
    hide.addEventListener('click', () => ask({ act: 'hide' }));
    this.#mode.addEventListener('change', () => ask({ act: 'choose', mode: this.#mode.value as Mode }));
    // The page keeps the keyboard's focus, so that its own keys still work after a click on the control.
    this.#bar.addEventListener('mousedown', (event) => {
      if (!(event.target as Element).matches('select, input')) event.preventDefault();
    });
    this.#dragBy(this.#handle);
  }

  /** Shows the control while a session runs, which the signal ends. */
  open(session: AbortSignal): void {
    this.#session = session;
    const { document } = this.#parts;
    const changed = () => this.#look(session);
    const observer = new MutationObserver(changed);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    session.addEventListener('abort', () => {
      observer.disconnect();
      this.#draw();
    });
    for (const event of ['resize', 'scroll', 'transitionend', 'animationend']) {
      document.defaultView?.addEventListener(event, changed, { capture: true, passive: true, signal: session });
    }
    this.#draw();
    new Lifeline({ host: this.host, document }, session);
  }

  /** Shows what the session is doing. */
  show(status: PageStatus): void {
    this.#status = status;
    this.#draw();
  }

  /** Follows the settings. */
  follow(settings: Settings): void {
    if (settings === this.#settings) return;
    this.#settings = settings;
    this.#draw();
  }

  /** Follows what is remembered of the control. */
  remember(stored: StoredControl): void {
    this.#stored = stored;
    this.#draw(true);
  }

  /** Shows what is known. Only if the size or the place may be another one now, it asks the page where everything is. */
  #draw(isMoved = false): void {
    const { document, translate } = this.#parts;
    const settings = this.#settings;
    if (!settings || !this.#session || this.#session.aborted || this.#stored?.isHidden !== false) {
      this.host.remove();
      return;
    }
    const { tone, word, why, button } = controlState(settings, this.#status, translate);
    const isResized = !this.host.isConnected || this.#act.hidden === (button !== undefined);
    this.#bar.className = `bar ${tone}${this.#bar.classList.contains('tight') ? ' tight' : ''}`;
    this.#state.textContent = word;
    this.#mode.value = settings.mode;
    this.#does = button;
    this.#why.ariaPressed = String(this.#parts.why.isOn);
    this.#act.hidden = !button;
    this.#act.className = `act ${button}`;
    this.#act.ariaLabel = translate(button === 'resume' ? 'popup_resume' : 'control_pause');
    // A title is the description for assistive technology, too.
    for (const described of [this.#bar, this.#act]) described.title = translate('control_title', word, why);
    if (!this.host.isConnected) document.documentElement.append(this.host);
    if (isMoved || isResized) this.#fit();
  }

  /** Looks at the page a moment after it changed, no matter how often it does. It may also have removed the control. */
  #look(session: AbortSignal): void {
    if (this.#planned) return;
    this.#planned = true;
    const { clock, document } = this.#parts;
    const draw = () => {
      this.#planned = false;
      this.#draw(true);
    };
    clock.delay(LOOK_MS, session).then(() => document.defaultView?.requestAnimationFrame(draw), draw);
  }

  /** Moves the control where it belongs, as far as that is free. Without room for it, the panel that says why is left out. */
  #fit(): void {
    if (this.#grip) return;
    this.#bar.classList.remove('tight');
    let place = this.#freePlace();
    if (!place && this.#parts.why.isOn) {
      this.#bar.classList.add('tight');
      place = this.#freePlace();
    }
    this.#move(place);
  }

  #freePlace(): Point | undefined {
    const scene = this.#scene();
    const { site, page, document } = this.#parts;
    const remembered = this.#chosen ?? this.#stored?.places.find((known) => known.site === site)?.place;
    const wanted = fromShares(remembered ?? { x: pageDirection(document) === 'rtl' ? 0 : 1, y: 0.5 }, scene);
    // Nobody has chosen a place yet, so the card is left alone, too, if there is room beside it.
    const card = remembered ? undefined : page.activeProfile()?.card.getBoundingClientRect();
    const beside = card && freePlace(wanted, { ...scene, taken: [...scene.taken, card] });
    return beside ?? freePlace(wanted, scene);
  }

  /** Moves the control, or hides it while there is no place for it. */
  #move(place: Point | undefined): void {
    const { style } = this.#bar;
    style.visibility = place ? '' : 'hidden';
    if (!place) return;
    this.#place = place;
    style.transform = `translate(${Math.round(place.x)}px, ${Math.round(place.y)}px)`;
  }

  #scene(): Scene {
    const { document, page } = this.#parts;
    const width = document.documentElement.clientWidth; // without the scroll bar
    const height = document.defaultView?.innerHeight ?? 0;
    return { size: this.#bar.getBoundingClientRect(), window: { width, height }, taken: page.clickable() };
  }

  /** Puts the control at the free place nearest to a point, and remembers it. */
  #settle(wanted: Point, accepts?: (place: Point) => boolean): void {
    const { site, ask } = this.#parts;
    const scene = this.#scene();
    const place = freePlace(wanted, scene, accepts);
    if (place) {
      this.#chosen = toShares(place, scene);
      ask({ act: 'place', site, place: this.#chosen });
    }
    this.#fit();
  }

  #key(event: KeyboardEvent): void {
    this.#parts.why.panel.key(event);
    const arrow = ARROWS[event.key];
    if (!arrow || this.#root.activeElement !== this.#handle) return;
    event.preventDefault(); // the page doesn't scroll
    const [right, down] = arrow;
    const { x, y } = this.#place;
    const isAhead = (place: Point) => (place.x - x) * right + (place.y - y) * down > 0;
    this.#settle({ x: x + right * STEP, y: y + down * STEP }, isAhead);
  }

  #dragBy(handle: HTMLElement): void {
    const from = ({ clientX, clientY }: PointerEvent, { x, y }: Point) => ({ x: clientX - x, y: clientY - y });
    handle.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      handle.setPointerCapture(event.pointerId);
      this.#grip = from(event, this.#place);
    });
    handle.addEventListener('pointermove', (event) => {
      if (this.#grip && event.isTrusted) this.#move(from(event, this.#grip));
    });
    handle.addEventListener('lostpointercapture', () => {
      if (!this.#grip) return;
      this.#grip = undefined;
      this.#settle(this.#place);
    });
  }
}
