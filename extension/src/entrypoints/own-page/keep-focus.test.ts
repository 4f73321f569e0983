// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepFocus } from './keep-focus.ts';

const PAGE = `
  <main>
    <button id="first">First</button>
    <section id="status"><p>Paused</p><button id="resume">Resume</button></section>
    <section id="choice"><button id="withdraw">Withdraw</button><a id="decide" href="#" hidden>Decide</a></section>
    <section id="modes">
      <input id="off" type="radio" name="mode"><input id="show" type="radio" name="mode" checked>
      <button id="after">After</button>
    </section>
    <ul id="list"><li><button id="a">A</button></li><li><button id="b">B</button></li><li><button id="c">C</button></li></ul>
    <button id="open">Open</button>
    <dialog id="dialog"><button id="sure">Sure</button><button id="undo">Undo</button></dialog>
  </main>`;

const get = (id: string) => document.getElementById(id) as HTMLButtonElement;
const focused = () => document.activeElement?.id || document.activeElement?.localName;
/** Does something, and lets what observes the document see it. */
const then = async (act: () => void) => {
  act();
  await new Promise((settled) => setTimeout(settled));
  return focused();
};

let end: AbortController;

beforeEach(() => {
  document.body.innerHTML = PAGE;
  end = new AbortController();
  keepFocus(document, end.signal);
});
afterEach(() => end.abort());

it.each<[what: string, focus: string, act: () => void, next: string]>([
  ['to the next row of a list', 'b', () => get('b').parentElement!.remove(), 'c'],
  ['to the previous row after the last one', 'c', () => get('c').parentElement!.remove(), 'b'],
  ['to the row in the same place of a list that was drawn anew', 'b', () => redraw(['x', 'y', 'z']), 'y'],
  ['to what takes a control’s place', 'withdraw', () => swap('withdraw', 'decide'), 'decide'],
  ['to a neighbor of a disabled control', 'undo', () => Object.assign(get('undo'), { disabled: true }), 'sure'],
  [
    'to the region whose last control is gone',
    'resume',
    () => Object.assign(get('resume'), { hidden: true }),
    'status',
  ],
  ['past a region that is hidden', 'resume', () => Object.assign(get('status'), { hidden: true }), 'withdraw'],
  ['to the checked radio button of a group', 'withdraw', () => get('choice').remove(), 'show'],
])('moves the focus %s', async (_, focus, act, next) => {
  if (focus === 'undo') (get('dialog') as unknown as HTMLDialogElement).showModal();
  get(focus).focus();
  expect(await then(act)).toBe(next);
});

it('returns to the control that opened a dialog, or near to it', async () => {
  const dialog = get('dialog') as unknown as HTMLDialogElement;
  get('b').focus();
  dialog.showModal();
  get('sure').focus();
  expect(await then(() => dialog.close())).toBe('b');
  dialog.showModal();
  get('sure').focus();
  const closeAndRemove = () => {
    dialog.close();
    get('b').parentElement!.remove();
  };
  expect(await then(closeAndRemove)).toBe('c');
});

it('leaves the focus alone if it isn’t on what goes away, or if the person clicked beside the controls', async () => {
  get('first').focus();
  expect(await then(() => get('list').remove())).toBe('first');
  await then(() => get('first').blur());
  expect(await then(() => get('first').remove())).toBe('body');
});

function redraw(names: readonly string[]): void {
  get('list').innerHTML = names.map((name) => `<li><button id="${name}">${name}</button></li>`).join('');
}

function swap(hidden: string, shown: string): void {
  get(hidden).hidden = true;
  get(shown).hidden = false;
}
