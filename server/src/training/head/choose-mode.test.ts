import { describe, expect, it } from 'vitest';
import { chooseMode, fullFlagsOf, HEAD_AT_MOST, refuseForHead } from './choose-mode.ts';

describe('--mode auto', () => {
  const labels = { count: HEAD_AT_MOST, of: 'photos' } as const;
  const question = { asked: 'auto', labels, init: 'base', fullFlags: [] } as const;

  it.each<[string, object, string, string]>([
    ['few photos', {}, 'head', `${HEAD_AT_MOST} training photos`],
    ['one photo more', { labels: { ...labels, count: HEAD_AT_MOST + 1 } }, 'full', 'a head works best only up to'],
    ['few profiles', { labels: { ...labels, of: 'profiles' } }, 'head', `${HEAD_AT_MOST} training profiles`],
    ['--init none, which has no features', { init: 'none' }, 'full', '--init none'],
    ['a flag of full training', { fullFlags: ['--epochs'] }, 'full', 'because of --epochs'],
    ['an explicit mode', { asked: 'full' }, 'full', '--mode'],
  ])('chooses by %s, and gives the reason', (_what, changed, mode, reason) => {
    expect(chooseMode({ ...question, ...changed })).toEqual({ mode, reason: expect.stringContaining(reason) });
  });
});

describe('--mode head', () => {
  const given = (...names: string[]) => fullFlagsOf((name) => names.includes(name));

  it.each<[string, () => void, string]>([
    ['a resumed run', () => refuseForHead(true, { init: 'base', fullFlags: [] }), '--resume doesn’t work'],
    [
      'a flag of full training, by name',
      () => refuseForHead(false, { init: 'base', fullFlags: given('mirror', 'seed') }),
      '--no-mirror doesn’t work with --mode head',
    ],
    ['--init none', () => refuseForHead(false, { init: 'none', fullFlags: [] }), '--init none'],
  ])('rejects %s', (_what, refuse, message) => {
    expect(refuse).toThrow(message);
  });

  it('accepts the flags that also apply to a head', () => {
    expect(given('seed', 'init')).toEqual([]);
  });
});
