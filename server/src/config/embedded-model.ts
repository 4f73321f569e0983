import { fileURLToPath } from 'node:url';

/** The model that comes with the project, and the folder it is in. */
export const EMBEDDED_MODEL = { id: 'quality', folder: fileURLToPath(new URL('../../models', import.meta.url)) };
