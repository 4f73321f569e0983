import { expect, it } from 'vitest';
import { lostRunsWords, removalWords } from './removal-words.ts';

it.each([
  [{ bytes: 12_100_000, sharedBytes: 0, files: 6, isLink: false, refusal: null }, 'This deletes 12.1 MB in 6 files:'],
  [
    { bytes: 400, sharedBytes: 0, files: 2, isLink: false, refusal: 'it is in use' },
    'This would delete 400 B in 2 files:',
  ],
  [{ bytes: 400, sharedBytes: 0, files: 1, isLink: false, refusal: null }, 'This deletes 400 B in 1 file:'],
  [
    { bytes: 12_100_000, sharedBytes: 12_000_000, files: 6, isLink: false, refusal: null },
    'Other versions share 12.0 MB of it and keep them. This deletes 12.1 MB in 6 files:',
  ],
  [{ bytes: 0, sharedBytes: 0, files: 0, isLink: false, refusal: null }, 'It has no files yet.'],
  [
    { bytes: 0, sharedBytes: 0, files: 0, isLink: true, refusal: null },
    'This is a link to another folder. Only the link is deleted:',
  ],
])('says what deleting %j deletes', (removal, words) => {
  expect(removalWords(removal)).toBe(words);
});

it.each([
  [['roses'], 'The run roses can’t be resumed without it.'],
  [['roses', 'tulips'], '2 runs can’t be resumed without it: roses, tulips.'],
  [[...'abcdefg'], '7 runs can’t be resumed without it: a, b, c, d, e and 2 more.'],
])('names the runs %j that need it', (runs, words) => {
  expect(lostRunsWords(runs)).toBe(words);
});
