// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { layOut } from '../../../../test/support/laid-out.ts';
import { clickableBoxes } from './clickable.ts';

layOut(window);

it('finds what a person can click or type into, and nothing hidden, inert, out of the window, or as large as a photo', () => {
  document.body.innerHTML = `
    <button data-box="10,0,50,20"></button>
    <button disabled data-box="20,0,50,20"></button>
    <a href="/x" data-box="30,0,50,20"></a>
    <div role="button" data-box="40,0,50,20"></div>
    <textarea data-box="50,0,50,20"></textarea>
    <select data-box="60,0,50,20"></select>
    <a data-box="70,0,50,20"></a>
    <div data-box="80,0,50,20"></div>
    <button hidden data-box="90,0,50,20"></button>
    <div inert><button data-box="100,0,50,20"></button></div>
    <button data-box="110,900,50,20"></button>
    <button data-box="120,0,800,400"></button>
    <button id="area" data-box="130,0,50,20"></button>`;
  const boxes = clickableBoxes(document, ({ id }) => id === 'area');
  expect(boxes.map(({ left }) => left)).toEqual([10, 20, 30, 40, 50, 60]);
});
