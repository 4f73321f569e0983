// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { layOut } from '../../../../test/support/laid-out.ts';
import {
  cardPhotoUrl,
  pressedFor,
  showDeck,
  showOpenProfile,
  type TinderCard,
  tinderCard,
} from '../../../../test/support/tinder-card.ts';
import { isMet, PersonActed, type SitePage } from '../site-adapter.ts';
import { tinder } from './index.ts';
import { NEWS_EVENT, READ_EVENT } from './page-data/page-events.ts';

layOut(window);
const { happyDOM } = window as unknown as { happyDOM: { setURL(url: string): void } };
const TODAY = new Date('2026-11-24T12:00:00');
let lifetime = new AbortController();
let page: SitePage;
let deck: HTMLElement;

const show = (...cards: HTMLElement[]) => {
  deck = showDeck(document, cards);
};

/** An open profile as in the outlines, without a card or deck. */
const showOpen = (profile: Partial<TinderCard> = {}, place: 'recs' | 'explore' = 'recs') =>
  showOpenProfile(document, { name: 'Ann', age: 26, photos: ['a0', 'a1', 'a2'], ...profile }, place);

const card = (change: Partial<TinderCard> = {}) =>
  tinderCard(document, { name: 'Ann', age: 26, photos: ['a0', 'a1', 'a2'], ...change });

/** Adds profiles to the page's own data. A token that begins with `video` makes a video. */
function know(...profiles: { id: string; name?: string; born?: string; photos: string[]; more?: object }[]): void {
  const picked = profiles.map(({ id, name = 'Ann', born = '2000-01-01', photos, more }) => ({
    id,
    name,
    born,
    ...more,
    photos: photos.map((token) => ({ url: cardPhotoUrl(token), video: token.startsWith('video') })),
  }));
  say({ kind: 'profiles', profiles: picked });
}

const say = (news: object) =>
  void document.dispatchEvent(new CustomEvent(NEWS_EVENT, { detail: JSON.stringify(news) }));

const comingPhotos = () => page.upcoming().map(({ photos }) => photos);

const urls = (...tokens: string[]) => tokens.map((token) => ({ url: cardPhotoUrl(token) }));

let turned = 0;
const { signal } = new AbortController();
const read = (deadline: (ms: number) => AbortSignal = () => signal) => {
  turned = 0;
  for (const tab of document.querySelectorAll('[role=tab]')) tab.addEventListener('click', () => (turned += 1));
  return page.readPhotos(page.activeProfile()!, { signal, deadline, late: signal });
};

beforeEach(() => {
  lifetime.abort();
  lifetime = new AbortController();
  happyDOM.setURL('https://tinder.com/app/recs');
  page = tinder.open(document, { lifetime: lifetime.signal, today: () => TODAY });
  page.read(true);
  show(
    card({ name: 'Bea', photos: ['b0'], active: false }),
    card(),
    card({ name: 'Cat', photos: ['c0'], active: false }),
  );
});

it.each([
  ['https://tinder.com/app/recs', true],
  ['https://tinder.com/app/recs/profile', true],
  ['https://tinder.com/app/explore/night-owls', true],
  ['https://tinder.com/', true], // where people who are signed out are sent
  ['https://tinder.com/app/explore', false],
  ['https://tinder.com/app/messages/abc', false],
  ['https://tinder.com/app/recsomething', false],
])('%s has a deck, or should have: %s', (url, has) => {
  expect(tinder.isMine(new URL(url)) && tinder.hasDeck(new URL(url))).toBe(has);
});

it('handles only pages of tinder.com', () => {
  for (const url of [
    'http://tinder.com/app/recs',
    'https://nottinder.com/app/recs',
    'https://tinder.com.example/app/recs',
  ]) {
    expect(tinder.isMine(new URL(url))).toBe(false);
  }
});

describe('the card on top', () => {
  it('is the active one, not its inert neighbors, with its age, photo count and bio', () => {
    show(card({ name: 'Bea', active: false }), card({ bio: 'Tea.' }));
    expect(page.factsOf(page.activeProfile()!)).toEqual({ age: 26, photoCount: 3, bio: 'Tea.' });
  });
});

