// @vitest-environment happy-dom
import fc from 'fast-check';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { layOut } from '../../../../test/support/laid-out.ts';
import { cardPhotoUrl, tinderCard } from '../../../../test/support/tinder-card.ts';
import type { SitePage } from '../site-adapter.ts';
import { tinder } from '../tinder/index.ts';

// The carousel reader on a page that never holds still. Whatever happens to the card, each photo is either this
// profile's in its right place, or missing.

beforeAll(() => layOut(window));

let lifetime = new AbortController();
beforeEach(() => {
  lifetime.abort();
  lifetime = new AbortController();
});

/** What a page may do between two reads. */
type Mishap =
  | { readonly kind: 'rerender' }
  | { readonly kind: 'stale'; readonly at: number }
  | { readonly kind: 'drop' | 'strip' | 'double' | 'hide'; readonly at: number }
  | { readonly kind: 'neighbor' };

const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  fc.constant({ kind: 'rerender' } as const),
  fc.constant({ kind: 'neighbor' } as const),
  fc.record({ kind: fc.constantFrom('drop', 'strip', 'double', 'hide', 'stale'), at: fc.nat() }),
);

const ATTRIBUTES = ['aria-controls', 'aria-selected', 'aria-hidden', 'id', 'role', 'style'];

function befall(what: Mishap, photos: readonly string[]): void {
  const card = document.querySelector('[data-keyboard-gamepad]:not([inert])');
  if (!card) return;
  const parts = [...card.querySelectorAll('*')];
  const at = 'at' in what ? what.at : 0;
  const part = parts[at % parts.length];
  const doings: Record<Mishap['kind'], () => void> = {
    rerender: () => card.replaceWith(tinderCard(document, { name: 'Ann', age: 26, photos })),
    // An inert card in front of it, with the same name and IDs.
    neighbor: () =>
      card.before(tinderCard(document, { name: 'Ann', age: 26, photos: ['n0', 'n1', 'n2'], active: false })),
    drop: () => part?.remove(),
    strip: () => part?.removeAttribute(ATTRIBUTES[at % ATTRIBUTES.length]!),
    double: () => part?.after(part.cloneNode(true)),
    hide: () => part?.setAttribute('aria-hidden', 'true'),
    stale: () => {
      // The selected slide still shows the previous photo.
      const shown = card.querySelector<HTMLElement>('[role=tabpanel] [role=img]');
      const slides = card.querySelectorAll('[role=tabpanel]');
      if (shown) slides[at % Math.max(1, slides.length)]?.prepend(shown.cloneNode(true));
    },
  };
  doings[what.kind]();
}

const open = (): SitePage => tinder.open(document, { lifetime: lifetime.signal, today: () => new Date('2026-11-24') });

it('returns each photo in its own place or as missing, whatever the page does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), mishap), { maxLength: 5 }),
      async (count, mishaps) => {
        const photos = Array.from({ length: count }, (_, index) => `a${index}`);
        document.body.replaceChildren(
          tinderCard(document, { name: 'Ann', age: 26, photos }, (show) => setTimeout(show)),
        );
        const page = open();
        const profile = page.activeProfile()!;
        let turns = 0;
        const turned = () => {
          turns += 1;
          for (const [at, what] of mishaps) if (at === turns) befall(what, photos);
        };
        document.addEventListener('click', turned, { signal: lifetime.signal });
        for (const [at, what] of mishaps) if (at === 0) befall(what, photos);
        const ended = new AbortController();
        const reading = page.readPhotos(profile, {
          signal: ended.signal,
          deadline: () => AbortSignal.timeout(15),
          late: ended.signal,
        });
        const read = await reading;
        document.removeEventListener('click', turned);
        for (const [index, photo] of read.entries()) {
          if ('url' in photo) expect(photo.url).toBe(cardPhotoUrl(`a${index}`));
          else expect(photo.missing).toBe('page');
        }
      },
    ),
  );
}, 20_000);

it('doesn’t mistake a lingering photo for the next one', async () => {
  const photos = ['a0', 'a1', 'a2'];
  const waiting: (() => void)[] = [];
  document.body.replaceChildren(tinderCard(document, { name: 'Ann', age: 26, photos }, (show) => waiting.push(show)));
  const page = open();
  const reading = page.readPhotos(page.activeProfile()!, {
    signal: new AbortController().signal,
    deadline: () => new AbortController().signal,
    late: new AbortController().signal,
  });
  for (let turn = 0; turn < 6; turn += 1) {
    await new Promise((settled) => setTimeout(settled));
    // The first photo lingers in the selected slide before the new one appears.
    const slide = document.querySelector('[role=tabpanel][aria-hidden=false]')!;
    slide.innerHTML = `<div role="img" style='background-image: url("${cardPhotoUrl('a0')}")'></div>`;
    await new Promise((settled) => setTimeout(settled));
    waiting.shift()?.();
  }
  expect(await reading).toEqual(photos.map((token) => ({ url: cardPhotoUrl(token) })));
});
