// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type FakeDeck, type FakeProfile, pagePhotos } from '../../../../test/support/fake-deck.ts';
import { endSession, LIKED, NOPED, PARTIAL, sessionOn, verdictOf } from '../../../../test/support/page-session.ts';
import type { PhotoVerdict, Verdict } from '../../messages.ts';
import type { PagePhoto } from '../../sites/site-adapter.ts';

afterEach(() => endSession());
vi.spyOn(console, 'warn').mockImplementation(() => {});

describe('on a page that doesn’t prove itself', () => {
  it.each(['surface_ambiguous', 'control_missing', 'control_ambiguous', 'card_unproven'] as const)(
    'stops at %s without asking for a permit or pressing anything',
    async (unproven) => {
      const { page, clock, session, permit, reason, status } = sessionOn([LIKED]);
      page.unproven = unproven;
      await clock.runUntil(() => reason() === unproven);
      expect(status.stopped?.reason).toBe(unproven);
      expect([page.pressed, permit.mock.calls]).toEqual([[], []]);
      page.unproven = undefined;
      session.resume();
      await clock.runUntil(() => reason() === 'deck_ended');
      expect(page.pressed).toEqual(['right liked']);
    },
  );

  it.each(['covered', 'off_screen', 'page_changed'] as const)(
    'reports %s, and continues automatically once it has passed',
    async (unproven) => {
      const { page, clock, reason, status } = sessionOn([LIKED]);
      page.unproven = unproven;
      await clock.runUntil(() => reason() === unproven);
      expect([status.stopped, page.pressed]).toEqual([undefined, []]);
      page.unproven = undefined;
      await clock.runUntil(() => reason() === 'deck_ended');
      expect(page.pressed).toEqual(['right liked']);
    },
  );

  it('doesn’t report what passes in a moment', async () => {
    const { page, clock, reason, statuses } = sessionOn([LIKED]);
    page.unproven = 'covered';
    await clock.runUntil(() => clock.now() >= 2_000);
    page.unproven = undefined;
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(statuses.map((status) => status.reason)).not.toContain('covered');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('presses nothing if the proof fails after the permit, and releases the permit', async () => {
    const { page, clock, permit, released, reason } = sessionOn([LIKED]);
    permit.mockImplementationOnce(async () => {
      page.unproven = 'control_ambiguous';
      return { permitted: true };
    });
    await clock.runUntil(() => reason() === 'control_ambiguous');
    expect(page.pressed).toEqual([]);
    expect(released).toEqual(['page/swipe-1']);
  });

  it('stops if the proof keeps failing after the permit', async () => {
    const { page, clock, permit, reason } = sessionOn([LIKED]);
    const prove = page.prove.bind(page);
    let asked = 0;
    page.prove = (...parts) => {
      asked += 1;
      return asked % 2 === 0 ? { stop: 'control_missing' } : prove(...parts);
    };
    await clock.runUntil(() => reason() === 'control_missing');
    expect(page.pressed).toEqual([]);
    expect(permit.mock.calls.length).toBe(3);
  });
});

describe('a hidden profile', () => {
  it('isn’t read until it is visible, and is reported after a moment', async () => {
    const { page, clock, reason } = sessionOn([LIKED]);
    page.hidden = 'covered';
    await clock.runUntil(() => reason() === 'covered');
    expect([page.reads, clock.now() >= 2_000]).toEqual([0, true]);
    page.hidden = undefined;
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('isn’t read while it is ambiguous', async () => {
    const { page, clock, reason, status } = sessionOn([LIKED]);
    const view = page.view.bind(page);
    page.view = () => ({ kind: 'unproven', reason: 'surface_ambiguous' });
    await clock.runUntil(() => reason() === 'surface_ambiguous');
    expect([page.reads, status.stopped?.reason]).toEqual([0, 'surface_ambiguous']);
    page.view = view;
  });
});

describe('a card left to the person', () => {
  const verdict = (...photos: PhotoVerdict[]): Verdict => ({
    photos,
    decision: { swipe: 'hold', reason: 'photos_missing' },
    threshold: 0.4,
    model: 'm',
  });

  it.each<[string, PhotoVerdict[]]>([
    ['only_videos', [{ missing: 'video' }, { missing: 'video' }]],
    ['page_changed', [{ missing: 'page' }, { missing: 'page' }]],
    ['page_changed', [{ missing: 'page' }, { missing: 'video' }]],
    ['hold', [{ missing: 'page' }, { missing: 'download' }]],
    ['hold', [{ missing: 'page' }, { like: 0.1, label: 'NOPE' }]],
  ])('is reported as %s', async (why, photos) => {
    const { page, clock, score, reason, counted, session } = sessionOn([NOPED, LIKED]);
    score.mockResolvedValue(verdict(...photos));
    await clock.runUntil(() => reason() === why);
    expect([page.pressed, counted]).toEqual([[], ['seen', 'held']]);
    score.mockImplementation(async (read) => verdictOf(read));
    session.personActed();
    page.next(); // the person swipes it, so the session continues
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('is left for an unsure photo count only if it would go left', async () => {
    const { page, clock, reason } = sessionOn([LIKED, NOPED]);
    page.photoCount = () => undefined;
    await clock.runUntil(() => reason() === 'photo_count_unsure');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('is judged again and swiped when the page’s data arrives', async () => {
    const { page, clock, score, reason, counted } = sessionOn([NOPED]);
    score.mockResolvedValue(verdict({ like: 0.1, label: 'NOPE' }, { missing: 'page' }));
    await clock.runUntil(() => reason() === 'hold');
    score.mockImplementation(async (read) => verdictOf(read));
    page.known = true;
    page.news();
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['left noped']);
    expect(counted).toEqual(['seen', 'held', 'left']);
  });

  it('isn’t judged again for data that it already had', async () => {
    const { page, clock, score, reason } = sessionOn([PARTIAL]);
    page.known = true;
    await clock.runUntil(() => reason() === 'hold');
    const { length } = score.mock.calls;
    page.news();
    for (let turn = 0; turn < 30; turn += 1) await new Promise((settled) => setImmediate(settled));
    expect(score.mock.calls.length).toBe(length);
    expect(reason()).toBe('hold');
  });
});

it('scores a profile again if it shows more photos, even in Show mode', async () => {
  const growing: FakeProfile = { key: 'growing', photos: ['nope'] };
  const { page, clock, control, score, counted } = sessionOn([growing]);
  control.mode = 'show';
  await clock.runUntil(() => counted.length === 1);
  growing.photos.push('like');
  page.news();
  await clock.runUntil(() => score.mock.calls.length === 2);
  expect(score.mock.calls[1]![0]).toEqual(pagePhotos(['nope', 'like']));
  expect(page.pressed).toEqual([]);
});

it('judges a card only a few times, and doesn’t swipe left while its photo count changes', async () => {
  const { page, clock, score, reason } = sessionOn([NOPED]);
  let count = 2;
  page.photoCount = () => {
    count += 1; // the page gives a different count each time
    return count;
  };
  await clock.runUntil(() => reason() === 'photo_count_unsure');
  expect(score.mock.calls.length).toBe(4);
  expect(page.pressed).toEqual([]);
});

describe('a page whose photos don’t load', () => {
  /** Reads like the carousel: waits up to 10 seconds for each photo, within the card's total time. */
  const readSlowly = (page: FakeDeck, loads: (photo: string | null) => boolean) => {
    page.readPhotos = async ({ key }, { deadline, late }) => {
      const read: PagePhoto[] = [];
      for (const photo of page.profiles.find((profile) => profile.key === key)!.photos) {
        const over = AbortSignal.any([deadline(10_000), late]);
        if (!loads(photo) && !over.aborted) {
          await new Promise((settled) => over.addEventListener('abort', settled, { once: true }));
        }
        read.push(photo !== null && loads(photo) ? { url: photo } : { missing: 'page' });
      }
      return read;
    };
  };

  it('is reported as changed after half a minute', async () => {
    const eight: FakeProfile = { key: 'eight', photos: new Array(8).fill('nope') };
    const { page, clock, score, reason } = sessionOn([eight]);
    readSlowly(page, () => false);
    score.mockImplementation(async (photos) => ({
      ...verdictOf(photos.map(() => ({ missing: 'page' }))),
      photos: photos.map(() => ({ missing: 'page' })),
    }));
    await clock.runUntil(() => reason() === 'page_changed');
    expect(clock.now()).toBeGreaterThanOrEqual(30_000);
    expect(clock.now()).toBeLessThan(31_000);
    expect(page.pressed).toEqual([]);
  });

  it('is held within half a minute if one photo of eight doesn’t load', async () => {
    const seven: FakeProfile = { key: 'seven', photos: [...new Array(7).fill('nope'), null] };
    const { page, clock, reason } = sessionOn([seven]);
    readSlowly(page, (photo) => photo !== null);
    await clock.runUntil(() => reason() === 'hold');
    expect(clock.now()).toBeLessThan(32_000);
    expect(page.pressed).toEqual([]);
  });

  it('doesn’t count the time during which the person used it', async () => {
    const { page, clock, session, reason } = sessionOn([NOPED]);
    let reads = 0;
    page.readPhotos = async ({ key }, { signal, late }) => {
      reads += 1;
      if (reads === 1) session.personActed();
      signal.throwIfAborted();
      expect(late.aborted).toBe(false);
      return pagePhotos(page.profiles.find((profile) => profile.key === key)!.photos);
    };
    await clock.runUntil(() => reason() === 'person_acted');
    clock.advance(60_000);
    session.resume();
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['left noped']);
  });
});
