import type { SitePage, Swipe } from '../../extension/src/sites/site-adapter.ts';

/** A photo of a card: its token, or `video`. */
type CardPhoto = string;

/** A tinder.com card for tests without a browser. The twin has a live page. */
export interface TinderCard {
  readonly name: string;
  readonly age?: number;
  readonly photos: readonly CardPhoto[];
  readonly active?: boolean;
  readonly bio?: string;
  /** Where it stands; see laid-out.ts. */
  readonly box?: string;
}

/** A card's box in a window of 1024 by 768 pixels; see laid-out.ts. */
export const CARD_BOX = '300,20,400,600';

/** Returns a photo's URL, signed like the site's. */
export const cardPhotoUrl = (token: string) =>
  `https://images-ssl.gotinder.com/u/${token}/640x800_${token}.webp?Policy=p~`;

/**
 * Creates a card as observed in May 2026: tabs, slides, and a single live photo node that appears when its tab is
 * selected. `late` decides when it appears. By default it does immediately.
 */
export function tinderCard(
  document: Document,
  card: TinderCard,
  late: (show: () => void) => void = (show) => show(),
): HTMLElement {
  const { name, age, photos, active = true, bio, box = CARD_BOX } = card;
  const element = document.createElement('div');
  element.dataset.keyboardGamepad = 'true';
  element.dataset.box = box;
  element.setAttribute('aria-hidden', String(!active));
  element.toggleAttribute('inert', !active);
  element.innerHTML = `<div style="background-image: linear-gradient(red, blue)" role="img"></div>
    ${carouselHtml(photos.length)}
    <span itemprop="name">${name}</span>${age === undefined ? '' : `<span itemprop="age">${age}</span>`}
    ${bio ? `<div class="BreakWord">${bio}</div>` : ''}`;
  bringToLife(element, photos, late);
  return element;
}

/** The carousel of a profile, as in the outline closed-profile.html. */
function carouselHtml(count: number): string {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const tabs = numbers.map(
    (n) =>
      `<button role="tab" aria-label="Photo ${n + 1}" aria-controls="carousel-item-${n}" aria-selected="${n === 0}"></button>`,
  );
  const slides = numbers.map(
    (n) =>
      `<div class="keen-slider__slide" id="carousel-item-${n}" role="tabpanel" aria-label="${n + 1} of ${count}" aria-hidden="${n !== 0}"></div>`,
  );
  return `<section aria-roledescription="carousel"><div role="tablist">${tabs.join('')}</div>
    <div class="keen-slider">${slides.join('')}</div>
    <button aria-label="Previous Photo" aria-controls="x" disabled></button>
    <button aria-label="Next Photo" aria-controls="x" ${count < 2 ? 'disabled' : ''}></button></section>`;
}

/** An open profile, as in the outlines open-profile.html and explore-open-profile.html: its name is in a heading alone. */
export function tinderOpenProfile(
  document: Document,
  { name, age, photos, box = CARD_BOX, bio }: TinderCard,
  place: 'recs' | 'explore' = 'recs',
): HTMLElement {
  const element = document.createElement('div');
  element.dataset.box = box;
  const back =
    place === 'recs'
      ? '<a data-testid="profileBackButton" href="/app/recs"><span class="Hidden">Back</span></a>'
      : '<div tabindex="0" role="button" data-testid="profileBackButton"><span class="Hidden">Back</span></div>';
  element.innerHTML = `<div><div><h1 aria-label="${name} ${age} years"><span>${name}</span><span>${age}</span></h1></div>${back}</div>
    <div class="profileCard__card">${carouselHtml(photos.length)}
      ${bio ? `<div><h2>About me</h2>${bio}</div>` : ''}<section><h2>Essentials</h2></section></div>`;
  bringToLife(element, photos, (show) => show());
  return element;
}

/** Its tabs turn its photos, one live photo node at a time. */
function bringToLife(element: Element, photos: readonly CardPhoto[], late: (show: () => void) => void): void {
  const tabNodes = [...element.querySelectorAll('[role=tab]')];
  const slideNodes = [...element.querySelectorAll('[role=tabpanel]')];
  const { ownerDocument: document } = element;
  const [previous, next] = ['Previous Photo', 'Next Photo'].map((label) =>
    element.querySelector<HTMLButtonElement>(`[aria-label="${label}"]`),
  );
  const show = (index: number) => {
    const photo = photos[index];
    for (const slide of slideNodes) slide.replaceChildren();
    if (photo === undefined) return;
    const node = document.createElement(photo.startsWith('video') ? 'video' : 'div');
    if (photo.startsWith('video')) node.setAttribute('poster', cardPhotoUrl(photo));
    else {
      node.setAttribute('role', 'img');
      node.style.backgroundImage = `url("${cardPhotoUrl(photo)}")`;
    }
    slideNodes[index]?.append(node);
  };
  for (const [index, tab] of tabNodes.entries()) {
    tab.addEventListener('click', () => {
      for (const [other, node] of tabNodes.entries()) node.setAttribute('aria-selected', String(other === index));
      for (const [other, node] of slideNodes.entries()) node.setAttribute('aria-hidden', String(other !== index));
      previous?.toggleAttribute('disabled', index === 0);
      next?.toggleAttribute('disabled', index === photos.length - 1);
      late(() => tab.getAttribute('aria-selected') === 'true' && show(index));
    });
  }
  show(0);
}

