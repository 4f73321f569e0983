import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { CUDA_PROVIDER_LIBRARIES } from '../../runtime/providers.ts';
import { readElfFile } from '../elf.ts';
import type { LibraryFile } from '../library-files.ts';
import { KNOWN_PROVIDERS } from './known-providers.ts';

/** `e_machine` of the CUDA provider's processor. */
const X86_64 = 62;

/** A version as the provider stores it: a C string of its own. In 1.29.0's library, nothing else looks like this. */
const VERSION = /\0(\d{1,3}\.\d{1,3}\.\d{1,3})(?=\0)/g;

/** More characters than a version has, so that none is cut in two between pieces of the file. */
const OVERLAP = 16;

/**
 * Says why the CUDA provider in a folder can't be used: it isn't there, isn't a library for this processor, or belongs to
 * another version of ONNX Runtime. Returns `undefined` if nothing is wrong.
 */
export async function providerFault(folder: string, runtimeVersion: string): Promise<string | undefined> {
  for (const name of CUDA_PROVIDER_LIBRARIES) {
    const path = join(folder, name);
    try {
      await access(path);
    } catch {
      return `${name} is missing`;
    }
    try {
      const { machine } = await readElfFile(path);
      if (machine !== X86_64) return `${name} is for a different processor`;
    } catch (error) {
      return `${name}: ${(error as Error).message}`;
    }
  }
  const [cuda] = CUDA_PROVIDER_LIBRARIES;
  const versions = await versionsIn(join(folder, cuda));
  if (versions.size === 0 || versions.has(runtimeVersion)) return undefined;
  const own = [...versions].join(' or ');
  return `${cuda} is from ONNX Runtime ${own}, but onnxruntime-node is ${runtimeVersion}, and they must match`;
}

/** Says which of the libraries isn't the known one for this version. Returns `undefined` if all are, or none is known. */
export function hashFault(files: readonly LibraryFile[], runtimeVersion: string): string | undefined {
  const known: Readonly<Record<string, string>> = KNOWN_PROVIDERS[runtimeVersion]?.sha256 ?? {};
  const other = files.find(({ name, sha256 }) => known[name] !== undefined && known[name] !== sha256);
  return other && `${other.name} has the SHA-256 ${other.sha256}, expected ${known[other.name]}`;
}

/** Finds the versions in a library. It reads the file in pieces, because a provider has 230 MB. */
async function versionsIn(path: string): Promise<Set<string>> {
  const versions = new Set<string>();
  let end = '';
  for await (const piece of createReadStream(path, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
    for (const [, version] of (end + piece).matchAll(VERSION)) versions.add(version!);
    end = piece.slice(-OVERLAP);
  }
  return versions;
}
