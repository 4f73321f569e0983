import * as z from 'zod';

/** A model's ID, which is also the name of its folder. It is safe in a path, a URL and a log. */
export const modelIdSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
  error: 'a model ID has 1 to 64 characters (a–z, 0–9, dot, dash, underscore) and starts with a letter or digit',
});
