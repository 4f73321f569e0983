import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { ARTICLE_RULE } from '@swipenet/shared/decision.ts';
import { describe, expect, it } from 'vitest';
import { int8Description, modelDescription } from '../../../test/support/model-forms.ts';
import { modelExample } from '../http/openapi/examples.ts';
import { modelAnswer } from '../observe/model-answer.ts';
import type { ModelForm } from '../registry/choose-precision.ts';
import { counted, formFields, formWords, megabytes, percent, spanOf } from './format.ts';
import { summaryLine } from './score.ts';
import { startLines } from './serve/serve.ts';

it('formats durations with the units that people use', () => {
  expect([7.2, 89, 600, 36_000].map(spanOf)).toEqual(['8 s', '89 s', '10 min', '10 h 0 min']);
});

it('formats counts, percentages and sizes', () => {
  expect([counted(1, 'photo'), counted(0, 'photo'), counted(5230, 'photo')]).toEqual([
    '1 photo',
    '0 photos',
    '5,230 photos',
  ]);
  expect([percent(0.875), percent(0.0025, 2), megabytes(24_297_344), megabytes(210_400_000, 0)]).toEqual([
    '87.5%',
    '0.25%',
    '24.3 MB',
    '210 MB',
  ]);
});

const manifest = { architecture: 'googlenet', classes: ['NOPE', 'LIKE'], model: { sha256: 'x' } };
const fp32 = {
  model: { manifest: { ...modelDescription('mine'), ...manifest } },
  precision: 'fp32',
  reason: 'auto: the model has no int8 form',
} as unknown as ModelForm;
const int8 = {
  model: { manifest: { ...int8Description('mine-int8', { parent: 'mine', parentSha256: 'y' }), ...manifest } },
  precision: 'int8',
  reason: 'auto: 0.25% of 400 verdicts change',
} as unknown as ModelForm;

const onCpu = (form: ModelForm) => ({
  form,
  device: 'cpu' as const,
  executionProvider: 'CPUExecutionProvider' as const,
  reason: 'requested',
  plan: { engines: 2, threadsPerEngine: 1, tf32: false, maxBatch: 1, batchSizes: [], warmSizes: [1], maxRssBytes: 1 },
});

describe('the form of a model', () => {
  it('is printed with its reason for people, and as fields for programs', () => {
    expect(formWords(fp32)).toBe('mine (fp32; auto: the model has no int8 form)');
    expect(formWords(int8)).toBe('mine-int8 (int8 of mine; auto: 0.25% of 400 verdicts change)');
    expect(formFields(fp32)).toEqual({ model: 'mine', precision: 'fp32' });
    expect(formFields(int8)).toEqual({ model: 'mine-int8', precision: 'int8', parent: 'mine' });
    expect(summaryLine([], onCpu(int8))).toBe(
      '0 photos in 0 profiles; model mine-int8 (int8 of mine; auto: 0.25% of 400 verdicts change) on cpu (requested)',
    );
  });

  it('is part of the response of GET /v1/model, and of the startup message', () => {
    const answer = modelAnswer(onCpu(int8), ARTICLE_RULE, '1.0.0');
    expect(answer).toMatchObject({
      id: 'mine-int8',
      precision: 'int8',
      precisionReason: 'auto: 0.25% of 400 verdicts change',
      parent: 'mine',
    });
    const listening = { url: 'http://x', firstUrl: undefined };
    const linesOf = (answer: ModelAnswer) => startLines({ listening, answer, link: 'http://x/#code' }, '/token');
    const rule = { rule: 'profile', threshold: 0.45, largestShare: 0.7, perLogCount: -0.25 } as const;
    const together = modelAnswer(onCpu(fp32), rule, '1.0.0');
    expect(together).toMatchObject({ threshold: 0.45, rule });
    expect(linesOf(together)).toContain(
      'mine, threshold 0.45 for all photos together (0.7 × largest + 0.3 × mean logit + -0.25 × ln(photos))\n',
    );
    expect(modelAnswer(onCpu(fp32), ARTICLE_RULE, '1.0.0')).not.toHaveProperty('parent');
    expect(linesOf(answer).split('\n').slice(1, 4)).toEqual([
      '  model      mine-int8, threshold 0.4',
      '  precision  int8 of mine; auto: 0.25% of 400 verdicts change',
      '  device     cpu (CPUExecutionProvider), 2 engines × 1 thread; requested',
    ]);
    expect(linesOf(modelExample)).toContain('\n  precision  fp32; auto: the model has no int8 form\n');
    expect(linesOf(answer).split('\n').at(-1)).toBe(
      'Open http://x/#code in your browser. The link works once, within 15 minutes.',
    );
  });
});
