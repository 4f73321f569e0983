import * as z from 'zod/mini';

/** `now`: a person waits for it. `ahead`: scored before it is needed, and only when nothing waits that is `now`. */
export const prioritySchema = z.enum(['now', 'ahead']);
