import { describe, expect, it } from 'vitest';
import { modelIdOf } from './model-id.ts';

describe('the model ID derived from a dataset', () => {
  it.each([
    ['/data/s40.set', 's40'],
    ['Faces.SET/', 'faces'],
    ['my photos', 'my-photos'],
    ['a.set.v2', 'a.set.v2'],
    ['.set', 'set'],
  ])('%j gives %j', (folder, id) => {
    expect(modelIdOf(folder)).toBe(id);
  });

  it('has to be passed with --name if the folder gives none', () => {
    expect(() => modelIdOf('/')).toThrow('Pass one with --name');
  });
});
