import * as z from 'zod/mini';

/** A confidence or a threshold, from 0 to 1 inclusive. */
export const fractionSchema = z.number().check(z.gte(0), z.lte(1));
