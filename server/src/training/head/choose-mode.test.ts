import { describe, expect, it } from 'vitest';
import { chooseMode, HEAD_AT_MOST } from './choose-mode.ts';

describe('--mode auto', () => {
  const question = { photos: HEAD_AT_MOST, init: 'embedded', fullFlags: [] };

  it.each<[string, object, string, string]>([
    ['few photos', {}, 'head', `${HEAD_AT_MOST} photos`],
    ['one photo more', { photos: HEAD_AT_MOST + 1 }, 'full', 'a head is for up to'],
    ['nothing to take features from', { init: 'none' }, 'full', '--init none'],
    ['a setting of full training', { fullFlags: ['--epochs'] }, 'full', '--epochs was given'],
  ])('chooses by %s, and says why', (_what, changed, mode, reason) => {
    expect(chooseMode({ ...question, ...changed })).toEqual({ mode, reason: expect.stringContaining(reason) });
  });
});
