import type { ProfileFacts } from '../site-adapter.ts';
import { numbersIn } from './digits.ts';

/** The length of an international mile. */
export const KM_PER_MILE = 1.609344;

/** Returns the facts without those that are undefined. */
export function factsIn(
  found: { readonly [Fact in keyof ProfileFacts]: ProfileFacts[Fact] | undefined },
): ProfileFacts {
  return Object.fromEntries(Object.entries(found).filter(([, fact]) => fact !== undefined));
}

/**
 * Returns the distance in kilometers that a text such as `52 km away`, `1 mile away` or `less than a kilometer away`
 * says, or undefined if it says none.
 */
export function distanceKmIn(text: string): number | undefined {
  const isMiles = /\b(?:mi|miles?)\b/i.test(text);
  if (!isMiles && !/\b(?:km|kilomet(?:er|re)s?)\b/i.test(text)) return undefined;
  const distance = numbersIn(text)[0] ?? (/\ban?\b/i.test(text) ? 1 : undefined);
  return distance === undefined ? undefined : distance * (isMiles ? KM_PER_MILE : 1);
}
