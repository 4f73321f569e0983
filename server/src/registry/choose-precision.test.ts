import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { int8Description, modelDescription } from '../../../test/support/model-forms.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { choosePrecision, formsOf, type PrecisionChoice } from './choose-precision.ts';
import type { Manifest } from './manifest.ts';
import { loadServedModel, publishModel, removeModel } from './model-registry.ts';
import { type ConfidenceFaithfulness, gateFailures } from './quantization.ts';

const parentFile = { bytes: new Uint8Array([1, 2, 3]), storage: 'float16' } as const;
const PARENT_SHA256 = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81';
const AUC_LOST = { auc: { model: 0.97, parent: 0.98 } };

let own = '';
let folders: string[] = [];

/** Publishes an int8 model whose bytes are its name. */
const publishInt8 = (id: string, ...more: [Parameters<typeof int8Description>[2]?, string?]) =>
  publishModel(own, int8Description(id, { parent: 'mine', parentSha256: more[1] ?? PARENT_SHA256 }, more[0]), {
    bytes: new TextEncoder().encode(id),
    storage: 'int8',
  });

/** Returns the chosen form in one line: its ID, its precision and the reason. */
async function form(id: string, requested: PrecisionChoice, device: 'cpu' | 'cuda'): Promise<string> {
  const { model, precision, reason } = await formsOf(await loadServedModel(folders, id), folders, requested)(device);
  return `${model.manifest.id} ${precision}: ${reason}`;
}

beforeEach(async () => {
  own = temporaryFolder();
  folders = [own, temporaryFolder()];
  await publishModel(folders[1]!, modelDescription('mine'), parentFile);
});

describe('a model without an int8 form', () => {
  it.each([
    ['auto', 'cpu', 'mine fp32: auto: the model has no int8 form'],
    ['auto', 'cuda', 'mine fp32: auto: int8 runs only on the CPU'],
    ['fp32', 'cpu', 'mine fp32: requested'],
    ['fp32', 'cuda', 'mine fp32: requested'],
    ['fp16', 'cuda', 'mine fp16: requested'],
  ] as const)('is itself with %s on %s', async (requested, device, expected) => {
    await publishInt8('of-another', {}, '0'.repeat(64));
    await publishModel(own, modelDescription('no-int8-at-all'), { ...parentFile, storage: 'float32' });
    expect(await form('mine', requested, device)).toBe(expected);
  });

  it('is an error with fp16 on the CPU', async () => {
    await expect(form('mine', 'fp16', 'cpu')).rejects.toMatchObject({
      code: 'option_invalid',
      message: '--precision fp16 works only on CUDA; use auto or fp32',
    });
  });

  it('is an error with int8, and the message says how to create an int8 form', async () => {
    await expect(form('mine', 'int8', 'cpu')).rejects.toMatchObject({
      code: 'precision_missing',
      message: 'mine has no int8 form; create one with npm run -s swipenet -- models quantize mine --calibrate DIR',
    });
  });
});

describe('a model with an int8 form that passes the gate', () => {
  beforeEach(() => publishInt8('mine-int8', { changedVerdicts: 0.0025 }));

  it.each([
    ['squash', { preprocessing: { resize: 'squash', mean: 114.7 } }],
    ['sure', { threshold: 0.6 }],
    ['together', { decision: { rule: 'profile', threshold: 0.4, largestShare: 0.5, perLogCount: 0 } }],
  ] as const)('doesn’t share it with a model that has the same file but other settings: %s', async (id, otherwise) => {
    await publishModel(own, { ...modelDescription(id), ...otherwise }, parentFile);
    expect(await form(id, 'auto', 'cpu')).toBe(`${id} fp32: auto: the model has no int8 form`);
  });

  it.each([
    ['auto', 'cpu', 'mine-int8 int8: auto: 0.25% of 400 verdicts change'],
    ['int8', 'cpu', 'mine-int8 int8: requested'],
    ['fp32', 'cpu', 'mine fp32: requested'],
    ['auto', 'cuda', 'mine fp32: auto: int8 runs only on the CPU'],
  ] as const)('uses the right form with %s on %s', async (requested, device, expected) => {
    expect(await form('mine', requested, device)).toBe(expected);
  });

  it('is rejected with int8 on CUDA, with the reason', async () => {
    for (const id of ['mine', 'mine-int8']) {
      await expect(form(id, 'int8', 'cuda')).rejects.toMatchObject({
        code: 'option_invalid',
        message: expect.stringContaining('--precision int8 works only on the CPU'),
      });
    }
  });

  it('is an error if the int8 file is damaged, and nothing takes its place', async () => {
    await writeFile(join(own, 'mine-int8', 'model.onnx'), 'other');
    await expect(form('mine', 'auto', 'cpu')).rejects.toMatchObject({ code: 'model_hash_mismatch' });
    expect(await form('mine', 'fp32', 'cpu')).toBe('mine fp32: requested');
  });

  it('uses it even if other models are broken', async () => {
    await publishModel(own, modelDescription('broken'), parentFile);
    await writeFile(join(own, 'broken', 'manifest.json'), '{');
    expect(await form('mine', 'auto', 'cpu')).toMatch(/^mine-int8 int8/);
  });
});

