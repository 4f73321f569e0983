import type { ControlAct } from '../../control-acts.ts';
import { hideControl, placeControl } from '../../storage/page-control.ts';
import { readSession } from '../../storage/session-log.ts';
import { changeSettings } from '../../storage/settings.ts';
import { renewSession } from '../pause.ts';
import type { SwipeLedger } from '../swipes/swipe-ledger.ts';

/**
 * Does what the person chose in the control on the page of a tab. The page stores nothing itself: locks in a page are shared
 * with its scripts, not with this worker.
 */
export async function controlAct(does: ControlAct, tab: number, ledger: SwipeLedger): Promise<null> {
  if (does.act === 'choose') await changeSettings({ mode: does.mode });
  else if (does.act === 'place') await placeControl(does.site, does.place);
  else if (does.act === 'hide') await hideControl(true);
  else {
    const page = (await readSession()).pages.find((known) => known.tab === tab);
    if (page) await renewSession(page, ledger);
  }
  return null;
}