describe.each(['recs', 'explore'] as const)('an open profile on %s', (place) => {
  it('is on top, has its name from the heading, and is the same person as its card', async () => {
    const { key } = page.activeProfile()!;
    const open = showOpen({ bio: 'Tea.' }, place);
    const profile = page.activeProfile()!;
    expect(profile.key).toBe(key);
    expect(page.view()).toMatchObject({ kind: 'profile', profile: { key } });
    expect(page.factsOf(profile)).toEqual({ age: 26, photoCount: 3, bio: 'Tea.' });
    expect(open.contains(page.shownPhoto(profile)!.element)).toBe(true);
    expect(await read()).toEqual(urls('a0', 'a1', 'a2'));
    expect(page.photoCount(profile)).toBe(3);
  });

  it('is swiped with its own buttons, and stays the same profile when it closes', () => {
    const { key } = page.activeProfile()!;
    showOpen({}, place);
    expect(pressed('right')).toEqual(['like']);
    expect(pressed('left')).toEqual(['nope']);
    show(card());
    expect(page.activeProfile()?.key).toBe(key);
  });

  it('is another person if it shows another photo', () => {
    const { key } = page.activeProfile()!;
    showOpen({ photos: ['x0', 'x1'] }, place);
    expect(page.activeProfile()?.key).not.toBe(key);
  });

  it('is read in any language and script', () => {
    const open = showOpen({}, place);
    open.querySelector('h1')!.setAttribute('aria-label', 'Ann, ٢٦ سنة');
    open.querySelectorAll('h1 span')[1]!.textContent = '٢٦';
    expect(page.factsOf(page.activeProfile()!)).toEqual({ age: 26, photoCount: 3 });
    open.querySelector('h1')!.replaceChildren();
    expect(page.factsOf(page.activeProfile()!)).toEqual({ age: 26, photoCount: 3 });
  });
});

describe('the facts about a profile', () => {
  const facts = () => page.factsOf(page.activeProfile()!);
  const more = { distanceMi: 32, bio: 'Boats and maps.', verified: true };

  it('come from the page’s own data, with miles as kilometers', () => {
    know({ id: 'a', photos: ['a0', 'a1', 'a2'], more });
    expect(facts()).toEqual({
      age: 26,
      distanceKm: expect.closeTo(51.5, 1),
      photoCount: 3,
      bio: 'Boats and maps.',
      isVerified: true,
    });
  });

  it('are unknown where the data doesn’t have them', () => {
    know({ id: 'a', photos: ['a0', 'a1', 'a2'], more: { distanceMi: null, bio: 7, verified: 'yes' } });
    expect(facts()).toEqual({ age: 26, photoCount: 3 });
  });

  it('say that a bio is empty only if the data does', () => {
    expect(facts().bio).toBeUndefined();
    know({ id: 'a', photos: ['a0', 'a1', 'a2'], more: { bio: '' } });
    expect(facts().bio).toBe('');
  });

  it('take the age from the data if the card doesn’t show it', () => {
    know({ id: 'a', born: '1990-11-24', photos: ['a0', 'a1', 'a2'] });
    document.querySelector('[aria-hidden=false] [itemprop=age]')!.remove();
    expect(facts().age).toBe(36);
  });

  it('are never another profile’s', () => {
    know({ id: 'a', name: 'Bea', photos: ['a0', 'a1', 'a2'], more });
    expect(facts()).toEqual({ age: 26, photoCount: 3 });
  });
});

const pressed = (swipe: 'right' | 'left') => pressedFor(document, page, swipe, 3);

