// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { layOut } from '../../../test/support/laid-out.ts';
import { demo } from './demo.ts';
import { PersonActed, type SitePage } from './site-adapter.ts';

layOut(window);
const never = new AbortController();
const options = (signal = never.signal) => ({
  signal,
  deadline: () => new AbortController().signal,
  late: never.signal,
});

/**
 * A card as in docs/demo-page.md. A photo loads a moment after its tab is clicked, unless it is `broken` or `stuck`.
 */
function card(id: string, active: boolean, photos: string[] = ['0', '1', '2']): HTMLElement {
  const element = document.createElement('article');
  element.innerHTML = `<section aria-roledescription="carousel"><div role="tablist">${photos
    .map((_, index) => `<button role="tab" aria-selected="${index === 0}"></button>`)
    .join('')}</div><div role="img" data-demo="photo"></div></section><b itemprop="name">Ada</b><b itemprop="age">34</b>
    <i data-demo="verified"></i><p data-demo="distance">12 miles away</p><p data-demo="bio"> Fog and maps. </p>`;
  element.dataset.demo = 'card';
  element.dataset.profile = id;
  element.setAttribute('aria-hidden', String(!active));
  element.toggleAttribute('inert', !active);
  const tabs = [...element.querySelectorAll('[role=tab]')];
  const photo = element.querySelector<HTMLElement>('[data-demo=photo]')!;
  const load = (index: number) => {
    photo.dataset.state = 'loading';
    photo.style.backgroundImage = '';
    setTimeout(() => {
      if (tabs[index]!.getAttribute('aria-selected') !== 'true' || photos[index] === 'stuck') return;
      if (photos[index] !== 'broken') photo.style.backgroundImage = `url("/demo/photos/${id}/${photos[index]}.jpg")`;
      photo.dataset.state = photos[index] === 'broken' ? 'failed' : 'loaded';
    });
  };
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => {
      clicked.push(`${id}/${index}`);
      for (const other of tabs) other.setAttribute('aria-selected', String(other === tab));
      load(index);
    });
  }
  load(0);
  return element;
}

let clicked: string[] = [];
let page: SitePage;

function show(...cards: HTMLElement[]): void {
  clicked = [];
  document.body.innerHTML = `<main data-demo="page"><div role="region" data-demo="deck"></div>
    <button data-demo="nope"></button><button data-demo="super-like"><i></i></button><button data-demo="like"></button>
    <p data-demo="end" style="display: none">The end</p></main>`;
  document.querySelector('[data-demo=deck]')!.append(...cards);
  page = demo.open(document, { lifetime: never.signal, today: () => new Date('2026-11-24') });
}

const urls = (id: string, ...indexes: (string | null)[]) =>
  indexes.map((index) =>
    index === null ? { missing: 'page' } : { url: new URL(`/demo/photos/${id}/${index}.jpg`, document.baseURI).href },
  );

beforeEach(() => show(card('below', false), card('top', true)));

it.each([
  ['http://127.0.0.1:8787/demo', true],
  ['http://localhost:8787/demo/?run=1', true],
  ['http://127.0.0.1:8787/demonstration', false],
  ['http://127.0.0.1:8787/', false],
  ['https://127.0.0.1/demo', false],
  ['http://dating.example/demo', false],
])('%s is its page: %s', (url, mine) => {
  expect(demo.isMine(new URL(url)) && demo.hasDeck(new URL(url))).toBe(mine);
});

it('sees only the card on top, not its inert neighbors or a swiped card', () => {
  show(card('below', false), card('top', true), card('thrown', false));
  expect(page.activeProfile()?.key).toBe('top');
  expect(page.view()).toMatchObject({ kind: 'profile', profile: { key: 'top' } });
});

it('reads every photo in order and turns back to the first', async () => {
  expect(await page.readPhotos(page.activeProfile()!, options())).toEqual(urls('top', '0', '1', '2'));
  expect(clicked).toEqual(['top/1', 'top/2', 'top/0']);
  expect(page.shownPhoto(page.activeProfile()!)?.index).toBe(0);
});

