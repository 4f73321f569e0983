import { describe, expect, it } from 'vitest';
import { modelIdOf } from './model-id.ts';

describe('a model’s id made from its data set', () => {
  it.each([
    ['/data/s40.set', 's40'],
    ['Faces.SET/', 'faces'],
    ['my photos', 'my-photos'],
    ['a.set.v2', 'a.set.v2'],
    ['.set', 'set'],
  ])('of %j is %j', (folder, id) => {
    expect(modelIdOf(folder)).toBe(id);
  });

  it('must be given as --name if the folder gives none', () => {
    expect(() => modelIdOf('/')).toThrow('--name is needed');
  });
});
