import { describe, expect, it } from 'vitest';
import { freeName, suggestedPreset, whyUnfit } from './form-state.ts';

describe('the suggested recipe', () => {
  it.each([
    [{ photos: 400, profiles: 100, fewest: 40 }, 'profiles'],
    [{ photos: 32, profiles: 8, fewest: 3 }, 'fine-tune'], // too few profiles for a head
    [{ photos: 100, profiles: 100, fewest: 50 }, 'few'],
    [{ photos: 5_000, profiles: 5_000, fewest: 2_000 }, 'fine-tune'],
  ])('for %j is %s', (training, preset) => {
    expect(suggestedPreset(training)).toBe(preset);
    expect(whyUnfit(preset, training)).toBeUndefined();
  });

  it('says why a recipe can’t work', () => {
    expect(whyUnfit('few', { photos: 32, profiles: 8, fewest: 3 })).toContain('only 3 of one');
  });

  it('says why profiles can’t be learned from', () => {
    expect(whyUnfit('profiles', { photos: 32, profiles: 8, fewest: 3 })).toContain('only 3 of one');
    expect(whyUnfit('profiles', { photos: 90, profiles: 90, fewest: 40 })).toContain('several photos');
  });
});

describe('the name of a new model', () => {
  it('comes from the dataset, and is free', () => {
    expect(freeName('Flowers.set', [])).toBe('flowers');
    expect(freeName('flowers', [{ name: 'flowers' }, { name: 'flowers-2' }])).toBe('flowers-3');
  });
});
