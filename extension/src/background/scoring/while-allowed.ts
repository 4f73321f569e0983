import { hasConsent, readSettings, type Settings, watchSettings } from '../../storage/settings.ts';
import { ProblemError } from '../server/problem.ts';

/**
 * Does work under the settings as they stand. Its signal aborts at the very change that takes away what allowed it: the
 * control on Off, a consent withdrawn, another server. Scoring takes seconds, and what the person says in between counts.
 */
export async function whileAllowed<Output>(
  work: (settings: Settings, signal: AbortSignal) => Promise<Output>,
): Promise<Output> {
  const over = new AbortController();
  const taken = new AbortController();
  let begun: Settings | undefined;
  const compare = (now: Settings) => {
    if (now.mode === 'off' || !hasConsent(now)) taken.abort(new ProblemError('consent_missing'));
    // Its page asks again, of the new server.
    else if (begun && serverOf(now) !== serverOf(begun)) taken.abort(new ProblemError('worker_gone'));
  };
  watchSettings(compare, over.signal); // before they are read, so that no change falls in between
  try {
    begun = await readSettings();
    return await work(begun, taken.signal);
  } finally {
    over.abort();
  }
}

const serverOf = ({ server, consent }: Settings) => JSON.stringify([server, consent]);
