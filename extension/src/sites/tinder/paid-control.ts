import type { PaidControl } from '../site-adapter.ts';
import { GAMEPAD_BUTTON, gamepadKinds } from './anchors.ts';
import { isInDialog } from './dialogs.ts';

/**
 * What pressing an element would cost, by the classes of it, of what is around it and of what is in it, and by where it
 * stands. Rewind is among them, since it opens an offer; so is every button of a dialog.
 */
export function paidControl(element: Element): PaidControl | undefined {
  const around = element.closest('button, [role=button], a') ?? element;
  const kinds = new Set([around, ...around.querySelectorAll('[class]')].flatMap((part) => [...gamepadKinds(part)]));
  if (kinds.has('super-like')) return isOnGamepad(around) ? 'super_like' : 'first_impression';
  if (kinds.has('boost')) return 'boost';
  if (kinds.has('rewind')) return 'rewind';
  return isInDialog(element) ? 'upsell' : undefined;
}

/** "First Impressions" reuses Super Like's class, but stands elsewhere: the gamepad is where the like button is, too. */
function isOnGamepad(button: Element): boolean {
  const row = button.parentElement?.parentElement;
  return [...(row?.querySelectorAll(GAMEPAD_BUTTON) ?? [])].some((other) => gamepadKinds(other).has('like'));
}
