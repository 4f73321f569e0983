import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { int8Description, modelDescription } from '../../../test/support/model-forms.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { loadModel, publishModel } from './model-registry.ts';
import { readTrainedOn, trainedOnText } from './trained-on.ts';

const dataset = 'da'.repeat(32);
const photos = new Set(['ffeeddccbbaa9988', '0011223344556677', '00000000000000ff']);

let folder = '';
const publish = (id: string, trainedOn?: string) =>
  publishModel(folder, modelDescription(id), {
    ...{ bytes: Buffer.from(id), storage: 'float16' },
    ...(trainedOn !== undefined && { trainedOn }),
  });
const read = async (id: string) => readTrainedOn([folder], await loadModel([folder], id));

beforeEach(() => {
  folder = temporaryFolder();
});

describe('the record of a model’s training photos', () => {
  it('has each photo, in any order', async () => {
    await publish('mine', trainedOnText({ dataset, photos }));
    expect(await read('mine')).toEqual({ dataset, photos });
    expect(trainedOnText({ dataset, photos: new Set([...photos].toReversed()) })).toBe(
      trainedOnText({ dataset, photos }),
    );
    await publish('empty', trainedOnText({ dataset, photos: new Set() }));
    expect((await read('empty'))?.photos.size).toBe(0);
  });

  it('is small and quick for 151,081 photos', async () => {
    const many = new Set(
      Array.from({ length: 151_081 }, (_, at) => (at * 28_000_000_001).toString(16).padStart(16, '0')),
    );
    await publish('many', trainedOnText({ dataset, photos: many }));
    expect(statSync(join(folder, 'many', 'trained-on.json')).size).toBeLessThan(1_620_000);
    expect((await read('many'))?.photos.size).toBe(151_081);
  });

  it('of an int8 model is its parent’s, if that is still there', async () => {
    const parent = await publish('mine', trainedOnText({ dataset, photos }));
    const about = (parentSha256: string) => int8Description('mine-int8', { parent: 'mine', parentSha256 });
    const file = { bytes: Buffer.from('int8'), storage: 'int8' } as const;
    await publishModel(folder, about(parent.model.sha256), file);
    expect(await read('mine-int8')).toEqual({ dataset, photos });
    await rm(join(folder, 'mine'), { recursive: true });
    await publishModel(folder, modelDescription('mine'), { bytes: Buffer.from('another'), storage: 'float16' });
    expect(await read('mine-int8')).toBeUndefined();
  });

  it('is missing for a model that wasn’t trained on a dataset', async () => {
    await publish('imported');
    expect(await read('imported')).toBeUndefined();
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, -10)],
    ['with half a photo', (text: string) => text.replace(/"photos":".{12}/, '"photos":"AAAA')],
    ['of another format', (text: string) => text.replace('"format":1', '"format":2')],
  ])('is refused if it is damaged: %s', async (_, damage) => {
    await publish('mine', trainedOnText({ dataset, photos }));
    const path = join(folder, 'mine', 'trained-on.json');
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    await expect(read('mine')).rejects.toMatchObject({
      code: 'model_invalid',
      message: expect.stringContaining('trained-on.json of mine'),
    });
  });
});
