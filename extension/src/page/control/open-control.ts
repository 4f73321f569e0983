import type { Clock } from '../../clock.ts';
import type { ControlAct } from '../../control-acts.ts';
import { ask } from '../../messages.ts';
import { reportError } from '../../report-error.ts';
import type { SitePage } from '../../sites/site-adapter.ts';
import { readControl, watchControl } from '../../storage/page-control.ts';
import type { Settings } from '../../storage/settings.ts';
import type { Translate } from '../../texts.ts';
import { onPersonAct } from '../person/person.ts';
import type { SessionStatus } from '../session/session-status.ts';
import { Pause } from '../swiping/pause.ts';
import type { Why } from '../why/why.ts';
import { PageControl } from './page-control.ts';

/** Creates the control of a document, for as long as the document lives, and connects it with the worker. */
export function openControl(
  options: {
    readonly document: Document;
    readonly page: SitePage;
    readonly site: string;
    readonly status: SessionStatus;
    readonly clock: Clock;
    readonly translate: Translate;
    readonly why: Why;
    readonly settings: () => Settings;
    /** Resumes the session, if one runs. */
    readonly resume: () => void;
  },
  lifetime: AbortSignal,
): {
  readonly bar: PageControl;
  readonly pause: Pause;
  /** Tells acts on the page from those on the control. */
  readonly onPersonAct: (document: Document, acted: () => void, signal: AbortSignal) => void;
} {
  const { settings, resume } = options;
  const pause = new Pause({ ...options, maySwipe: () => settings().mode === 'swipe' });
  const askWorker = (does: ControlAct) =>
    ask({ kind: 'control', does }).catch((error: unknown) => reportError('using the control', error));
  const bar = new PageControl(
    {
      ...options,
      pause: () => pause.pause(),
      resume: () => askWorker({ act: 'renew' }).then(resume),
      ask: askWorker,
    },
    lifetime,
  );
  watchControl((stored) => bar.remember(stored), lifetime);
  void readControl().then((stored) => bar.remember(stored));
  return {
    bar,
    pause,
    onPersonAct: (document, acted, signal) => onPersonAct(document, () => pause.noting(acted), signal, bar.host),
  };
}
