import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8's limit grow to several times what survives a collection. A server of photos keeps 16 MB of objects, and every
 * photo passes through as a few buffers outside the heap; V8 counts those, and collects the whole heap for some ten
 * photos' worth of them. Each collection holds the event loop up and costs more than the buffers are worth.
 */
export function sparePhotosCollections(): void {
  setFlagsFromString('--heap-growing-percent=400');
}
