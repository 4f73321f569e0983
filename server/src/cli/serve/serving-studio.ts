import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';
import { runCommand } from '../../child/run-command.ts';
import { systemClock, systemDate } from '../../clock.ts';
import { cores } from '../../config/machine.ts';
import type { Settings } from '../../config/settings.ts';
import { LayerViewer } from '../../inference/layers/layer-viewer.ts';
import { errorFields, type Log } from '../../observe/log.ts';
import { machineUsage } from '../../observe/machine-usage.ts';
import { Studio, type StudioOptions } from '../../studio/studio.ts';
import { modelsInUse } from '../models/activate.ts';

/** What the studio shows of the server. */
interface ServedStudio extends Pick<StudioOptions, 'servedId' | 'use' | 'decoders'> {
  readonly status: () => Promise<StatusAnswer>;
  readonly log: Log;
}

/** Sets up the studio. */
export function openStudio(
  { home, device }: Settings<'home' | 'device'>,
  { status, log, ...server }: ServedStudio,
): Studio {
  const usage = machineUsage();
  return new Studio({
    ...{ ...server, home, device, runCommand, clock: systemClock, date: systemDate, deadline: AbortSignal.timeout },
    inUse: () => modelsInUse(home),
    viewer: new LayerViewer({ clock: systemClock }),
    threads: Math.ceil(cores / 2),
    sources: {
      status: { everyMs: 2_000, read: status },
      machine: { everyMs: 2_000, read: async () => usage() },
    },
    onTrouble: (error) => log.warn(errorFields(error), 'the studio can’t show something'),
  });
}
