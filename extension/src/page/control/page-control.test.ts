// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeTranslate as translate } from '../../../../test/support/fake-texts.ts';
import { PageClock } from '../../../../test/support/page-clock.ts';
import type { ControlAct } from '../../control-acts.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import { Why } from '../why/why.ts';
import { listenToKeys } from './early-keys.ts';
import { CONTROL_TAG, PageControl } from './page-control.ts';

const SIZE = { width: 180, height: 56 };

/** Like Chromium's: reports whether an element is in plain sight when the test says so. */
class FakeSight {
  static see: (isVisible: boolean) => void = () => {};
  constructor(sighted: (entries: { isVisible: boolean }[]) => void) {
    FakeSight.see = (isVisible) => sighted([{ isVisible }]);
  }
  observe(): void {}
  disconnect(): void {}
}

listenToKeys(window); // as before the page's first script

let lifetime = new AbortController();
let session = new AbortController();

beforeEach(() => {
  document.body.replaceChildren();
  lifetime = new AbortController();
  session = new AbortController();
  vi.stubGlobal('IntersectionObserver', FakeSight);
  vi.stubGlobal('IntersectionObserverEntry', { prototype: { isVisible: true } });
  vi.spyOn(window, 'requestAnimationFrame').mockImplementation((draw) => {
    draw(0);
    return 0;
  });
  vi.spyOn(document.documentElement, 'clientWidth', 'get').mockReturnValue(1024);
});
afterEach(() => {
  session.abort();
  lifetime.abort();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const host = () => document.querySelector(CONTROL_TAG);

function controlOn(mode: Settings['mode'] = 'swipe', boxes: DOMRect[] = []) {
  const card = { getBoundingClientRect: () => new DOMRect(300, 20, 400, 600) } as Element;
  const asked: ControlAct[] = [];
  const [pause, resume] = [vi.fn(), vi.fn()];
  const attach = vi.spyOn(Element.prototype, 'attachShadow');
  const clock = new PageClock();
  const page = { clickable: () => boxes, activeProfile: () => ({ key: 'a', card }) };
  const why = new Why({ document, translate, ask: async () => null });
  const ask = (does: ControlAct) => void asked.push(does);
  const control = new PageControl(
    { document, page, site: 'demo', clock, translate, pause, resume, ask, why },
    lifetime.signal,
  );
  const root = attach.mock.results[0]!.value as ShadowRoot;
  const part = <Kind extends HTMLElement = HTMLElement>(name: string) => root.querySelector<Kind>(`.${name}`)!;
  part('bar').getBoundingClientRect = () => new DOMRect(0, 0, SIZE.width, SIZE.height);
  control.follow({ ...DEFAULT_SETTINGS, consent: 'loopback', mode });
  control.remember({ isHidden: false, places: [] });
  control.open(session.signal);
  FakeSight.see(true);
  const place = () => /translate\((.+)px, (.+)px\)/.exec(part('bar').style.transform)!.slice(1).map(Number);
  /** Sends an event, as from a person unless `isTrusted` is false. Returns whether its default action may happen. */
  const send = (name: string, event: Event, isTrusted = true) => {
    Object.defineProperty(event, 'isTrusted', { value: isTrusted });
    return part(name).dispatchEvent(event);
  };
  const click = (detail = 1) => new MouseEvent('click', { bubbles: true, cancelable: true, composed: true, detail });
  /** Sends a key to the control. Whatever has the focus in it, the window gets the event with the host as its target. */
  const key = (name: string, type = 'keydown') => {
    const event = new KeyboardEvent(type, { key: name, bubbles: true, composed: true, cancelable: true });
    return host()!.dispatchEvent(Object.defineProperty(event, 'isTrusted', { value: true }));
  };
  return { control, page, root, key, part, asked, pause, resume, place, send, click, clock, boxes };
}

it('is in the page while a session runs and the person hasn’t hidden it', () => {
  const { control } = controlOn();
  expect(host()?.isConnected).toBe(true);
  control.remember({ isHidden: true, places: [] });
  expect(host()).toBeNull();
  control.remember({ isHidden: false, places: [] });
  expect(host()).not.toBeNull();
  session.abort();
  expect(host()).toBeNull();
});

it('replaces what an earlier version has left', () => {
  document.documentElement.append(document.createElement(CONTROL_TAG));
  controlOn();
  expect(document.querySelectorAll(CONTROL_TAG)).toHaveLength(1);
});

it('asks the page where everything is only if its own size changes', () => {
  const { control, page } = controlOn();
  const asked = vi.spyOn(page, 'clickable');
  for (const reason of ['page_loading', null, 'offline'] as const) control.show({ reason });
  expect(asked).not.toHaveBeenCalled();
  control.follow({ ...DEFAULT_SETTINGS, consent: 'loopback', mode: 'show' }); // without its button
  expect(asked).toHaveBeenCalledTimes(1);
});

it('hides what it shows from the page’s scripts', () => {
  controlOn();
  expect(host()!.shadowRoot).toBeNull();
});

it('has names and a description for assistive technology, and one button that follows the state', () => {
  const { control, part } = controlOn();
  expect([part('bar').role, part('bar').ariaLabel]).toEqual(['group', 'extension_name']);
  expect(part('bar').title).toBe('control_title control_running popup_working');
  expect(part('act').ariaLabel).toBe('control_pause');
  control.show({ reason: 'hold', detail: '2' });
  expect([part('act').ariaLabel, part('act').title]).toEqual([
    'popup_resume',
    'control_title control_stopped reason_hold 2',
  ]);
  control.follow({ ...DEFAULT_SETTINGS, consent: 'loopback', mode: 'show' });
  control.show({ reason: null });
  expect(part('act').hidden).toBe(true);
  expect(part<HTMLSelectElement>('mode').value).toBe('show');
});

it('pauses, resumes, hides and sets the mode for the person', () => {
  const { control, part, send, click, pause, resume, asked } = controlOn();
  send('act', click());
  control.show({ reason: 'paused' });
  send('act', click(0)); // the keyboard
  expect([pause.mock.calls.length, resume.mock.calls.length]).toEqual([1, 1]);
  part<HTMLSelectElement>('mode').value = 'learn';
  send('mode', new Event('change'));
  send('hide', click());
  expect(asked).toEqual([{ act: 'choose', mode: 'learn' }, { act: 'hide' }]);
});

it('does nothing for a script, whatever it sends', () => {
  const { part, send, click, pause, asked } = controlOn();
  part<HTMLSelectElement>('mode').value = 'off';
  for (const name of ['act', 'hide']) send(name, click(), false);
  send('mode', new Event('change'), false);
  host()!.dispatchEvent(click());
  expect([pause.mock.calls, asked]).toEqual([[], []]);
});

it('refuses a click while something covers it, and takes it from the keyboard', () => {
  const { send, click, pause } = controlOn();
  FakeSight.see(false);
  expect(send('act', click())).toBe(false);
  expect(pause).not.toHaveBeenCalled();
  send('act', click(0));
  expect(pause).toHaveBeenCalledTimes(1);
});

it('keeps its clicks and keys from the page', () => {
  const { send, click, key, part } = controlOn();
  const heard = vi.fn();
  for (const type of ['click', 'pointerdown', 'keydown', 'keyup']) document.addEventListener(type, heard);
  send('act', click());
  send('act', new MouseEvent('pointerdown', { bubbles: true, composed: true }));
  part('handle').focus();
  for (const type of ['keydown', 'keyup']) key('ArrowLeft', type);
  expect(heard).not.toHaveBeenCalled();
});

it('stands beside the card first, at the side where lines end', () => {
  const { place, control } = controlOn();
  expect(place()).toEqual([836, 356]);
  session.abort();
  document.documentElement.dir = 'rtl';
  vi.spyOn(window, 'getComputedStyle').mockReturnValue({ direction: 'rtl' } as CSSStyleDeclaration);
  session = new AbortController();
  control.open(session.signal);
  expect(place()).toEqual([8, 356]);
  document.documentElement.dir = '';
});

it('returns to the page after a re-render removes it, and leaves what has become clickable', async () => {
  const { boxes, place, clock } = controlOn();
  boxes.push(new DOMRect(800, 340, 200, 40));
  host()!.remove();
  document.body.append('changed');
  await clock.runUntil(() => host() !== null);
  expect(place()).toEqual([836, 388]);
});

it('is invisible while there is no free place', () => {
  const { control, part, boxes } = controlOn();
  boxes.push(new DOMRect(0, 0, 1024, 768));
  control.remember({ isHidden: false, places: [] });
  expect(part('bar').style.visibility).toBe('hidden');
  boxes.pop();
  control.remember({ isHidden: false, places: [] });
  expect(part('bar').style.visibility).toBe('');
});

it('goes where the arrow keys say, over a button, and remembers it', () => {
  const { control, root, key, part, place, asked, boxes } = controlOn();
  control.remember({ isHidden: false, places: [{ site: 'demo', place: { x: 0, y: 0 } }] });
  expect(place()).toEqual([8, 8]);
  boxes.push(new DOMRect(0, 80, 400, 50));
  part('handle').focus();
  expect(root.activeElement).toBe(part('handle'));
  expect(key('ArrowDown')).toBe(false);
  expect(place()).toEqual([8, 16]);
  key('ArrowDown');
  expect(place()).toEqual([8, 138]);
  key('ArrowRight');
  expect(place()).toEqual([24, 138]);
  expect(key('Tab')).toBe(true);
  expect(asked.map((one) => one.act)).toEqual(['place', 'place', 'place']);
  control.remember({ isHidden: false, places: [] }); // older than what the person did here
  expect(place()).toEqual([24, 138]);
});
