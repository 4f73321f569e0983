// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest';
import { PaceWarning } from './pace-warning.ts';

let dialog: HTMLDialogElement;
let pace: HTMLInputElement;
const changed = vi.fn();

beforeEach(() => {
  document.body.innerHTML = '<input id="pace" type="checkbox" checked><dialog id="dialog"></dialog>';
  dialog = document.querySelector('#dialog')!;
  pace = document.querySelector('#pace')!;
  changed.mockReset();
  pace.addEventListener('change', changed);
  new PaceWarning(dialog, pace);
});

it('keeps the pace until the person confirms', () => {
  pace.click();
  expect(dialog.open).toBe(true);
  expect(pace.checked).toBe(true);
  expect(changed).not.toHaveBeenCalled();
  dialog.close('no-pause');
  expect(pace.checked).toBe(false);
  expect(changed).toHaveBeenCalledTimes(1);
});

it.each([
  ['Keep the pauses', 'keep'],
  ['Escape', undefined],
])('keeps the pace if the dialog is closed with %s', (_, value) => {
  pace.click();
  dialog.close(value);
  expect(pace.checked).toBe(true);
  expect(changed).not.toHaveBeenCalled();
});

it('asks for confirmation every time', () => {
  pace.click();
  dialog.close('no-pause');
  pace.click(); // on again, which needs no warning
  expect(dialog.open).toBe(false);
  pace.click();
  dialog.close();
  expect(pace.checked).toBe(true);
});
