import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** Cores that this process may use. */
export const cores = availableParallelism();

/**
 * Makes libuv's thread pool, where photos are decoded, as large as the machine: a thread a core, and two more so that
 * files and hashes do not wait behind photos. libuv reads this once, when the pool is first used: call it before anything
 * is imported dynamically. A size that the user has set stays.
 */
export function sizeThreadPool(environment: Record<string, string | undefined> = process.env): void {
  environment.UV_THREADPOOL_SIZE ??= String(Math.max(4, cores + 2));
}

/**
 * Lets V8's limit grow to several times what survives a collection. A server of photos keeps 16 MB of objects, and every
 * photo passes through as a few buffers outside the heap; V8 counts those, and collects the whole heap for some ten
 * photos' worth of them. Each collection holds the event loop up and costs more than the buffers are worth.
 */
export function sparePhotosCollections(): void {
  setFlagsFromString('--heap-growing-percent=400');
}

/** True when nothing but this machine can reach a server on this host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** This process's environment, for programs that it starts; `more` is added to it. */
export function childEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  return { ...process.env, ...more };
}
