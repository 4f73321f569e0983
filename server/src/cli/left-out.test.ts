import { expect, it } from 'vitest';
import { leftOutLines } from './left-out.ts';

it('counts what was left out by reason, and names what nobody expects last', () => {
  const notes = { path: 'notes.txt', reason: 'no_photo_by_name', message: 'not a photo, judging by its name' };
  const closed = { path: 'cl\u001bosed', reason: 'path_unreadable', message: 'it can’t be read (EACCES)' };
  expect(leftOutLines([])).toBe('left out: none');
  expect(leftOutLines([notes, closed, notes], { named: 2 })).toBe(
    [
      'left out: 3 (no_photo_by_name 2, path_unreadable 1)',
      '  cl\\x1bosed: it can’t be read (EACCES) (path_unreadable)',
      '  notes.txt: not a photo, judging by its name (no_photo_by_name)',
      '  … and 1 more in --json',
    ].join('\n'),
  );
  expect(leftOutLines([notes, closed], { all: null, named: 1 })).toMatch(/… and 1 more$/);
});
