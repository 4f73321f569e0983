// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest';
import { fakeTranslate as translate } from '../../../../test/support/fake-texts.ts';
import type { Evidence, Verdict } from '../../messages.ts';
import { Why, type WhySubject } from './why.ts';

const EVIDENCE: Evidence = {
  ...{ like: 0.61, label: 'LIKE', resize: 'cover', width: 400, height: 500 },
  evidence: Array.from({ length: 49 }, (_, at) => (at - 24) / 12),
};

const VERDICT: Verdict = {
  photos: [{ like: 0.1, label: 'NOPE' }, { like: 0.61, label: 'LIKE' }, { missing: 'page' }],
  decision: { swipe: 'right', reason: 'like_found', like: 0.61, photo: 1 },
  ...{ threshold: 0.4, model: 'mine' },
};

const SUBJECT: WhySubject = {
  photos: [{ url: 'https://photos/a' }, { url: 'https://photos/b' }, { missing: 'page' }],
  ...{ verdict: VERDICT, index: 0 },
};

const put = vi.fn();

beforeEach(() => {
  document.body.replaceChildren();
  put.mockClear();
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({ putImageData: put } as never);
});

function setUp(answer: () => Promise<Awaited<ReturnType<ConstructorParameters<typeof Why>[0]['ask']>>>) {
  const asked: string[] = [];
  const ask = (url: string) => {
    asked.push(url);
    return answer();
  };
  const why = new Why({ document, translate, ask });
  document.body.append(why.panel.element);
  const text = (part: string) => why.panel.element.querySelector(`.why-${part}`)!.textContent;
  const part = (name: string) => why.panel.element.querySelector<HTMLElement>(`.why-${name}`)!;
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const press = (key: string) => {
    const event = new KeyboardEvent('keydown', { key, cancelable: true });
    why.panel.key(event);
    return !event.defaultPrevented;
  };
  return { why, asked, text, part, settled, press };
}

it('asks for nothing until the person turns it on, and then once for each photo', async () => {
  const { why, asked, settled } = setUp(async () => EVIDENCE);
  expect(why.follow(SUBJECT)).toBeUndefined();
  expect(asked).toEqual([]);
  why.toggle();
  await settled();
  expect(why.follow(SUBJECT)).toEqual(EVIDENCE);
  why.follow({ ...SUBJECT, index: 1 });
  await settled();
  why.follow(SUBJECT);
  expect(asked).toEqual(['https://photos/a', 'https://photos/b']);
});

it('shows nothing while the verdict is hidden, and says so', async () => {
  const { why, asked, text, part } = setUp(async () => EVIDENCE);
  why.toggle();
  expect(why.follow(undefined, 'Hidden until you swipe')).toBeUndefined();
  expect(text('value')).toBe('Hidden until you swipe');
  expect(part('picture').hidden).toBe(true);
  expect(asked).toEqual([]);
});

it('explains the deciding photo if another one is on top', async () => {
  const { why, asked, text, part, settled } = setUp(async () => EVIDENCE);
  why.toggle();
  why.follow(SUBJECT);
  await settled();
  expect(text('title')).toBe('why_photo 1 label_like 61%');
  part('other').click();
  await settled();
  expect(text('title')).toBe('why_photo 2 label_like 61%');
  expect(asked).toEqual(['https://photos/a', 'https://photos/b']);
  expect(why.follow(SUBJECT)).toEqual(EVIDENCE); // the page keeps the map of the photo on top
  part('other').click();
  expect(text('title')).toBe('why_photo 1 label_like 61%');
  why.follow({ ...SUBJECT, index: 1 });
  expect(part('other').hidden).toBe(true);
});

it('reads the value of each cell with the arrow keys, and stays inside the map', async () => {
  const { why, text, part, settled, press } = setUp(async () => EVIDENCE);
  why.toggle();
  why.follow(SUBJECT);
  await settled();
  expect(text('value')).toBe('why_hint');
  expect(press('ArrowRight')).toBe(true); // the picture doesn't have the focus
  part('picture').focus();
  press('ArrowRight');
  expect(text('value')).toBe('why_cell 4 4 0.00'); // it starts in the middle
  for (let times = 0; times < 9; times += 1) press('ArrowLeft');
  expect(text('value')).toBe('why_cell 4 1 −0.25');
  for (let times = 0; times < 9; times += 1) press('ArrowDown');
  expect(text('value')).toBe('why_cell 7 1 +1.50');
  expect(press('Enter')).toBe(true); // other keys are left alone
});

it('says why there is no map', async () => {
  const answers = [
    async () => null,
    async () => ({ problem: { reason: 'server_busy' as const } }),
    () => Promise.reject(new Error('the worker died')),
  ];
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  for (const [at, words] of ['why_no_photo', 'reason_server_busy', 'reason_worker_gone'].entries()) {
    const { why, text, settled } = setUp(answers[at]!);
    why.toggle();
    why.follow(SUBJECT);
    await settled();
    expect(text('value')).toBe(words);
    expect(why.follow(SUBJECT)).toBeUndefined();
  }
  const { why, text } = setUp(async () => EVIDENCE);
  why.toggle();
  why.follow({ ...SUBJECT, index: 2 });
  expect(text('value')).toBe('why_no_photo');
});

it('forgets a profile with the next one, and an answer that comes too late', async () => {
  const late = Promise.withResolvers<Evidence>();
  const { why, asked, text, settled } = setUp(() => late.promise);
  why.toggle();
  why.follow(SUBJECT);
  why.follow({ ...SUBJECT, photos: [{ url: 'https://photos/next' }] });
  late.resolve(EVIDENCE);
  await settled();
  expect(asked).toEqual(['https://photos/a', 'https://photos/next']);
  why.follow(undefined);
  expect(text('value')).toBe('why_no_verdict');
});
