// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { cardPhotoUrl, tinderCard } from '../../../../test/support/tinder-card.ts';
import { photoToken } from './anchors.ts';
import { countPhotos, photoIn, selectedTab, tabs } from './photos.ts';

let carousel: Element;
const show = (count: number) => {
  const photos = Array.from({ length: count }, (_, at) => `a${at}`);
  document.body.replaceChildren(tinderCard(document, { name: 'Ann', age: 26, photos }));
  carousel = document.querySelector('section')!;
};
const all = (selector: string) => [...carousel.querySelectorAll<HTMLElement>(selector)];
const remove = (selector: string) => {
  for (const element of all(selector)) element.remove();
};
const strip = (selector: string, ...attributes: string[]) => {
  for (const element of all(selector)) for (const name of attributes) element.removeAttribute(name);
};
const relabel = (label: (n: number) => string) => {
  for (const [at, slide] of all('[role=tabpanel]').entries()) slide.setAttribute('aria-label', label(at + 1));
};
const leaveSlides = () => {
  remove('[role=tab]');
  strip('[role=tabpanel]', 'aria-label');
};
const next = () => carousel.querySelector('[aria-label="Next Photo"]')!;

beforeEach(() => show(4));

/** A change to a carousel of four photos, and whether the count is sure then, without and with the page's data. */
it.each<[string, () => void, boolean, boolean]>([
  ['nothing changes', () => {}, true, true],
  ['the tabs are gone', () => remove('[role=tab]'), true, true],
  ['the tabs say nothing but their role', () => strip('[role=tab]', 'aria-controls', 'aria-label'), true, true],
  ['the tabs have lost their role', () => strip('[role=tab]', 'role'), true, true],
  ['the labels are gone', () => strip('[role=tabpanel]', 'aria-label'), true, true],
  ['the slides have lost role and id', () => strip('[role=tabpanel]', 'role', 'id'), true, true],
  ['the labels speak Arabic', () => relabel((n) => `${'٠١٢٣٤'[n]} من ٤`), true, true],
  ['the labels say the total first', () => relabel((n) => `4件中${n}件目`), true, true],
  ['only one slide is rendered, with its label', () => remove('[role=tabpanel]:not(:first-child)'), true, true],
  ['only the slides are left', leaveSlides, false, true],
  ['only the tabs are left', () => remove('.keen-slider'), false, true],
  ['a tab is missing', () => remove('[role=tab]:last-child'), false, false],
  ['a tab is duplicated', () => all('[role=tab]')[0]!.after(all('[role=tab]')[0]!.cloneNode()), false, false],
  ['the labels count one more', () => relabel((n) => `${n} of 5`), false, false],
  ['the labels disagree', () => relabel((n) => `${n} of ${n === 2 ? 5 : 4}`), false, false],
  [
    'there is one more slide',
    () => all('.keen-slider')[0]!.append(all('[role=tabpanel]')[0]!.cloneNode()),
    false,
    false,
  ],
  ['the next-photo button is disabled at the first photo', () => next().setAttribute('disabled', ''), false, false],
  ['there is no next-photo button', () => next().remove(), true, true],
  ['everything is gone', () => carousel.replaceChildren(), false, true],
])('counts four photos when %s', (_, mutate, isSure, isSureWithData) => {
  mutate();
  expect([countPhotos(carousel).isSure, countPhotos(carousel, 4).isSure]).toEqual([isSure, isSureWithData]);
  if (isSure) expect(countPhotos(carousel).most).toBe(4);
});

it('doesn’t trust a count that the page’s data contradicts', () => {
  expect(countPhotos(carousel, 3)).toMatchObject({ isSure: false, most: 4 });
  expect(countPhotos(carousel, 5)).toMatchObject({ isSure: false, most: 5 });
});

it('notices at the last photo that another one follows', () => {
  all('[role=tab]').at(-1)!.click();
  expect(countPhotos(carousel).isSure).toBe(true);
  next().removeAttribute('disabled');
  expect(countPhotos(carousel).isSure).toBe(false);
});

describe('one photo', () => {
  beforeEach(() => show(1));

  it.each<[string, () => void, boolean]>([
    ['a tab, a slide and its label', () => {}, true],
    ['a slide and its label', () => remove('[role=tab]'), true],
    ['a tab and a slide without a label', () => strip('[role=tabpanel]', 'aria-label'), false],
    ['a slide', leaveSlides, false],
    ['nothing at all', () => carousel.replaceChildren(), false],
    ['a label, but with a next photo', () => next().removeAttribute('disabled'), false],
    ['a label of one photo of eight', () => relabel(() => '1 of 8'), false],
  ])('is proven by %s: %s', (_, mutate, isSure) => {
    mutate();
    expect(countPhotos(carousel).isSure).toBe(isSure);
  });

  it('is proven by the page’s data, unless there is a next photo', () => {
    carousel.replaceChildren();
    expect(countPhotos(carousel, 1)).toMatchObject({ isSure: true, most: 1 });
    show(1);
    next().removeAttribute('disabled');
    expect(countPhotos(carousel, 1).isSure).toBe(false);
  });
});

describe('a photo', () => {
  const UUID = '0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f';
  const OLD = `https://images-ssl.gotinder.com/5f9a0b1c2d3e4f5061728394/640x800_${UUID}.jpg`;
  const slide = () => all('[role=tabpanel]')[0]!;
  const put = (html: string) => {
    slide().innerHTML = html;
    return photoIn(carousel, 0)?.photo;
  };

  it.each([
    ['a background with a role', `<div role="img" style='background-image: url("${OLD}")'></div>`],
    ['a background without a role', `<div style='background-image: url("${OLD}")'></div>`],
    ['an image', `<img src="${OLD}">`],
    [
      'a background behind a gradient’s',
      `<div style="background-image: linear-gradient(red, blue)"></div><div style='background-image: url("${OLD}")'></div>`,
    ],
  ])('is read from %s', (_, html) => {
    expect(put(html)).toEqual({ url: OLD });
  });

  it('is ignored if its URL isn’t the photo host’s', () => {
    expect(
      put('<div role="img" style="background-image: url(https://tinder.com/static/blur.png)"></div>'),
    ).toBeUndefined();
    expect(put('<img src="https://images-ssl.gotinder.com/static/ad.png">')).toBeUndefined();
  });

  it.each([
    [cardPhotoUrl('Ab_9-x'), 'Ab_9-x'],
    [OLD, UUID],
    [OLD.replace('640x800_', '84x106_75_'), UUID],
    [OLD.replace('640x800_', 'original_').replace('.jpg', '.jpeg?Policy=p'), UUID],
    [OLD.replace('640x800_', ''), UUID],
    [OLD.replace('images-ssl', 'images'), undefined],
    [OLD.replace('https:', 'http:'), undefined],
    ['https://images-ssl.gotinder.com/5f9a0b1c2d3e4f5061728394/photo.jpg', undefined],
    ['', undefined],
  ])('has a token: %s', (url, token) => {
    expect(photoToken(url)).toBe(token);
  });

  it('isn’t read while its slide is hidden', () => {
    slide().setAttribute('aria-hidden', 'true');
    expect(photoIn(carousel, 0)).toBeUndefined();
  });
});

it('finds the selected photo by its slide if there are no tabs', () => {
  all('[role=tab]')[2]!.click();
  expect(selectedTab(carousel)).toBe(2);
  remove('[role=tab]');
  expect(selectedTab(carousel)).toBe(2);
  expect(tabs(carousel)).toEqual([undefined, undefined, undefined, undefined]);
});
