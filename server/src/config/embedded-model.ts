import { fileURLToPath } from 'node:url';

/**
 * The models that come with Swipenet, and the folder that contains them. `id` scores photos unless another model is
 * active. `base` is what heads are learned on.
 */
export const EMBEDDED_MODEL = {
  id: 'quality',
  base: 'base',
  folder: fileURLToPath(new URL('../../models', import.meta.url)),
} as const;
