// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { onPersonAct } from './person.ts';

/** An event as if a person had caused it. */
const trusted = <Kind extends Event>(event: Kind): Kind => Object.defineProperty(event, 'isTrusted', { value: true });

it('calls back when a person clicks or presses a key, and not for scripts, modifiers, or Swipenet’s own control', () => {
  const control = document.body.appendChild(document.createElement('swipenet-control'));
  const button = document.body.appendChild(document.createElement('button'));
  const acted = vi.fn();
  onPersonAct(document, acted, new AbortController().signal, control);
  const bubbles = { bubbles: true };
  button.dispatchEvent(new MouseEvent('pointerdown', bubbles));
  button.dispatchEvent(trusted(new KeyboardEvent('keydown', { ...bubbles, key: 'Shift' })));
  control.dispatchEvent(trusted(new MouseEvent('pointerdown', bubbles)));
  control.dispatchEvent(trusted(new KeyboardEvent('keydown', { ...bubbles, key: 'ArrowLeft' })));
  expect(acted).not.toHaveBeenCalled();
  button.dispatchEvent(trusted(new MouseEvent('pointerdown', bubbles)));
  button.dispatchEvent(trusted(new KeyboardEvent('keydown', { ...bubbles, key: 'ArrowLeft' })));
  expect(acted).toHaveBeenCalledTimes(2);
});
