import { describe, expect, it } from 'vitest';
import { nameOf } from './train-configuration.ts';

describe('a model’s id by its data set', () => {
  it.each([
    ['/data/s40.set', 's40'],
    ['Faces.SET/', 'faces'],
    ['my photos', 'my-photos'],
    ['a.set.v2', 'a.set.v2'],
    ['.set', 'set'],
  ])('of %j is %j', (folder, id) => {
    expect(nameOf(folder)).toBe(id);
  });

  it('is asked for where the folder gives none', () => {
    expect(() => nameOf('/')).toThrow('--name is needed');
  });
});
