import { describe, expect, it } from 'vitest';
import { chooseMode, fullFlagsOf, HEAD_AT_MOST, refuseForHead } from './choose-mode.ts';

describe('--mode auto', () => {
  const question = { asked: 'auto', photos: HEAD_AT_MOST, init: 'embedded', fullFlags: [] } as const;

  it.each<[string, object, string, string]>([
    ['few photos', {}, 'head', `${HEAD_AT_MOST} photos`],
    ['one photo more', { photos: HEAD_AT_MOST + 1 }, 'full', 'a head is for up to'],
    ['nothing to take features from', { init: 'none' }, 'full', '--init none'],
    ['a setting of full training', { fullFlags: ['--epochs'] }, 'full', '--epochs was given'],
    ['a mode that was asked for', { asked: 'full' }, 'full', '--mode'],
  ])('chooses by %s, and says why', (_what, changed, mode, reason) => {
    expect(chooseMode({ ...question, ...changed })).toEqual({ mode, reason: expect.stringContaining(reason) });
  });
});

describe('--mode head', () => {
  const given = (...names: string[]) => fullFlagsOf((name) => names.includes(name));

  it.each<[string, () => void, string]>([
    ['a run that resumes', () => refuseForHead(true, { init: 'embedded', fullFlags: [] }), '--resume is not for'],
    [
      'a flag of full training, by its name',
      () => refuseForHead(false, { init: 'embedded', fullFlags: given('mirror', 'seed') }),
      '--no-mirror is not for --mode head',
    ],
    ['nothing to take features from', () => refuseForHead(false, { init: 'none', fullFlags: [] }), '--init none'],
  ])('is refused with %s', (_what, refuse, message) => {
    expect(refuse).toThrow(message);
  });

  it('takes the flags that a head has too', () => {
    expect(given('seed', 'init')).toEqual([]);
  });
});