describe('a profile’s photos', () => {
  it('come from the page’s data without a click if token, name, age and count agree', async () => {
    know({ id: 'x', name: 'Bea', photos: ['b0'] }, { id: 'a', photos: ['a0', 'a1', 'a2'] });
    expect(await read()).toEqual(urls('a0', 'a1', 'a2'));
    expect(turned).toBe(0);
  });

  it.each([
    ['another name', { id: 'a', name: 'Anna', photos: ['a0', 'a1', 'a2'] }],
    ['another age', { id: 'a', born: '1980-01-01', photos: ['a0', 'a1', 'a2'] }],
    ['another count', { id: 'a', photos: ['a0', 'a1'] }],
    ['another token', { id: 'a', photos: ['x0', 'a1', 'a2'] }],
  ])('are paged through if the page’s data has %s', async (_, profile) => {
    know(profile);
    expect(await read()).toEqual(urls('a0', 'a1', 'a2'));
    expect(turned).toBe(3); // two others, and back to the first
  });

  it('are paged through if two profiles in the page’s data share a photo', async () => {
    know({ id: 'a', photos: ['a0', 'a1', 'a2'] }, { id: 'b', photos: ['a0', 'y1', 'y2'] });
    expect(await read()).toEqual(urls('a0', 'a1', 'a2'));
  });

  it('may be videos, at any position, whether read from data or the page', async () => {
    show(card({ photos: ['video0', 'a1', 'video2'] }));
    const expected = [{ missing: 'video' }, ...urls('a1'), { missing: 'video' }];
    expect(await read()).toEqual(expected);
    know({ id: 'a', photos: ['video0', 'a1', 'video2'] });
    expect(await read()).toEqual(expected);
    expect(turned).toBe(0);
  });

  it('tell a card from a namesake’s by the source of a video', () => {
    show(card({ name: 'Ann', photos: ['a0'] }));
    const first = page.activeProfile()?.key;
    const next = card({ name: 'Ann', photos: ['video0', 'b1'] });
    const video = next.querySelector('video')!;
    video.innerHTML = `<source src="${video.getAttribute('poster')}">`;
    video.removeAttribute('poster');
    show(next);
    expect(page.activeProfile()?.key).toBeTruthy();
    expect(page.activeProfile()?.key).not.toBe(first);
  });

  it('are as many as the tabs, and one that doesn’t load is missing', async () => {
    show(card({ photos: ['a0', 'a1', 'a2'] }));
    document.querySelectorAll('[role=tabpanel]')[1]!.remove();
    const soon = (ms: number) => AbortSignal.timeout(ms / 1_000);
    expect(await read(soon)).toEqual([...urls('a0'), { missing: 'page' }, ...urls('a2')]);
  });

  it('are read again if there are more at the end than at the start', async () => {
    const slow = card({ photos: ['a0', 'a1', 'a2'] });
    const rest = [...slow.querySelectorAll('[role=tab], [role=tabpanel]')].filter((part) =>
      /[12]$/.test(part.id || part.getAttribute('aria-controls')!),
    );
    for (const part of rest) part.remove();
    show(slow);
    const tab = slow.querySelector<HTMLElement>('[role=tab]')!;
    const first = slow.querySelector('[role=tabpanel]')!;
    const photo = first.firstElementChild!;
    photo.remove(); // its first photo hasn't loaded either
    const reading = read();
    await new Promise((settled) => setTimeout(settled));
    for (const part of rest) (part.matches('[role=tab]') ? tab.parentElement! : first.parentElement!).append(part);
    first.append(photo);
    expect(await reading).toEqual(urls('a0', 'a1', 'a2'));
  });

  it('are missing if the page’s data has more of them than the card shows', async () => {
    know({ id: 'a', photos: ['a0', 'a1', 'a2', 'a3'] });
    expect(await read()).toEqual([...urls('a0', 'a1', 'a2'), { missing: 'page' }]);
  });

  it('wait a moment for the first one to match the page’s data, without paging', async () => {
    know({ id: 'a', photos: ['a0', 'a1', 'a2'] });
    const late = card();
    const photo = late.querySelector('[role=tabpanel]')!.firstElementChild!;
    photo.remove();
    show(late);
    const reading = read();
    await new Promise((settled) => setTimeout(settled));
    late.querySelector('[role=tabpanel]')!.append(photo);
    expect(await reading).toEqual(urls('a0', 'a1', 'a2'));
    expect(late.querySelector('[aria-selected=true]')?.getAttribute('aria-controls')).toBe('carousel-item-0');
  });

  it('aren’t paged through under a dialog', async () => {
    document.body.insertAdjacentHTML('beforeend', '<div role="dialog"></div>');
    await expect(read()).rejects.toThrow('something covers the deck');
    expect(turned).toBe(0);
  });

  it('are a single photo if there are no tabs', async () => {
    show(card({ photos: ['a0'] }));
    document.querySelector('[role=tablist]')!.remove();
    expect(await read()).toEqual(urls('a0'));
  });

  it('are left as they are when the person acts', async () => {
    show(tinderCard(document, { name: 'Ann', age: 26, photos: ['a0', 'a1', 'a2'] }, () => {}));
    const acted = new AbortController();
    const never = new AbortController().signal;
    const reading = page.readPhotos(page.activeProfile()!, {
      signal: acted.signal,
      deadline: () => never,
      late: never,
    });
    const second = document.querySelectorAll('[role=tab]')[1]!;
    await vi.waitFor(() => expect(second.getAttribute('aria-selected')).toBe('true'));
    acted.abort(new PersonActed());
    await expect(reading).rejects.toThrow('the person acted');
    expect(document.querySelectorAll('[role=tab]')[1]?.getAttribute('aria-selected')).toBe('true');
  });
});

