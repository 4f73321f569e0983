import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { CONTRACT_VERSION } from '@swipenet/shared/contract/routes.ts';
import type { OpenEngines } from '../inference/open-engines.ts';
import type { ServedManifest } from '../registry/manifest.ts';

/** What `GET /v1/model` says of a model on its open engines. */
export function modelAnswer(
  { id, architecture, classes, model }: ServedManifest,
  { device, executionProvider, reason, plan }: Pick<OpenEngines, 'device' | 'executionProvider' | 'reason' | 'plan'>,
  threshold: number,
): ModelAnswer {
  return {
    contract: CONTRACT_VERSION,
    id,
    architecture,
    classes,
    sha256: model.sha256,
    threshold,
    device: {
      name: device,
      executionProvider,
      reason,
      engines: plan.engines,
      threadsPerEngine: plan.threadsPerEngine,
    },
  };
}
