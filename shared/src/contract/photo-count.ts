import * as z from 'zod/mini';

/** How many photos a profile has. */
export const photoCountSchema = z.int().check(z.gte(1), z.lte(999_999));
