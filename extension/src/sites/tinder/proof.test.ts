// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { layOut } from '../../../../test/support/laid-out.ts';
import {
  CARD_BOX,
  cardPhotoUrl,
  pressedFor,
  showDeck,
  showOpenProfile,
  type TinderCard,
  tinderCard,
} from '../../../../test/support/tinder-card.ts';
import type { SitePage } from '../site-adapter.ts';
import { tinder } from './index.ts';
import { NEWS_EVENT } from './page-data/page-events.ts';

layOut(window);
const { happyDOM } = window as unknown as { happyDOM: { setURL(url: string): void } };
let lifetime = new AbortController();
let page: SitePage;
let deck: HTMLElement;

const card = (change: Partial<TinderCard> = {}) =>
  tinderCard(document, { name: 'Ann', age: 26, photos: ['a0', 'a1', 'a2'], ...change });
const pressed = (swipe: 'right' | 'left', photos = 3) => pressedFor(document, page, swipe, photos);
const button = (kind: string) => document.querySelector<HTMLElement>(`[data-kind="${kind}"]`)!;
const put = (html: string) => document.body.insertAdjacentHTML('beforeend', html);

/** Adds profiles to the page's own data. */
const know = (...profiles: (readonly [id: string, ...photos: string[]])[]) => {
  const picked = profiles.map(([id, ...photos]) => ({
    id,
    name: 'Ann',
    born: '2000-01-01',
    photos: photos.map((token) => ({ url: cardPhotoUrl(token), video: false })),
  }));
  const detail = JSON.stringify({ kind: 'profiles', profiles: picked });
  document.dispatchEvent(new CustomEvent(NEWS_EVENT, { detail }));
};

beforeEach(() => {
  lifetime.abort();
  lifetime = new AbortController();
  happyDOM.setURL('https://tinder.com/app/recs');
  page = tinder.open(document, { lifetime: lifetime.signal, today: () => new Date('2026-11-24T12:00:00') });
  page.read(true);
  deck = showDeck(document, [card({ name: 'Bea', photos: ['b0'], active: false }), card()]);
});

describe.each([
  ['a closed profile', () => {}],
  [
    'an open profile on recs',
    () => showOpenProfile(document, { name: 'Ann', age: 26, photos: ['a0', 'a1', 'a2'] }, 'recs'),
  ],
  [
    'an open profile on explore',
    () => showOpenProfile(document, { name: 'Ann', age: 26, photos: ['a0', 'a1', 'a2'] }, 'explore'),
  ],
])('%s', (_, open) => {
  beforeEach(() => void open());

  it('is swiped with Like and Nope', () => {
    expect([pressed('right'), pressed('left')]).toEqual([['like'], ['nope']]);
  });

  it.each<[string, string]>([
    ['a native popover', '<div popover data-box="350,250,300,150"><button>Try it</button></div>'],
    ['a small panel without a role', '<section data-box="420,300,80,80">New!</section>'],
    ['a panel over Like alone', '<div data-box="530,630,90,90">Hot</div>'],
    ['a panel over Nope alone', '<div data-box="380,630,70,90">Hot</div>'],
    ['an invisible layer', '<div data-box="0,0,1024,768"></div>'],
  ])('isn’t swiped under %s', (__, html) => {
    put(html);
    expect([pressed('right'), pressed('left')]).toEqual([['stop: covered'], ['stop: covered']]);
    document.body.lastElementChild!.remove();
    expect(pressed('right')).toEqual(['like']);
  });

  it('isn’t swiped under a dialog in a shadow root', () => {
    put('<x-dialog data-box="350,250,300,150"></x-dialog>');
    document.querySelector('x-dialog')!.attachShadow({ mode: 'closed' }).innerHTML = '<button>Buy</button>';
    expect(pressed('right')).toEqual(['stop: covered']);
  });

  it('is swiped under our own overlay and control, and under an element without a size', () => {
    put(
      '<swipenet-overlay data-box="0,0,1024,768"></swipenet-overlay><swipenet-control data-box="0,0,1024,768"></swipenet-control><div data-box="0,0,0,0"></div>',
    );
    expect(pressed('right')).toEqual(['like']);
  });

  it('isn’t swiped while its photo or a button is outside the window', () => {
    const row = button('like').closest<HTMLElement>('.row')!;
    for (const wrapper of row.querySelectorAll<HTMLElement>('[data-box]')) {
      const [left, , width, height] = wrapper.dataset.box!.split(',');
      wrapper.dataset.box = `${left},760,${width},${height}`;
    }
    expect(pressed('right')).toEqual(['stop: off_screen']);
    page.activeProfile()!.card.setAttribute('data-box', '300,-500,400,600');
    expect(pressed('left')).toEqual(['stop: off_screen']);
  });

  it.each<[string, () => void, string]>([
    ['takes over Like’s class', () => swapClasses('superLike', 'like'), 'control_ambiguous'],
    ['has Like’s class, too', () => (button('superLike').className = button('like').className), 'control_ambiguous'],
    ['is named Like', () => (button('rewind').querySelector('.Hidden')!.textContent = 'Like'), 'control_ambiguous'],
    ['is alone', () => button('like').remove(), 'control_missing'],
    ['is alone with Like', () => button('nope').remove(), 'control_missing'],
  ])('isn’t swiped when a paid button %s', (__, mutate, why) => {
    mutate();
    expect([pressed('right'), pressed('left')]).toEqual([[`stop: ${why}`], [`stop: ${why}`]]);
  });

  it('is swiped left only if all its photos were scored', () => {
    expect(pressed('left', 2)).toEqual(['stop: photo_count_unsure']);
    expect(pressed('right', 2)).toEqual(['like']); // one photo that is certainly this profile's is enough
    document.querySelector(':not([inert]) > section [role=tab], .profileCard__card [role=tab]')!.remove();
    expect(pressed('left')).toEqual(['stop: photo_count_unsure']);
    expect(pressed('right')).toEqual(['like']);
  });

  it('isn’t swiped while its photo is missing', () => {
    const { card: root } = page.activeProfile()!;
    root.querySelector('[role=tabpanel]')!.replaceChildren();
    expect(pressed('right')[0]).toMatch(/no profile|card_unproven/);
  });
});