it('marks a failed photo as missing, and tries it again the next time', async () => {
  show(card('top', true, ['0', 'broken', '2']));
  expect(await page.readPhotos(page.activeProfile()!, options())).toEqual(urls('top', '0', null, '2'));
  show(card('first', true, ['broken', '1']));
  expect(await page.readPhotos(page.activeProfile()!, options())).toEqual(urls('first', null, '1'));
  clicked = [];
  await new Promise((settled) => setTimeout(settled));
  expect(await page.readPhotos(page.activeProfile()!, options())).toEqual(urls('first', null, '1'));
  expect(clicked).toEqual(['first/1', 'first/0']);
});

it('continues reading a card that re-renders', async () => {
  show(card('top', true, ['0', 'stuck', '2']));
  const reading = page.readPhotos(page.activeProfile()!, options());
  await new Promise((settled) => setTimeout(settled, 5));
  page.activeProfile()!.card.replaceWith(card('top', true));
  expect(await reading).toEqual(urls('top', '0', '1', '2'));
});

it('doesn’t mistake the previous photo for the next one', async () => {
  const profile = page.activeProfile()!;
  for (const tab of profile.card.querySelectorAll<HTMLElement>('[role=tab]')) {
    const turn = tab.click.bind(tab);
    tab.click = () => void setTimeout(turn, 5); // until then, the previous photo and tab are shown
  }
  expect(await page.readPhotos(profile, options())).toEqual(urls('top', '0', '1', '2'));
  await vi.waitFor(() => expect(clicked.at(-1)).toBe('top/0')); // don't let the click leak into another test
});

it('gives up on a photo that doesn’t load, and continues with the next', async () => {
  show(card('top', true, ['0', 'stuck', '2']));
  const times: number[] = [];
  const deadline = (ms: number) => {
    times.push(ms);
    return times.length === 2 ? AbortSignal.timeout(1) : new AbortController().signal;
  };
  const read = await page.readPhotos(page.activeProfile()!, { ...options(), deadline });
  expect(read).toEqual(urls('top', '0', null, '2'));
  expect(new Set(times)).toEqual(new Set([10_000]));
});

describe('a reading that ends while it waits for the last photo', () => {
  /** Reads a card up to its last photo, which doesn't load. */
  async function readingOf(end: AbortController) {
    show(card('top', true, ['0', '1', 'stuck']));
    const reading = page.readPhotos(page.activeProfile()!, options(end.signal));
    reading.catch(() => {});
    await vi.waitFor(() => expect(clicked).toEqual(['top/1', 'top/2']));
    return { reading };
  }

  it('touches nothing more if the person acts', async () => {
    const end = new AbortController();
    const { reading } = await readingOf(end);
    end.abort(new PersonActed());
    await expect(reading).rejects.toBeInstanceOf(PersonActed);
    expect(clicked).toEqual(['top/1', 'top/2']);
  });

  it('returns to the first photo if swiping is turned off', async () => {
    const end = new AbortController();
    const { reading } = await readingOf(end);
    end.abort(new Error('off'));
    await expect(reading).rejects.toThrow('off');
    expect(clicked).toEqual(['top/1', 'top/2', 'top/0']);
  });
});

describe('before a swipe', () => {
  const button = (name: string) => document.querySelector<HTMLButtonElement>(`[data-demo=${name}]`)!;
  const prove = (swipe: 'right' | 'left', photos = 3) => page.prove(page.activeProfile()!, swipe, photos);
  const pressed: string[] = [];
  const press = (swipe: 'right' | 'left') => {
    pressed.length = 0;
    for (const one of document.querySelectorAll<HTMLElement>('main > button')) {
      one.onclick = () => pressed.push(one.dataset.demo!);
    }
    const proof = prove(swipe);
    if ('press' in proof) proof.press();
    return pressed;
  };

  it('proves the button for each swipe, and never the paid one', () => {
    expect(press('right')).toEqual(['like']);
    expect(press('left')).toEqual(['nope']);
    button('like').setAttribute('data-demo', 'super-like');
    expect(prove('right')).toEqual({ stop: 'control_missing' });
    button('nope').append(button('super-like'));
    expect(prove('left')).toEqual({ stop: 'control_ambiguous' });
  });

  it('doesn’t prove a button that is disabled, hidden, covered or duplicated', () => {
    button('like').disabled = true;
    expect(prove('right')).toEqual({ stop: 'control_missing' });
    button('nope').checkVisibility = () => false;
    expect(prove('left')).toEqual({ stop: 'control_missing' });
    button('like').disabled = false;
    button('like').after(button('like').cloneNode());
    expect(prove('right')).toEqual({ stop: 'control_ambiguous' });
    document.querySelectorAll('[data-demo=like]')[1]!.remove();
    document.body.insertAdjacentHTML('beforeend', '<div data-covering></div>');
    expect(prove('right')).toEqual({ stop: 'covered' });
    document.querySelector('[data-covering]')!.remove();
  });

  it('swipes left only if all photos were scored', () => {
    expect(prove('left', 2)).toEqual({ stop: 'photo_count_unsure' });
  });
});