/** A button of the row below a card. */
export interface GamepadButton {
  /** The semantic part of its class; none: it has no such class. */
  readonly kind?: string;
  readonly name?: string;
  /** "N remaining": paid buttons with a supply have it. */
  readonly remaining?: number | undefined;
  /** The semantic part of its counter's class, where that is another one. */
  readonly counterKind?: string | undefined;
  /** It has two icons. */
  readonly icons?: 2 | undefined;
  /** The wrapper's size in pixels. */
  readonly size: number;
}

/** The row of the outlines, in its order. */
export const GAMEPAD: Readonly<Record<string, GamepadButton>> = {
  rewind: { kind: 'rewind', name: 'Rewind', size: 48 },
  nope: { kind: 'nope', name: 'Nope', icons: 2, size: 64 },
  superLike: { kind: 'super-like', name: 'Super Like', remaining: 0, icons: 2, size: 48 },
  like: { kind: 'like', name: 'Like', icons: 2, size: 64 },
  firstImpressions: { kind: 'super-like', name: 'First Impressions', remaining: 3, size: 48 },
};

/** A row of such buttons below a card, each with its key in `data-kind`. */
export function tinderGamepad(
  document: Document,
  buttons: Readonly<Record<string, GamepadButton>> = GAMEPAD,
): HTMLElement {
  const row = document.createElement('div');
  row.className = 'row Maw(--recs-card-width)--m';
  row.dataset.box = '300,640,400,64';
  row.innerHTML = Object.entries(buttons)
    .map(([key, { kind, counterKind = kind, name = '', remaining, icons, size }], at) => {
      const semantic = (of: string | undefined, state: string) =>
        of ? `Bgc($c-ds-background-gamepad-sparks-${of}-${state})` : '';
      const looks = `${semantic(kind, 'default')} ${semantic(kind, 'pressed')}`;
      const count =
        remaining === undefined
          ? ''
          : `<span class="${semantic(counterKind, 'default')}" role="img" aria-label="${remaining} remaining">${remaining}</span>`;
      return `<div class="gamepad-button-wrapper" data-box="${310 + at * 76},${640 + (64 - size) / 2},${size},${size}"><button
        type="button" class="gamepad-button ${looks} c1p6lbu0" data-kind="${key}"><span class="gamepad-icon-wrapper"><svg
        class="x"></svg></span>${icons ? '<span class="gamepad-2nd-icon-wrapper"></span>' : ''}<span class="Hidden">${name}</span></button>${count}</div>`;
    })
    .join('');
  return row;
}

/** A deck as in the outline closed-profile.html, with these cards; gives the element that holds them. */
export function showDeck(document: Document, cards: readonly HTMLElement[]): HTMLElement {
  document.body.innerHTML = `<main><div role="region" aria-label="Card stack"><div class="recsCardboard__cardsContainer">
    <div class="recsCardboard__cards"></div></div></div></main>`;
  const deck = document.querySelector<HTMLElement>('.recsCardboard__cards')!;
  deck.append(...cards);
  deck.after(tinderGamepad(document));
  return deck;
}

/** An open profile as in the outlines: there is no card and no deck, and "Back to Explore" is in explore's navigation. */
export function showOpenProfile(document: Document, profile: TinderCard, place: 'recs' | 'explore'): HTMLElement {
  const open = tinderOpenProfile(document, profile, place);
  const navigation = '<nav><button><span class="Hidden">Back to Explore</span></button></nav>';
  document.body.innerHTML = `<main>${place === 'explore' ? navigation : ''}<div><div class="open"></div></div></main>`;
  const holder = document.querySelector('.open')!;
  holder.append(open);
  holder.insertAdjacentHTML('beforeend', '<div class="Bgi($g-ds-overlay-profile-button-gamepad)"></div>');
  holder.lastElementChild!.append(tinderGamepad(document));
  return open;
}

/** What is pressed for a swipe of the profile on top, by the row's keys; or why nothing is. */
export function pressedFor(
  document: Document,
  page: SitePage,
  swipe: Swipe,
  scoredPhotos: number | undefined,
): string[] {
  const done: string[] = [];
  for (const button of document.querySelectorAll<HTMLElement>('button[data-kind]')) {
    button.onclick = () => done.push(button.dataset.kind!);
  }
  const profile = page.activeProfile();
  if (!profile) return ['no profile'];
  const proof = page.prove(profile, swipe, scoredPhotos);
  if ('stop' in proof) return [`stop: ${proof.stop}`];
  proof.press();
  return done;
}
