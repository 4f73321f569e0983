import { ARTICLE_RULE, type DecisionRule } from '@swipenet/shared/decision.ts';
import { describe, expect, it } from 'vitest';
import { modelDescription } from '../../../test/support/model-forms.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { ruleOf } from './manifest.ts';
import { loadModel, publishModel } from './model-registry.ts';

const decision: DecisionRule = { rule: 'profile', threshold: 0.45, largestShare: 0.7, perLogCount: -0.2 };
const file = { bytes: new Uint8Array(1), storage: 'float32' } as const;

describe('the rule of a model', () => {
  it.each<[string, Parameters<typeof ruleOf>[0], number | undefined, DecisionRule]>([
    ['is the article’s by default', {}, undefined, ARTICLE_RULE],
    ['is the article’s at the manifest’s threshold', { threshold: 0.6 }, undefined, { rule: 'any', threshold: 0.6 }],
    ['is the manifest’s', { decision }, undefined, decision],
    ['takes a requested threshold', { threshold: 0.6 }, 0, { rule: 'any', threshold: 0 }],
    ['keeps everything else with a requested threshold', { decision }, 0.9, { ...decision, threshold: 0.9 }],
  ])('%s', (_name, manifest, requested, expected) => {
    expect(ruleOf(manifest, requested)).toEqual(expected);
  });

  it('survives publishing and loading', async () => {
    const folder = temporaryFolder();
    await publishModel(folder, { ...modelDescription('mine'), decision }, file);
    expect((await loadModel([folder], 'mine')).manifest.decision).toEqual(decision);
  });

  it('is either a threshold or a decision, because two thresholds could contradict each other', async () => {
    const both = { ...modelDescription('mine'), threshold: 0.45, decision };
    await expect(publishModel(temporaryFolder(), both, file)).rejects.toThrow('either threshold or decision');
  });
});
