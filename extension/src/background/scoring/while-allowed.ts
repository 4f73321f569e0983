import { hasConsent, readSettings, type Settings, watchSettings } from '../../storage/settings.ts';
import { ProblemError } from '../server/problem.ts';

/**
 * Runs work with the current settings. Its signal aborts as soon as a change to the settings disallows it: the control is
 * set to Off, consent is withdrawn, or the server changes. It also aborts when the consent to learning changes, which
 * decides what is sent. Scoring takes seconds, so this must not wait for its end.
 */
export async function whileAllowed<Output>(
  work: (settings: Settings, signal: AbortSignal) => Promise<Output>,
): Promise<Output> {
  const done = new AbortController();
  const disallowed = new AbortController();
  let initial: Settings | undefined;
  const compare = (now: Settings) => {
    if (now.mode === 'off' || !hasConsent(now)) disallowed.abort(new ProblemError('consent_missing'));
    // This reason makes the page ask again, and the new server answers.
    else if (initial && serverOf(now) !== serverOf(initial)) disallowed.abort(new ProblemError('worker_gone'));
  };
  watchSettings(compare, done.signal); // before the settings are read, so that no change is missed
  try {
    initial = await readSettings();
    return await work(initial, disallowed.signal);
  } finally {
    done.abort();
  }
}

const serverOf = ({ server, consent, taste }: Settings) => JSON.stringify([server, consent, taste.consent]);
