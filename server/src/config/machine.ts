import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** The number of cores that this process may use. */
export const cores = availableParallelism();

/**
 * Sizes libuv's thread pool, which decodes photos: one thread per core, plus two so that file access and hashing don't
 * wait for photos. libuv reads the size when it first uses the pool, so call this before any dynamic import. Keeps a
 * size that the user has set.
 */
export function sizeThreadPool(environment: Record<string, string | undefined> = process.env): void {
  environment.UV_THREADPOOL_SIZE ??= String(Math.max(4, cores + 2));
}

/**
 * Turns TF32 on or off for what this process computes on a GPU itself, as `deviceProcess` does for its children. CUDA's
 * libraries read the variable when they are loaded, so call this before any session is opened there.
 */
export function useTf32(tf32: boolean, environment: Record<string, string | undefined> = process.env): void {
  environment.NVIDIA_TF32_OVERRIDE = tf32 ? '1' : '0';
}

/**
 * Makes V8 collect garbage less often. The server keeps about 16 MB of objects, but every photo passes through several
 * buffers outside the heap. V8 counts those buffers and would collect the whole heap after about ten photos. Each
 * collection blocks the event loop and costs more than the memory is worth.
 */
export function reduceGarbageCollection(): void {
  setFlagsFromString('--heap-growing-percent=400');
}

/**
 * Returns true if escape sequences may be written to a stream: it is a terminal that understands them, and the user
 * hasn't turned them off (https://no-color.org).
 */
export function allowsEscapes(
  { isTTY }: { readonly isTTY?: boolean },
  { TERM, NO_COLOR }: Record<string, string | undefined> = process.env,
): boolean {
  return isTTY === true && TERM !== 'dumb' && !NO_COLOR;
}

/** Returns true if only this machine can reach a server on this host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Returns this process's environment plus `more`, for child processes. */
export function childEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  return { ...process.env, ...more };
}
