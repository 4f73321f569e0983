import { LABELS } from '@swipenet/shared/confidence.ts';
import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { CONTRACT_VERSION } from '@swipenet/shared/contract/routes.ts';
import type { DecisionRule } from '@swipenet/shared/decision.ts';
import { PREPARED_VERSION } from '@swipenet/shared/prepared-photo.ts';
import type { OpenEngines } from '../inference/open-engines.ts';

/** Builds the response of `GET /v1/model` from the open engines, their model, and the server's version. */
export function modelAnswer(
  { form, device, executionProvider, reason, plan }: Omit<OpenEngines, 'engines'>,
  rule: DecisionRule,
  version: string,
): ModelAnswer {
  const { id, architecture, model, preprocessing, quantization } = form.model.manifest;
  return {
    contract: CONTRACT_VERSION,
    version,
    id,
    architecture,
    classes: [...LABELS],
    sha256: model.sha256,
    threshold: rule.threshold,
    rule,
    precision: form.precision,
    precisionReason: form.reason,
    preparedPhotos: { version: PREPARED_VERSION, resize: preprocessing.resize },
    ...(quantization && { parent: quantization.parent, parentSha256: quantization.parentSha256 }),
    device: {
      name: device,
      executionProvider,
      reason,
      engines: plan.engines,
      threadsPerEngine: plan.threadsPerEngine,
    },
  };
}
