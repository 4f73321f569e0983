import type { Permissions } from 'webextension-polyfill';
import { reportError } from '../../report-error.ts';

const WANTED = { permissions: ['notifications' as const] };

/**
 * Lets the person turn notifications about stops on and off. The browser's permission is the setting: turning it on
 * requests the permission, and turning it off gives it back.
 */
export function showStopOption(
  document: Document,
  permissions: Pick<Permissions.Static, 'contains' | 'request' | 'remove' | 'onAdded' | 'onRemoved'>,
): void {
  const option = document.getElementById('notify') as HTMLInputElement;
  const refused = document.getElementById('notify-refused')!;
  const show = async () => {
    option.checked = await permissions.contains(WANTED);
  };
  const change = async (wanted: boolean) => {
    // The browser asks only while it handles the click, so nothing may be awaited before.
    const done = wanted ? permissions.request(WANTED) : permissions.remove(WANTED);
    const isDone = await done.catch((error: unknown) => {
      reportError('changing a permission', error); // some browsers don't allow the request, or a policy doesn't
      return false;
    });
    refused.hidden = !wanted || isDone;
    await show();
  };
  const attempt = (work: Promise<void>) =>
    void work.catch((error: unknown) => reportError('reading whether to notify', error));
  option.addEventListener('click', () => attempt(change(option.checked)));
  for (const changed of [permissions.onAdded, permissions.onRemoved]) changed.addListener(() => attempt(show()));
  attempt(show());
}