it('closes the match dialog with its own button, and no unknown dialog', () => {
  const dialog = document.createElement('div');
  dialog.innerHTML = '<button data-demo="buy"></button><button data-demo="dismiss"></button>';
  for (const [name, value] of Object.entries({ role: 'dialog', 'aria-modal': 'true', 'data-demo': 'match' })) {
    dialog.setAttribute(name, value);
  }
  document.body.append(dialog);
  let dismissed = 0;
  dialog.querySelector('[data-demo=dismiss]')!.addEventListener('click', () => (dismissed += 1));
  const view = page.view();
  expect(view).toMatchObject({ kind: 'dialog', name: 'match', element: dialog });
  if (view.kind === 'dialog') view.dismiss?.();
  expect(dismissed).toBe(1);
  dialog.setAttribute('data-demo', 'upsell');
  expect(page.view()).toEqual({ kind: 'dialog', name: 'upsell', element: dialog });
});

it('distinguishes an empty deck from a loading one', () => {
  show();
  const end = document.querySelector<HTMLElement>('[data-demo=end]')!;
  end.checkVisibility = () => end.style.display !== 'none';
  expect(page.view()).toEqual({ kind: 'loading' });
  end.style.display = '';
  expect(page.view()).toEqual({ kind: 'ended' });
  const dialog = document.createElement('div');
  dialog.setAttribute('role', 'dialog');
  dialog.setAttribute('aria-modal', 'true');
  document.body.append(dialog);
  expect([page.view().kind, page.ended()]).toEqual(['dialog', true]); // even under a dialog
});

it('ignores an invisible dialog', () => {
  const dialog = document.createElement('div');
  dialog.setAttribute('role', 'dialog');
  dialog.setAttribute('aria-modal', 'true');
  dialog.checkVisibility = () => false;
  document.body.append(dialog);
  expect(page.view().kind).toBe('profile');
});

it('ignores an inert card, whatever its other attributes say', () => {
  const active = page.activeProfile()!.card;
  active.toggleAttribute('inert', true);
  expect(page.activeProfile()).toBeUndefined();
});

describe('the demo page’s last swipe', () => {
  it('is a swipe’s confirmation if it is of that profile and not a super-like', () => {
    show(card('p1', true));
    const deck = document.querySelector<HTMLElement>('[data-demo=deck]')!;
    const state = page.watchSwipe(page.activeProfile()!);
    expect(state()).toBeUndefined(); // an older page, which doesn’t say
    for (const [said, expected] of [
      ['', { state: 'expected' }],
      ['p0 right', { state: 'expected' }],
      ['p1 up', { state: 'expected' }],
      ['p1 left', { state: 'answered', swipe: 'left' }],
      ['p1 right', { state: 'answered', swipe: 'right' }],
    ] as const) {
      deck.dataset.swiped = said;
      expect(state()).toEqual(expected);
    }
  });
});

it('reads the facts about the profile on top', () => {
  show(card('a', true), card('b', false));
  const facts = { age: 34, distanceKm: expect.closeTo(19.3, 1), photoCount: 3, bio: 'Fog and maps.', isVerified: true };
  const profile = page.activeProfile()!;
  expect(page.factsOf(profile)).toEqual(facts);
  for (const shown of profile.card.querySelectorAll('[itemprop=age], p, i')) shown.remove();
  expect(page.factsOf(profile)).toEqual({ photoCount: 3, bio: '', isVerified: false });
  expect(page.factsOf({ ...profile, key: 'b' })).toEqual({});
});
