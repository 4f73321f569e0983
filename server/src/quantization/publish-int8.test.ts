import { expect, it } from 'vitest';
import { int8Description, modelDescription } from '../../../test/support/model-forms.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { formsOf } from '../registry/choose-precision.ts';
import { loadServedModel, publishModel } from '../registry/model-registry.ts';
import { publishInt8 } from './publish-int8.ts';

it.each([
  ['a rule', { decision: { rule: 'profile', threshold: 0.45, largestShare: 0.7, perLogCount: -0.2 } }],
  ['a threshold', { threshold: 0.6 }],
  ['neither', {}],
] as const)('an int8 form decides as its parent does, which has %s, so auto uses it', async (_name, decides) => {
  const folder = temporaryFolder();
  const parentFile = { bytes: new Uint8Array(1), storage: 'float32' } as const;
  const parent = await publishModel(folder, { ...modelDescription('mine'), ...decides }, parentFile);
  const { faithfulness } = int8Description('', { parent: 'mine', parentSha256: '' }).quantization!;
  const calibration = { method: 'mse' as const, photos: 1, indexSha256: '' };
  const about = { id: 'mine-int8', parent, calibration };
  const int8 = await publishInt8(folder, { ...about, command: 'npm test' }, { bytes: new Uint8Array(2), faithfulness });
  expect(int8).toMatchObject(decides);
  const form = await formsOf(await loadServedModel([folder], 'mine'), [folder], 'auto')('cpu');
  expect(form.model.manifest.id).toBe('mine-int8');
});