describe('the upcoming profiles', () => {
  it('follow the card on top in the page’s data, without those already shown', () => {
    know(
      { id: 'z', photos: ['z0'] },
      { id: 'a', photos: ['a0', 'a1', 'a2'] },
      { id: 'b', photos: ['b0'] },
      { id: 'c', photos: ['c0'] },
    );
    expect(comingPhotos()).toEqual([urls('b0'), urls('c0')]);
    show(card({ name: 'Bea', photos: ['b0'] }));
    expect(page.activeProfile()).toBeDefined();
    know({ id: 'b', photos: ['b0'] });
    expect(comingPhotos()).toEqual([urls('c0')]);
  });

  it('aren’t read, nor the person’s swipes, while reading is off', () => {
    know({ id: 'a', photos: ['a0', 'a1', 'a2'] });
    const profile = page.activeProfile()!;
    page.read(false);
    say({ kind: 'swipe', profile: 'a', verb: 'like', state: 'sent' });
    page.read(true);
    expect(page.watchSwipe(profile)()).toBeUndefined();
  });

  it('are forgotten when reading is turned off', () => {
    know({ id: 'a', photos: ['a0'] }, { id: 'b', photos: ['b0'] });
    const sent: unknown[] = [];
    document.addEventListener(READ_EVENT, (event) => sent.push((event as CustomEvent).detail));
    page.read(false);
    know({ id: 'c', photos: ['c0'] });
    expect(page.upcoming()).toEqual([]);
    expect(sent).toEqual(['off']);
  });

  it('ignore invalid news', () => {
    for (const detail of ['{', '{"kind":"profiles"}', 7, null, '{"kind":"profiles","profiles":[null,{"id":1}]}']) {
      document.dispatchEvent(new CustomEvent(NEWS_EVENT, { detail }));
    }
    expect(page.upcoming()).toEqual([]);
  });
});

describe('the page’s own requests', () => {
  const swiped = (state: string, profile = 'a', verb = 'like') => say({ kind: 'swipe', profile, verb, state });

  it('give the state of the next swipe once the card is known', () => {
    know({ id: 'a', photos: ['a0', 'a1', 'a2'] });
    const profile = page.activeProfile()!;
    expect(page.watchSwipe(profile)()).toBeUndefined(); // no request was ever observed
    swiped('sent', 'somebody', 'pass');
    swiped('answered', 'somebody', 'pass');
    swiped('sent'); // an earlier swipe, before a rewind
    swiped('answered');
    const look = page.watchSwipe(profile);
    expect(look()).toEqual({ state: 'expected' });
    swiped('sent', 'somebody');
    expect(look()).toEqual({ state: 'expected' });
    swiped('sent');
    expect(look()).toEqual({ state: 'sent', swipe: 'right' });
    swiped('answered');
    expect(look()).toEqual({ state: 'answered', swipe: 'right' });
  });

  it('match a card without data to the first request for an unknown profile', () => {
    know({ id: 'b', photos: ['b0'] });
    const look = page.watchSwipe(page.activeProfile()!);
    swiped('sent', 'b', 'pass');
    expect(look()).toBeUndefined();
    swiped('sent', 'stranger');
    swiped('sent', 'another', 'pass');
    swiped('failed', 'stranger');
    expect(look()).toEqual({ state: 'failed', swipe: 'right' });
  });

  it('call back on all news', () => {
    let news = 0;
    const over = new AbortController();
    page.onNews(() => (news += 1), over.signal);
    swiped('sent');
    over.abort();
    swiped('answered');
    expect(news).toBe(1);
  });
});