describe('a model whose int8 form fails the gate', () => {
  beforeEach(() => publishInt8('mine-int8', AUC_LOST));

  it('is itself with auto, and the reason says why', async () => {
    expect(await form('mine', 'auto', 'cpu')).toBe(
      'mine fp32: auto: mine-int8 fails the gate: the AUC drops by 0.0100 (limit 0.005)',
    );
  });

  it('is the int8 form with int8, and the reason says what it costs', async () => {
    expect(await form('mine', 'int8', 'cpu')).toBe('mine-int8 int8: requested; the AUC drops by 0.0100 (limit 0.005)');
  });
});

describe('an int8 model chosen by its ID', () => {
  it('runs on the CPU, and is replaced by its parent on CUDA or with fp32', async () => {
    await publishInt8('mine-int8', AUC_LOST);
    expect(await form('mine-int8', 'auto', 'cpu')).toBe('mine-int8 int8: auto: the chosen model is an int8 model');
    expect(await form('mine-int8', 'int8', 'cpu')).toMatch(/^mine-int8 int8: requested/);
    expect(await form('mine-int8', 'auto', 'cuda')).toBe('mine fp32: auto: int8 runs only on the CPU');
    expect(await form('mine-int8', 'fp32', 'cpu')).toBe('mine fp32: requested');
    expect(await form('mine-int8', 'fp16', 'cuda')).toBe('mine fp16: requested');
  });

  it('finds its parent by hash, whatever the parent’s ID is', async () => {
    await publishInt8('mine-int8');
    await rm(join(folders[1]!, 'mine'), { recursive: true });
    await publishModel(own, modelDescription('renamed'), parentFile);
    await publishModel(own, modelDescription('mine'), { ...parentFile, bytes: new Uint8Array([9]) });
    expect(await form('mine-int8', 'fp32', 'cpu')).toBe('renamed fp32: requested');
    await rm(join(own, 'mine'), { recursive: true });
    await publishModel(own, modelDescription('mine'), parentFile);
    await publishModel(own, modelDescription('copy'), parentFile);
    expect(await form('mine-int8', 'fp32', 'cpu')).toBe('mine fp32: requested');
  });

  it('works without its parent, and fails only if the parent is needed', async () => {
    await publishModel(own, modelDescription('mine'), parentFile);
    await rm(join(folders[1]!, 'mine'), { recursive: true });
    await publishInt8('mine-int8');
    await removeModel(folders, 'mine', new Map([['mine-int8', 'is the active model']]));
    expect(await form('mine-int8', 'auto', 'cpu')).toMatch(/^mine-int8 int8/);
    for (const [requested, device] of [
      ['fp32', 'cpu'],
      ['auto', 'cuda'],
    ] as const) {
      await expect(form('mine-int8', requested, device)).rejects.toMatchObject({
        code: 'precision_missing',
        message: 'mine-int8 has no fp32 form: it is an int8 model, and its parent mine is not installed',
      });
    }
  });
});

describe('the choice among several int8 forms', () => {
  const faithful = fc.record({
    changedVerdicts: fc.constantFrom(0, 0.005, 0.01, 0.02),
    auc: fc.constantFrom(undefined, AUC_LOST.auc, { model: 0.98, parent: 0.98 }),
  });

  it('prefers forms that pass the gate, then the fewest changed verdicts, then the first ID, in any order', () => {
    const preprocessing = { resize: 'cover' };
    const chosen = { id: 'mine', preprocessing, model: { sha256: 'x', storage: 'float32' } } as Manifest;
    fc.assert(
      fc.property(fc.array(faithful, { minLength: 1, maxLength: 5 }), fc.nat(), (figures, turn) => {
        const forms = figures.map(({ changedVerdicts, auc }, index) => {
          const faithfulness = {
            photos: 100,
            largestDifference: 0,
            meanDifference: 0,
            changedVerdicts,
            ...(auc && { auc }),
          };
          return {
            id: `int8-${index}`,
            preprocessing,
            model: { sha256: `${index}`, storage: 'int8' },
            quantization: { parentSha256: 'x', faithfulness },
          };
        }) as unknown as Manifest[];
        const key = ({ id, quantization }: Manifest) => {
          const faithfulness = quantization!.faithfulness as ConfidenceFaithfulness;
          const failed = gateFailures(faithfulness).length > 0 ? 1 : 0;
          return `${failed} ${faithfulness.changedVerdicts.toFixed(4)} ${id}`;
        };
        const best = forms.map(key).toSorted()[0];
        const at = turn % forms.length;
        const turned = [...forms.slice(at), ...forms.slice(0, at)];
        expect(key(choosePrecision(chosen, turned, 'int8', 'cpu').manifest)).toBe(best);
        expect(choosePrecision(chosen, turned, 'auto', 'cpu').manifest === chosen).toBe(best!.startsWith('1'));
      }),
    );
  });
});
