import { changeSettings } from '../storage/settings.ts';
import { orderCurrentPage } from './pause.ts';
import type { SwipeLedger } from './swipes/swipe-ledger.ts';

/** What the keys do that the person can set in the browser, by the command's name in the manifest (`wxt.config.ts`). */
const COMMANDS: Readonly<Record<string, (ledger: SwipeLedger) => Promise<unknown>>> = {
  'panic-stop': () => changeSettings({ mode: 'off' }),
  'pause-resume': (ledger) => orderCurrentPage('toggle', ledger),
  why: (ledger) => orderCurrentPage('why', ledger),
  'mode-show': () => changeSettings({ mode: 'show' }),
  'mode-learn': () => changeSettings({ mode: 'learn' }),
  'mode-swipe': () => changeSettings({ mode: 'swipe' }),
};

/** Runs a command. Ignores one that this version doesn't have. */
export async function runCommand(name: string, ledger: SwipeLedger): Promise<void> {
  if (Object.hasOwn(COMMANDS, name)) await COMMANDS[name]!(ledger);
}
