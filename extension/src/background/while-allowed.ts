import { isAllowed, readSettings, type Settings, watchSettings } from '../storage/settings.ts';
import { ProblemError } from './server/problem.ts';

/**
 * Runs work with the current settings. Its signal aborts as soon as a change to the settings disallows it: the control is
 * set to Off, consent is withdrawn, or the server changes. It also aborts when the consent to learning changes, which
 * decides what is sent. The work may take seconds, so this must not wait for its end.
 *
 * @param mayWork what the work needs to be allowed, if that is more than reading photos. The work checks it first.
 */
export async function whileAllowed<Output>(
  work: (settings: Settings, signal: AbortSignal) => Promise<Output>,
  mayWork: (settings: Settings) => boolean = isAllowed,
): Promise<Output> {
  const done = new AbortController();
  const disallowed = new AbortController();
  let initial: Settings | undefined;
  const compare = (now: Settings) => {
    if (!mayWork(now)) disallowed.abort(new ProblemError('consent_missing'));
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
