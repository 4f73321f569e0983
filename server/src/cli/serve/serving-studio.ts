import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';
import { systemClock } from '../../clock.ts';
import type { Settings } from '../../config/settings.ts';
import { errorFields, type Log } from '../../observe/log.ts';
import { machineUsage } from '../../observe/machine-usage.ts';
import { Studio } from '../../studio/studio.ts';

/** What the studio shows of the server. */
interface ServedStudio {
  readonly status: () => Promise<StatusAnswer>;
  /** Returns the ID of the model that the server uses. */
  readonly servedId: () => string;
  readonly log: Log;
}

/** Sets up the studio. */
export function openStudio({ home }: Settings<'home'>, { status, servedId, log }: ServedStudio): Studio {
  const usage = machineUsage();
  return new Studio({
    ...{ home, servedId, clock: systemClock },
    sources: {
      status: { everyMs: 2_000, read: status },
      machine: { everyMs: 2_000, read: async () => usage() },
    },
    onTrouble: (error) => log.warn(errorFields(error), 'the studio can’t show something'),
  });
}