function swapClasses(one: string, other: string): void {
  const [a, b] = [button(one).className, button(other).className];
  button(one).className = b;
  button(other).className = a;
}

it('is swiped in any language and script, even right to left', () => {
  document.documentElement.dir = 'rtl';
  for (const [at, name] of document.querySelectorAll('.row .Hidden').entries()) name.textContent = `ꙮ${at}`;
  for (const [at, slide] of document.querySelectorAll(':not([inert]) > section [role=tabpanel]').entries()) {
    slide.setAttribute('aria-label', `${'١٢٣'[at]} من ٣`);
  }
  for (const counter of document.querySelectorAll('.row [role=img]')) counter.setAttribute('aria-label', 'باقي ٣');
  expect([pressed('right'), pressed('left')]).toEqual([['like'], ['nope']]);
  document.documentElement.removeAttribute('dir');
});

describe('of several cards marked as active', () => {
  const nameOf = () => page.activeProfile()?.card.querySelector('[itemprop=name], h1 span')?.textContent;

  it('the one that clicks reach is on top, wherever it is in the document', () => {
    deck.append(card({ name: 'Bea', photos: ['b0', 'b1'] }));
    expect(nameOf()).toBe('Bea');
    expect(page.view().kind).toBe('profile');
    (deck.lastElementChild as HTMLElement).dataset.z = '-1';
    expect(nameOf()).toBe('Ann');
  });

  it('neither is on top while clicks reach both', () => {
    deck.append(card({ name: 'Bea', photos: ['b0', 'b1'], box: '600,20,400,600' }));
    expect(page.view()).toEqual({ kind: 'unproven', reason: 'surface_ambiguous' });
    expect(page.activeProfile()).toBeUndefined();
  });

  it('one that has left the window doesn’t count', () => {
    const thrown = card({ name: 'Bea', photos: ['b0', 'b1'], box: '2055,20,400,600' });
    deck.append(thrown);
    expect(nameOf()).toBe('Ann');
  });

  it('another person’s open profile is on top until it closes', () => {
    const { key } = page.activeProfile()!;
    const open = showOpenProfile(document, { name: 'Bea', age: 31, photos: ['b0', 'b1'] }, 'recs');
    document.querySelector('main')!.prepend(deck);
    expect(nameOf()).toBe('Bea');
    open.remove();
    expect(page.activeProfile()?.key).toBe(key);
  });

  it('one that has lost its attributes still counts', () => {
    const bare = card({ name: 'Bea', photos: ['b0', 'b1'] });
    for (const name of ['data-keyboard-gamepad', 'aria-hidden']) bare.removeAttribute(name);
    deck.append(bare);
    expect(nameOf()).toBe('Bea');
  });

  it('only the one that was judged is swiped', () => {
    const judged = page.activeProfile()!;
    deck.append(card({ name: 'Bea', photos: ['b0', 'b1'] }));
    expect(page.prove(judged, 'right', 3)).toEqual({ stop: 'surface_ambiguous' });
  });
});

