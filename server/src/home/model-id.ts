import * as z from 'zod';

/** A model's id: the name of its folder, safe in a path, a URL and a log. */
export const modelIdSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
  error: 'a model id is 1 to 64 of a–z, 0–9, dot, dash, underscore, and begins with a letter or digit',
});
