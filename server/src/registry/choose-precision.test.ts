import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { int8Description, modelDescription } from '../../../test/support/model-forms.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { choosePrecision, formsOf, type PrecisionChoice } from './choose-precision.ts';
import type { ServedManifest } from './manifest.ts';
import { loadServedModel, publishModel, removeModel } from './model-registry.ts';
import { gateFailures } from './quantization.ts';

const parentFile = { bytes: new Uint8Array([1, 2, 3]), storage: 'float16' } as const;
const PARENT_SHA256 = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81';
const AUC_LOST = { auc: { model: 0.97, parent: 0.98 } };

let own = '';
let folders: string[] = [];

/** Publishes an int8 model; its bytes are its name's. */
const publishInt8 = (id: string, ...more: [Parameters<typeof int8Description>[2]?, string?]) =>
  publishModel(own, int8Description(id, { parent: 'mine', parentSha256: more[1] ?? PARENT_SHA256 }, more[0]), {
    bytes: new TextEncoder().encode(id),
    storage: 'int8',
  });

/** The form of a model: its id, its precision and why, in one line. */
async function form(id: string, asked: PrecisionChoice, device: 'cpu' | 'cuda'): Promise<string> {
  const { model, precision, reason } = await formsOf(await loadServedModel(folders, id), folders, asked)(device);
  return `${model.manifest.id} ${precision}: ${reason}`;
}

beforeEach(async () => {
  own = temporaryFolder();
  folders = [own, temporaryFolder()];
  await publishModel(folders[1]!, modelDescription('mine'), parentFile);
});

describe('a model without an int8 form', () => {
  it.each([
    ['auto', 'cpu', 'mine fp32: auto: it has no int8 form'],
    ['auto', 'cuda', 'mine fp32: auto: int8 is for the CPU'],
    ['fp32', 'cpu', 'mine fp32: asked for'],
    ['fp32', 'cuda', 'mine fp32: asked for'],
  ] as const)('asked for %s on %s is itself', async (asked, device, told) => {
    await publishInt8('of-another', {}, '0'.repeat(64));
    await publishModel(own, modelDescription('no-int8-at-all'), { ...parentFile, storage: 'float32' });
    expect(await form('mine', asked, device)).toBe(told);
  });

  it('asked for int8 is an error that says how one is made', async () => {
    await expect(form('mine', 'int8', 'cpu')).rejects.toMatchObject({
      code: 'precision_missing',
      message: 'there is no int8 form of mine: swipenet models quantize mine --calibrate DIR makes one',
    });
  });
});

describe('a model with an int8 form that passes the gate', () => {
  beforeEach(() => publishInt8('mine-int8', { changedVerdicts: 0.0025 }));

  it.each([
    ['squash', { preprocessing: { resize: 'squash', mean: 114.7 } }],
    ['sure', { threshold: 0.6 }],
  ] as const)('lends it to no model of the same file that is served otherwise: %s', async (id, otherwise) => {
    await publishModel(own, { ...modelDescription(id), ...otherwise }, parentFile);
    expect(await form(id, 'auto', 'cpu')).toBe(`${id} fp32: auto: it has no int8 form`);
  });

  it.each([
    ['auto', 'cpu', 'mine-int8 int8: auto: 0.25 % of 400 verdicts change'],
    ['int8', 'cpu', 'mine-int8 int8: asked for'],
    ['fp32', 'cpu', 'mine fp32: asked for'],
    ['auto', 'cuda', 'mine fp32: auto: int8 is for the CPU'],
  ] as const)('asked for %s on %s', async (asked, device, told) => {
    expect(await form('mine', asked, device)).toBe(told);
  });

  it('is refused on CUDA when int8 was asked for, with the reason', async () => {
    for (const id of ['mine', 'mine-int8']) {
      await expect(form(id, 'int8', 'cuda')).rejects.toMatchObject({
        code: 'option_invalid',
        message: expect.stringContaining('--precision int8 is for the CPU'),
      });
    }
  });

  it('is an error where that form’s file is damaged, and nothing is taken in its place', async () => {
    await writeFile(join(own, 'mine-int8', 'model.onnx'), 'other');
    await expect(form('mine', 'auto', 'cpu')).rejects.toMatchObject({ code: 'model_hash_mismatch' });
    expect(await form('mine', 'fp32', 'cpu')).toBe('mine fp32: asked for');
  });

  it('is not kept from it by other models that are broken', async () => {
    await publishModel(own, modelDescription('broken'), parentFile);
    await writeFile(join(own, 'broken', 'manifest.json'), '{');
    expect(await form('mine', 'auto', 'cpu')).toMatch(/^mine-int8 int8/);
  });
});