describe('a card that may not be a profile', () => {
  const photo = () => document.querySelector<HTMLElement>(':not([inert]) > section [role=img]')!;

  it.each<[string, () => void, string]>([
    ['has no name', () => document.querySelector(':not([inert]) > [itemprop=name]')!.remove(), 'no profile'],
    [
      'has no age, and the page’s data doesn’t know it',
      () => document.querySelector(':not([inert]) > [itemprop=age]')!.remove(),
      'stop: card_unproven',
    ],
    [
      'has a photo from another host',
      () => (photo().style.backgroundImage = 'url("https://tinder.com/blur.png")'),
      'stop: card_unproven',
    ],
  ])('isn’t swiped if it %s', (_, mutate, why) => {
    page.activeProfile();
    mutate();
    expect(pressed('right')).toEqual([why]);
  });

  it('isn’t swiped if it is the first one that the page’s data lacks', () => {
    know(['b', 'b0'], ['c', 'c0'], ['d', 'd0'], ['e', 'e0']);
    for (const photo of ['b0', 'c0', 'd0']) {
      deck = showDeck(document, [card({ photos: [photo] })]);
      expect(pressed('right')).toEqual(['like']);
    }
    deck = showDeck(document, [card({ photos: ['x0', 'x1'] })]);
    expect(pressed('right')).toEqual(['stop: card_unproven']);
    know(['x', 'x0', 'x1']);
    expect(pressed('right')).toEqual(['like']);
  });

  it('is swiped if the page’s data lacks it because reading was off when the page fetched it', () => {
    know(['b', 'b0'], ['c', 'c0'], ['d', 'd0']);
    for (const photo of ['b0', 'c0', 'd0']) {
      deck = showDeck(document, [card({ photos: [photo] })]);
      expect(pressed('right')).toEqual(['like']);
    }
    page.read(false);
    page.read(true);
    know(['y', 'y0']);
    deck = showDeck(document, [card({ photos: ['x0', 'x1'] })]);
    expect(pressed('right')).toEqual(['like']);
  });

  it('may hide its age if the page’s data has it', () => {
    document.querySelector(':not([inert]) > [itemprop=age]')!.remove();
    know(['a', 'a0', 'a1', 'a2']);
    expect(pressed('right')).toEqual(['like']);
  });
});

describe('page data that arrives late', () => {
  it('makes a left swipe wait for the photos it adds', () => {
    const profile = page.activeProfile()!;
    expect([page.photoCount(profile), page.hasData(profile)]).toEqual([3, false]);
    know(['a', 'a0', 'a1', 'a2', 'a3']);
    expect([page.photoCount(profile), page.hasData(profile)]).toEqual([undefined, false]);
    expect([pressed('left'), pressed('left', 4)]).toEqual([['stop: photo_count_unsure'], ['stop: photo_count_unsure']]);
  });

  it('completes a profile', () => {
    const profile = page.activeProfile()!;
    know(['a', 'a0', 'a1', 'a2']);
    expect([page.photoCount(profile), page.hasData(profile)]).toEqual([3, true]);
  });
});

it('notices at the last photo that another one follows', async () => {
  const next = document.querySelector(':not([inert]) > section [aria-label="Next Photo"]')!;
  next.toggleAttribute = () => false; // never disabled
  const { signal } = new AbortController();
  const photos = await page.readPhotos(page.activeProfile()!, { signal, deadline: () => signal, late: signal });
  expect(photos).toHaveLength(4);
  expect(photos[3]).toEqual({ missing: 'page' });
  expect(pressed('left')).toEqual(['stop: photo_count_unsure']);
});

it('doesn’t read a card whose time is up', async () => {
  let turned = 0;
  for (const tab of document.querySelectorAll('[role=tab]')) tab.addEventListener('click', () => (turned += 1));
  const { signal } = new AbortController();
  const photos = await page.readPhotos(page.activeProfile()!, {
    signal,
    deadline: () => signal,
    late: AbortSignal.abort(),
  });
  expect(photos).toEqual(new Array(3).fill({ missing: 'page' }));
  expect(turned).toBe(0);
});

it('reports what hides a photo', () => {
  const profile = page.activeProfile()!;
  expect(page.obstruction(profile)).toBeUndefined();
  put(`<div data-box="${CARD_BOX}"></div>`);
  expect(page.obstruction(profile)).toBe('covered');
});

it('reports every fact with its evidence', () => {
  const text = page.check().map(({ role, found, by = '' }) => `${role} ${found} ${by}`.trim());
  expect(text).toContain('active surface 1 1+2+3/3');
  expect(text).toContain('like proven 1 class name counter size order symmetry icon');
  expect(text).toContain('photo count agreed 1 tabs 3 slides 3 labels 3 data 0');
  button('superLike').className = button('like').className;
  expect(page.check()).toContainEqual({ role: 'like button', found: 2, wanted: 1 });
});
