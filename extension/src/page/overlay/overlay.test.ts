// @vitest-environment happy-dom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeTranslate as translate } from '../../../../test/support/fake-texts.ts';
import type { Verdict } from '../../messages.ts';
import type { SitePage } from '../../sites/site-adapter.ts';
import { ProfileWatcher } from '../profiles/profile-watcher.ts';
import { Why } from '../why/why.ts';
import { OVERLAY_TAG, Overlay, removeOldOverlays } from './overlay.ts';

const VERDICT: Verdict = {
  photos: [{ like: 0.1, label: 'NOPE' }, { like: 0.9, label: 'LIKE' }, { missing: 'download' }],
  decision: { swipe: 'right', reason: 'like_found', photo: 1 },
  threshold: 0.4,
  model: 'm',
};

let frames: (() => void)[] = [];
let end = new AbortController();

/** Like the browser's: calls back once for each observed element, and when the test says so. */
class FakeResizeObserver {
  readonly #changed: () => void;
  constructor(changed: () => void) {
    this.#changed = changed;
  }
  observe(): void {
    this.#changed();
  }
  disconnect(): void {}
}

/** Like the browser's: calls back with the element's position some time after `observe`. */
class FakeIntersectionObserver {
  readonly #sighted: (entries: { target: Element; boundingClientRect: DOMRect }[]) => void;
  constructor(sighted: (entries: { target: Element; boundingClientRect: DOMRect }[]) => void) {
    this.#sighted = sighted;
  }
  observe(target: Element): void {
    setImmediate(() => this.#sighted([{ target, boundingClientRect: rect }]));
  }
  disconnect(): void {}
}

let rect = new DOMRect();

beforeEach(() => {
  rect = new DOMRect(10, 20, 300, 400);
  document.body.replaceChildren();
  end = new AbortController();
  frames = [];
  vi.stubGlobal('ResizeObserver', FakeResizeObserver);
  vi.stubGlobal('IntersectionObserver', FakeIntersectionObserver);
  vi.spyOn(Element.prototype, 'animate');
  vi.spyOn(window, 'requestAnimationFrame').mockImplementation((draw) => frames.push(() => draw(0)));
});
afterEach(() => {
  end.abort();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Draws frames until none is requested, 20 at most. Returns how many it drew. */
async function drawAll(): Promise<number> {
  for (let drawn = 0; drawn < 20; drawn += 1) {
    await new Promise((settled) => setImmediate(settled));
    const asked = frames;
    frames = [];
    if (asked.length === 0) return drawn;
    for (const draw of asked) draw();
  }
  return Number.POSITIVE_INFINITY;
}

function overlayOn() {
  const photo = document.body.appendChild(document.createElement('img'));
  const shown: { index: number; element: Element } = { index: 0, element: photo };
  const state = { kind: 'profile' as 'profile' | 'ended' };
  const profile = { key: 'a', card: document.body };
  const page = {
    view: () => (state.kind === 'profile' ? { kind: 'profile', profile } : { kind: 'ended' }),
    shownPhoto: () => shown,
  } as Partial<SitePage> as SitePage;
  const attach = vi.spyOn(Element.prototype, 'attachShadow');
  const extension = { isGone: false };
  const isCutOff = () => extension.isGone;
  const why = new Why({ document, translate, ask: async () => null });
  const watcher = new ProfileWatcher(document, end.signal);
  const overlay = new Overlay({ document, page, watcher, translate, isCutOff, why }, end.signal);
  const root = attach.mock.results[0]!.value as ShadowRoot;
  const text = (selector: string) => root.querySelector(selector)?.textContent;
  const tones = () => [...root.querySelectorAll('.strip span')].map(({ className }) => className.split(' ')[0]);
  const signs = () => [...root.querySelectorAll('.strip span')].map(({ textContent }) => textContent);
  return { overlay, root, why, shown, state, profile, text, tones, signs, extension };
}

/** The animations that replace the newest overlay by its notice. A third one, their beat, comes after them. */
const lifelines = (): Animation[] =>
  vi
    .mocked(Element.prototype.animate)
    .mock.results.map(({ value }) => value)
    .slice(-3, -1);

const host = () => document.querySelector(OVERLAY_TAG);

it('marks the visible photo, and follows the carousel', async () => {
  const { overlay, shown, text, tones, signs } = overlayOn();
  overlay.showVerdict(VERDICT, []);
  await drawAll();
  expect(text('.pill')).toBe('✕ label_nope10.00%');
  expect(tones()).toEqual(['nope', 'like', 'failed']);
  expect(signs(), 'without colors').toEqual(['✕', '✓', '!']);
  shown.index = 1;
  document.body.append('turned');
  await drawAll();
  expect(text('.pill')).toBe('✓ label_like90.00%');
  expect(text('.line')).toBe('decision_like_found 2 90.00% 40% · overlay_partial 2 3');
  shown.index = 2;
  document.body.append('turned');
  await drawAll();
  expect(text('.pill')).toBe('overlay_failedmissing_download');
});

it('shows what is pending, and that there is no score after a problem', async () => {
  const { overlay, text, tones } = overlayOn();
  overlay.showReading();
  await drawAll();
  expect(text('.pill')).toBe('overlay_pending…');
  overlay.showPending(2);
  await drawAll();
  expect(tones()).toEqual(['pending', 'pending']);
  overlay.showProblem('server_unreachable', 'advice');
  await drawAll();
  expect(text('.pill')).toBe('overlay_failed');
  expect(text('.line')).toBe('reason_server_unreachable advice');
  expect(tones()).toEqual(['failed', 'failed']);
  overlay.showReading();
  overlay.showProblem('server_slow'); // before the number of photos is known
  await drawAll();
  expect(text('.pill')).toBe('overlay_failed');
});

it('returns to the page after a re-render removes it', async () => {
  const { overlay } = overlayOn();
  overlay.showPending(1);
  await drawAll();
  host()!.remove();
  await drawAll();
  expect(host()).not.toBeNull();
});

it('stops drawing once nothing changes, for each photo', async () => {
  const { overlay, shown } = overlayOn();
  overlay.showVerdict(VERDICT, []);
  expect(await drawAll()).toBeLessThan(5);
  shown.element = document.createElement('img');
  document.body.append(shown.element);
  expect(await drawAll()).toBeLessThan(5);
  expect(await drawAll()).toBe(0);
});

it('shows its note at the top of a page without a card', async () => {
  const { overlay, root, state } = overlayOn();
  overlay.showVerdict(VERDICT, []);
  overlay.showStatus({ reason: 'person_acted' });
  await drawAll();
  const toast = root.querySelector<HTMLElement>('.toast')!;
  expect(toast.hidden).toBe(true);
  state.kind = 'ended';
  document.body.append('ended');
  await drawAll();
  expect(root.querySelector<HTMLElement>('.frame')!.hidden).toBe(true);
  expect(toast.hidden).toBe(false);
  expect(toast.textContent).toContain('reason_person_acted');
});

it('is removed on abort, and stops drawing', async () => {
  const { overlay } = overlayOn();
  overlay.showVerdict(VERDICT, []);
  end.abort();
  expect(host()).toBeNull();
  await drawAll();
  overlay.showVerdict(VERDICT, []);
  await drawAll();
  expect(host()).toBeNull();
});

it('leaves only a notice behind where the extension is gone, and a newer script removes it', async () => {
  const { overlay, root, extension } = overlayOn();
  overlay.showVerdict(VERDICT, []);
  const animated = lifelines();
  extension.isGone = true;
  end.abort();
  await drawAll();
  expect(animated.map(({ playState }) => playState)).toEqual(['finished', 'finished']);
  expect(root.querySelector('.gone')?.textContent).toBe('overlay_reload');
  expect(host()).not.toBeNull();
  expect([removeOldOverlays(document), removeOldOverlays(document)]).toEqual([true, false]);
  expect(host()).toBeNull();
});

it('keeps the notice from showing for as long as the script runs', async () => {
  overlayOn();
  const animated = lifelines();
  const beating = vi.mocked(Element.prototype.animate).mock.results.at(-1)!.value as Animation;
  for (const animation of animated) animation.pause();
  const age = (toMs: number) => {
    for (const animation of animated) animation.currentTime = toMs;
  };
  for (const elapse of [() => beating.finish(), () => document.dispatchEvent(new Event('visibilitychange'))]) {
    age(4_000);
    elapse();
    await new Promise((settled) => setImmediate(settled));
    expect(animated.map(({ currentTime }) => currentTime)).toEqual([0, 0]);
  }
  end.abort();
  age(4_000);
  expect(beating.playState).toBe('paused');
  await new Promise((settled) => setImmediate(settled));
  expect(animated.map(({ currentTime }) => currentTime)).toEqual([4_000, 4_000]);
});

it('hides what it shows from the page’s scripts', () => {
  overlayOn();
  expect(host()!.shadowRoot).toBeNull();
});

it('follows the photo’s position, and stays hidden until it is known', async () => {
  const { overlay, root, shown } = overlayOn();
  const frame = root.querySelector<HTMLElement>('.frame')!;
  overlay.showVerdict(VERDICT, []);
  await drawAll();
  expect([frame.hidden, frame.style.transform, frame.style.width]).toEqual([false, 'translate(10px, 20px)', '300px']);
  rect = new DOMRect(50, 60, 200, 300);
  window.dispatchEvent(new Event('scroll'));
  await drawAll();
  await new Promise((settled) => setImmediate(settled));
  expect([frame.style.transform, frame.style.width]).toEqual(['translate(50px, 60px)', '200px']);
  shown.element = document.body.appendChild(document.createElement('img'));
  await new Promise((settled) => setImmediate(settled));
  for (const draw of frames.splice(0)) draw();
  expect(frame.hidden).toBe(true); // it would cover the previous photo
  await new Promise((settled) => setImmediate(settled));
  expect(frame.hidden).toBe(false);
});

describe('for screen readers', () => {
  const LINE = 'decision_like_found 2 90.00% 40% · overlay_partial 2 3';

  /** An overlay, and everything that was added to the one live region that it has while the extension is there. */
  function heard() {
    const { root, ...rest } = overlayOn();
    const regions = root.querySelectorAll('[role]:not(.gone), [aria-live]');
    expect([...regions].map(({ role, ariaLive }) => [role, ariaLive])).toEqual([['log', 'polite']]);
    const said: string[] = [];
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) said.push(...[...addedNodes].map(({ textContent }) => textContent ?? ''));
    }).observe(regions[0]!, { childList: true, subtree: true, characterData: true });
    return { ...rest, root, said };
  }

  it('announces a verdict once, and not the way to it', async () => {
    const { overlay, shown, said } = heard();
    for (const show of [
      () => overlay.showReading(),
      () => overlay.showPending(3),
      () => overlay.showVerdict(VERDICT, []),
    ]) {
      show();
      await drawAll();
    }
    for (shown.index of [1, 2, 0]) {
      document.body.append('turned');
      await drawAll();
    }
    host()!.remove(); // the page's re-render
    await drawAll();
    for (const show of [() => overlay.showReading(), () => overlay.showVerdict({ ...VERDICT }, [])]) {
      show(); // scored again, after a retry or at Resume
      await drawAll();
    }
    expect(said).toEqual([LINE]);
  });

  it('announces what has changed about the verdict, and the same verdict on another card', async () => {
    const { overlay, profile, said } = heard();
    overlay.showVerdict(VERDICT, []);
    await drawAll();
    const partial = ' · overlay_partial 2 3';
    overlay.showVerdict({ ...VERDICT, photos: VERDICT.photos.slice(0, 2) }, []);
    await drawAll();
    overlay.clear();
    profile.key = 'b';
    overlay.showVerdict(VERDICT, []);
    await drawAll();
    expect(said).toEqual([LINE, LINE.replace(partial, ''), LINE]);
  });

  it('announces a hidden verdict as hidden, and the verdict once it is shown', async () => {
    const { overlay, said } = heard();
    overlay.setHidden(true);
    overlay.showVerdict(VERDICT, []);
    await drawAll();
    overlay.setHidden(false);
    await drawAll();
    expect(said).toEqual(['overlay_hidden', LINE]);
  });

  it('announces rulings, problems, pauses and remarks once, wherever they are drawn', async () => {
    const { overlay, state, said } = heard();
    overlay.showEarly('Left: too far');
    await drawAll();
    overlay.showStatus({ reason: 'person_acted' });
    await drawAll();
    state.kind = 'ended'; // the note moves from the card to the top of the page
    document.body.append('ended');
    await drawAll();
    overlay.showStatus({ reason: 'person_acted' });
    overlay.showStatus({ reason: null });
    overlay.showRemark('You: left');
    overlay.showRemark('');
    await drawAll();
    state.kind = 'profile';
    for (let attempt = 0; attempt < 3; attempt += 1) overlay.showProblem('server_unreachable', 'advice');
    await drawAll();
    expect(said).toEqual([
      'Left: too far',
      'overlay_paused reason_person_acted',
      'You: left',
      'reason_server_unreachable advice',
    ]);
  });
});