describe('a model whose int8 form does not pass the gate', () => {
  beforeEach(() => publishInt8('mine-int8', AUC_LOST));

  it('stays itself for auto, and says why', async () => {
    expect(await form('mine', 'auto', 'cpu')).toBe(
      'mine fp32: auto: not mine-int8, the AUC falls by 0.0100, allowed are 0.005',
    );
  });

  it('is that form when it was asked for, and says what it costs', async () => {
    expect(await form('mine', 'int8', 'cpu')).toBe(
      'mine-int8 int8: asked for; the AUC falls by 0.0100, allowed are 0.005',
    );
  });
});

describe('an int8 model that was chosen', () => {
  it('stays on the CPU, and is its parent on CUDA or where fp32 was asked for', async () => {
    await publishInt8('mine-int8', AUC_LOST);
    expect(await form('mine-int8', 'auto', 'cpu')).toBe('mine-int8 int8: auto: the model itself is an int8 one');
    expect(await form('mine-int8', 'int8', 'cpu')).toMatch(/^mine-int8 int8: asked for/);
    expect(await form('mine-int8', 'auto', 'cuda')).toBe('mine fp32: auto: int8 is for the CPU');
    expect(await form('mine-int8', 'fp32', 'cpu')).toBe('mine fp32: asked for');
  });

  it('finds its parent by the hash, under whatever name', async () => {
    await publishInt8('mine-int8');
    await rm(join(folders[1]!, 'mine'), { recursive: true });
    await publishModel(own, modelDescription('renamed'), parentFile);
    await publishModel(own, modelDescription('mine'), { ...parentFile, bytes: new Uint8Array([9]) });
    expect(await form('mine-int8', 'fp32', 'cpu')).toBe('renamed fp32: asked for');
    await rm(join(own, 'mine'), { recursive: true });
    await publishModel(own, modelDescription('mine'), parentFile);
    await publishModel(own, modelDescription('copy'), parentFile);
    expect(await form('mine-int8', 'fp32', 'cpu')).toBe('mine fp32: asked for');
  });

  it('goes on without its parent, and says so where the parent is needed', async () => {
    await publishModel(own, modelDescription('mine'), parentFile);
    await rm(join(folders[1]!, 'mine'), { recursive: true });
    await publishInt8('mine-int8');
    await removeModel(folders, 'mine', new Map([['mine-int8', 'is the active one']]));
    expect(await form('mine-int8', 'auto', 'cpu')).toMatch(/^mine-int8 int8/);
    for (const [asked, device] of [
      ['fp32', 'cpu'],
      ['auto', 'cuda'],
    ] as const) {
      await expect(form('mine-int8', asked, device)).rejects.toMatchObject({
        code: 'precision_missing',
        message: 'there is no fp32 form of mine-int8: it is an int8 model, and mine, which it was made of, is not here',
      });
    }
  });
});

describe('of several int8 forms', () => {
  const faithful = fc.record({
    changedVerdicts: fc.constantFrom(0, 0.005, 0.01, 0.02),
    auc: fc.constantFrom(undefined, AUC_LOST.auc, { model: 0.98, parent: 0.98 }),
  });

  it('the one that passes the gate goes first, then the fewest changed verdicts, then the id; in any order', () => {
    const preprocessing = { resize: 'cover' };
    const chosen = { id: 'mine', preprocessing, model: { sha256: 'x', storage: 'float32' } } as ServedManifest;
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
        }) as unknown as ServedManifest[];
        const key = ({ id, quantization }: ServedManifest) => {
          const failed = gateFailures(quantization!.faithfulness).length > 0 ? 1 : 0;
          return `${failed} ${quantization!.faithfulness.changedVerdicts.toFixed(4)} ${id}`;
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
