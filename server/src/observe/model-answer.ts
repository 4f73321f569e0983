import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { CONTRACT_VERSION } from '@swipenet/shared/contract/routes.ts';
import type { OpenEngines } from '../inference/open-engines.ts';

/** What `GET /v1/model` says of open engines and the model on them. */
export function modelAnswer(
  { form, device, executionProvider, reason, plan }: Omit<OpenEngines, 'engines'>,
  threshold: number,
): ModelAnswer {
  const { id, architecture, classes, model, quantization } = form.model.manifest;
  return {
    contract: CONTRACT_VERSION,
    id,
    architecture,
    classes,
    sha256: model.sha256,
    threshold,
    precision: form.precision,
    precisionReason: form.reason,
    ...(quantization && { parent: quantization.parent }),
    device: {
      name: device,
      executionProvider,
      reason,
      engines: plan.engines,
      threadsPerEngine: plan.threadsPerEngine,
    },
  };
}