describe('what covers the page', () => {
  const over = (html: string) => document.body.insertAdjacentHTML('beforeend', html);
  const dialog = (inner: string, attributes = '') =>
    over(`<div role="dialog" aria-modal="true" ${attributes}>${inner}</div>`);
  const view = () => {
    const seen = page.view();
    return seen.kind === 'dialog'
      ? `${seen.name}${seen.dismiss ? ' (harmless)' : ''}`
      : seen.kind === 'obstacle'
        ? seen.obstacle
        : seen.kind;
  };

  it.each([
    ['out_of_likes', '<h1>You’re Out of Likes!</h1>'],
    ['out_of_likes', `<h1>You're Out of Likes!</h1>`],
    ['challenge', '<iframe srcdoc src="https://client-api.arkoselabs.com/v2/x"></iframe>'],
    ['challenge', '<iframe srcdoc src="https://challenges.cloudflare.com/turnstile"></iframe>'],
    ['consent_layer', '<div id="sp_message_container_123"></div>'],
    ['upsell_open', '<div role="dialog" aria-modal="true"><h3>Upgrade Your Like!</h3><button>Yes</button></div>'],
    [
      'permission_prompt',
      '<div role="dialog"><button data-testid="allow"></button><button data-testid="decline"></button></div>',
    ],
    ['permission_prompt', '<div><button data-testid="allow"></button><button data-testid="decline"></button></div>'],
    [
      'match (harmless)',
      '<div role="dialog"><h1>You matched with Bea</h1><button title="Back to Tinder"></button></div>',
    ],
    ['match (harmless)', '<div><h1>You matched with Bea</h1><button title="Back to Tinder"></button></div>'],
    [
      'add_to_home_screen (harmless)',
      '<div data-testid="addToHomeScreen"><button data-testid="decline"></button></div>',
    ],
    ['add_to_home_screen', '<div data-testid="addToHomeScreen"><button>?</button></div>'],
    ['unknown', '<div role="dialog"><button>OK</button></div>'],
    ['unknown', '<div role="alertdialog"></div>'],
    ['unknown', '<dialog open></dialog>'],
    ['unknown', '<div role="dialog"><button title="Voltar para o Tinder"></button></div>'],
  ])('is %s', (expected, html) => {
    over(html);
    expect(view()).toBe(expected);
  });

  it('is ignored while it is invisible', () => {
    dialog('<button>Yes</button>', 'data-off-screen');
    dialog('<h1>You’re Out of Likes!</h1>', 'style="display: none"');
    over('<iframe srcdoc hidden src="https://client-api.arkoselabs.com/"></iframe>');
    expect(view()).toBe('profile');
  });

  it('is the unknown dialog if a known one is also open', () => {
    dialog('<button title="Back to Tinder"></button>');
    dialog('<button>Buy</button>');
    expect(view()).toBe('unknown');
  });

  it('is closed with its only safe button', () => {
    dialog('<button>Send a message</button><button title="Back to Tinder"></button>');
    const pressed: string[] = [];
    for (const button of document.querySelectorAll<HTMLElement>('[role=dialog] button')) {
      button.addEventListener('click', () => pressed.push(button.title));
    }
    const seen = page.view();
    if (seen.kind === 'dialog') seen.dismiss?.();
    expect(pressed).toEqual(['Back to Tinder']);
  });

  it('means signed out if the address has left the app', () => {
    happyDOM.setURL('https://tinder.com/');
    expect(view()).toBe('signed_out');
  });
});

it('counts tabs and buttons as clickable, and not the halves of a photo that turn it over', () => {
  const place = (selector: string, box: string) => {
    document.querySelector<HTMLElement>(`[aria-hidden=false] ${selector}`)!.dataset.box = box;
  };
  place('[role=tab]', '310,24,40,16');
  place('[aria-label="Next Photo"]', '500,40,200,580');
  const boxes = page.clickable().map(({ left, top }) => [left, top]);
  expect(boxes).toContainEqual([310, 24]);
  expect(boxes.filter(([, top]) => top! >= 640).length).toBe(5);
  expect(boxes).not.toContainEqual([500, 40]);
});

it('distinguishes an empty deck from a loading one', () => {
  show();
  expect(page.view().kind).toBe('loading');
  document.body.insertAdjacentHTML('beforeend', '<div class="beacon"></div>');
  expect(page.view().kind).toBe('ended');
  show();
  document.body.insertAdjacentHTML('beforeend', '<button>Back to Explore</button>'); // always present
  expect([page.view().kind, page.ended()]).toEqual(['loading', false]);
  deck.append(card());
  expect([page.view().kind, page.ended()]).toEqual(['profile', false]);
});

it('meets every check on an intact page, and reports what is missing on a changed one', () => {
  know({ id: 'a', photos: ['a0', 'a1', 'a2'] });
  const unmet = () => page.check().flatMap((check) => (isMet(check) ? [] : [check.role]));
  expect(unmet()).toEqual([]);
  expect(JSON.stringify(page.check())).not.toMatch(/Ann|26|images-ssl/);
  const like = document.querySelector('[data-kind=like]')!;
  like.className = 'gamepad-button';
  like.querySelector('.Hidden')!.remove();
  for (const tab of document.querySelectorAll('[role=tab]')) tab.remove();
  expect(unmet()).toEqual(['like button', 'like proven', 'nope proven']);
});
