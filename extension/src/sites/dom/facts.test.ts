import { expect, it } from 'vitest';
import { distanceKmIn } from './facts.ts';

it.each([
  ['52 km away', 52],
  ['1 kilometer away', 1],
  ['3 kilometres away', 3],
  ['less than a kilometer away', 1],
  ['٥٢ km', 52],
  ['8 miles away', 12.875],
  ['1 mile away', 1.609],
  ['20 mi', 32.187],
  ['Less than a mile away', 1.609],
])('reads %j as %d km', (text, km) => {
  expect(distanceKmIn(text)).toBeCloseTo(km, 3);
});

it.each(['', 'Lives in Miami', '52', 'km', 'nearby', 'No smiles'])('reads no distance in %j', (text) => {
  expect(distanceKmIn(text)).toBeUndefined();
});
