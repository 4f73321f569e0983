import type { LevelWithSilent } from 'pino';
import { Metrics } from '../observe/metrics.ts';
import type { ServedModel } from '../registry/model-registry.ts';
import { observeEngines, openLog, reportTo } from './server-log.ts';
import { statusOf } from './server-status.ts';

/** Log, metrics and status of a server: what a model's engines are opened with, and what its HTTP side needs of it. */
export function observeServer(logLevel: LevelWithSilent) {
  const log = openLog(logLevel);
  const metrics = new Metrics();
  return {
    log,
    eventsOf: ({ manifest }: ServedModel) =>
      observeEngines(log, metrics.forModel({ id: manifest.id, sha256: manifest.model.sha256 })),
    forApp: (sources: Omit<Parameters<typeof statusOf>[0], 'metrics'>) => ({
      log,
      metrics,
      report: reportTo(log),
      status: statusOf({ ...sources, metrics }),
    }),
  };
}
