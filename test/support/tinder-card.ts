/** A photo of a card: its token, or `video`. */
type CardPhoto = string;

/** A tinder.com card for tests without a browser. The twin has a live page. */
export interface TinderCard {
  readonly name: string;
  readonly age?: number;
  readonly photos: readonly CardPhoto[];
  readonly active?: boolean;
  readonly bio?: string;
}

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
  const { name, age, photos, active = true, bio } = card;
  const element = document.createElement('div');
  element.dataset.keyboardGamepad = 'true';
  element.setAttribute('aria-hidden', String(!active));
  element.toggleAttribute('inert', !active);
  const tabs = photos.map(
    (_, n) => `<button role="tab" aria-controls="carousel-item-${n}" aria-selected="${n === 0}"></button>`,
  );
  const slides = photos.map(
    (_, n) => `<div class="keen-slider__slide" id="carousel-item-${n}" role="tabpanel" aria-hidden="${n !== 0}"></div>`,
  );
  element.innerHTML = `<div style="background-image: linear-gradient(red, blue)" role="img"></div>
    <section aria-roledescription="carousel"><div role="tablist">${tabs.join('')}</div>${slides.join('')}</section>
    <span itemprop="name">${name}</span>${age === undefined ? '' : `<span itemprop="age">${age}</span>`}
    ${bio ? `<div class="BreakWord">${bio}</div>` : ''}`;
  const tabNodes = [...element.querySelectorAll('[role=tab]')];
  const slideNodes = [...element.querySelectorAll('[role=tabpanel]')];
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
      late(() => tab.getAttribute('aria-selected') === 'true' && show(index));
    });
  }
  show(0);
  return element;
}
