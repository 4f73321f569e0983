import type { AppDependencies } from '@swipenet/server/http/dependencies.ts';
import { createLog } from '@swipenet/server/http/log.ts';
import { Metrics } from '@swipenet/server/http/metrics.ts';
import { modelExample, statusExample } from '@swipenet/server/http/openapi/examples.ts';
import { openTo } from './access.ts';

/** The token that {@link appDependencies} sets. */
export const TOKEN = 'a-token-that-nobody-may-see';

/** What an app needs, all of it quiet and ready, and every line that it logs, parsed. */
export function appDependencies(given: Partial<AppDependencies> = {}) {
  const lines: Record<string, unknown>[] = [];
  const dependencies: AppDependencies = {
    scorer: { score: async () => [] },
    model: modelExample,
    state: () => 'ready',
    token: TOKEN,
    access: openTo(),
    deadline: () => new AbortController().signal,
    now: () => 0,
    report: () => {},
    log: createLog('debug', { write: (line) => void lines.push(JSON.parse(line)) }),
    metrics: new Metrics(),
    metricsOpen: false,
    status: async () => statusExample,
    ...given,
  };
  return { dependencies, lines };
}
