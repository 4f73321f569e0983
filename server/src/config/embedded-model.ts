import { fileURLToPath } from 'node:url';

/** The model that comes with Swipenet, and the folder that contains it. */
export const EMBEDDED_MODEL = { id: 'quality', folder: fileURLToPath(new URL('../../models', import.meta.url)) };
