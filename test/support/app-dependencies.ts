import type { AnsweringModel, AppDependencies } from '@swipenet/server/http/dependencies.ts';
import { modelExample, statusExample } from '@swipenet/server/http/openapi/examples.ts';
import { createLog } from '@swipenet/server/observe/log.ts';
import { Metrics } from '@swipenet/server/observe/metrics.ts';
import { ARTICLE_RULE } from '@swipenet/shared/decision.ts';
import { testAccess } from './access.ts';
import { testStudio } from './studio.ts';
import { newDesk } from './taste-desk.ts';

/** The token that {@link appDependencies} sets. */
export const TOKEN = 'a-token-that-nobody-may-see';

/** A model that describes no photos. */
export const describeNothing: AnsweringModel['describe'] = async () => ({ readable: [], sha256: [] });

/** The part of a scorer that runs the network on photos that are ready for it: here there are none. */
export const inferNothing: AnsweringModel['scorer']['infer'] = async () => [];

/** Creates the dependencies of an app that is ready and scores as the test says. Also returns its parsed log lines. */
export function appDependencies({
  score = async () => [],
  infer = inferNothing,
  ...overrides
}: Partial<AppDependencies> & { readonly score?: AnsweringModel['scorer']['score'] } & Partial<
    Pick<AnsweringModel['scorer'], 'infer'>
  > = {}) {
  const lines: Record<string, unknown>[] = [];
  const model: AnsweringModel = {
    scorer: { score, infer },
    describe: describeNothing,
    answer: modelExample,
    rule: ARTICLE_RULE,
    outputs: ['confidence', 'evidence'],
    withEvidence: (_, scoring) => scoring,
  };
  const dependencies: AppDependencies = {
    served: () => model,
    reload: async () => model,
    taste: newDesk(),
    studio: testStudio(),
    allowModelChange: false,
    state: () => 'ready',
    token: TOKEN,
    access: testAccess(),
    deadline: () => new AbortController().signal,
    now: () => 0,
    report: () => {},
    log: createLog('debug', { write: (line) => void lines.push(JSON.parse(line)) }),
    metrics: new Metrics(),
    metricsOpen: false,
    status: async () => statusExample,
    ...overrides,
  };
  return { dependencies, lines };
}
