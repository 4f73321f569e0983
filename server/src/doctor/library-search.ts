import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunProgram } from '../child/run-program.ts';
import { type ElfFile, readElfFile } from './elf.ts';

/** Where the dynamic loader searches for libraries, besides the folders that a library names itself. */
export interface LibraryPlaces {
  /** The folders of `LD_LIBRARY_PATH`. */
  readonly environment: readonly string[];
  /** The loader's cache: names and their paths. */
  readonly cache: ReadonlyMap<string, readonly string[]>;
  readonly standard: readonly string[];
}

/** A library that another one needs and the loader can't find. */
export interface MissingLibrary {
  readonly name: string;
  readonly neededBy: string;
}

/** The folders that glibc searches last, in its order. */
const STANDARD_FOLDERS = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];

/** `ldconfig` isn't on every user's PATH. */
const LDCONFIGS = ['ldconfig', '/sbin/ldconfig', '/usr/sbin/ldconfig'];

/**
 * Reads where the loader searches on this machine: `LD_LIBRARY_PATH`, its cache (`ldconfig -p`), the standard folders.
 */
export async function libraryPlaces(
  environment: Readonly<Record<string, string | undefined>>,
  run: RunProgram,
  standard: readonly string[] = STANDARD_FOLDERS,
): Promise<LibraryPlaces> {
  const cache = new Map<string, string[]>();
  for (const program of LDCONFIGS) {
    const listed = await run(program, ['-p']);
    if (listed?.code !== 0) continue;
    for (const [, name, path] of listed.stdout.matchAll(/^\s+(\S+) \(.*\) => (\/.*)$/gm)) {
      cache.set(name!, [...(cache.get(name!) ?? []), path!]);
    }
    break;
  }
  return { environment: foldersOf(environment.LD_LIBRARY_PATH), cache, standard };
}

/**
 * Finds the file that the loader would use for a library: the first one for the right processor, in the order of
 * ld.so(8). It ignores preloading and the run paths of indirect parents, which matter only to other programs.
 *
 * @param from the library that needs it, whose own run paths count.
 */
export async function findLibrary(
  name: string,
  from: { readonly path: string; readonly elf: ElfFile },
  places: LibraryPlaces,
): Promise<{ path: string; elf: ElfFile } | undefined> {
  const own = (folders: readonly string[]) =>
    folders.map((folder) => folder.replace(/\$(ORIGIN|\{ORIGIN\})/g, dirname(from.path)));
  const folders = [
    ...(from.elf.runpath.length > 0 ? [] : own(from.elf.rpath)),
    ...places.environment,
    ...own(from.elf.runpath),
  ];
  const candidates = [
    ...folders.map((folder) => join(folder, name)),
    ...(places.cache.get(name) ?? []),
    ...places.standard.map((folder) => join(folder, name)),
  ];
  for (const path of candidates) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    const elf = exists ? await readElfFile(path).catch(() => undefined) : undefined;
    if (elf?.machine === from.elf.machine) return { path, elf };
  }
  return undefined;
}

/**
 * Lists the direct and indirect dependencies of a library that the loader can't find.
 *
 * @throws Error if the library itself is not a readable ELF file.
 */
export async function missingLibraries(path: string, places: LibraryPlaces): Promise<MissingLibrary[]> {
  const waiting = [{ path, elf: await readElfFile(path) }];
  const seen = new Set<string>();
  const missing: MissingLibrary[] = [];
  for (let library = waiting.shift(); library; library = waiting.shift()) {
    for (const name of library.elf.needed) {
      if (seen.has(name)) continue; // the loader also loads only one library per name
      seen.add(name);
      const found = await findLibrary(name, library, places);
      if (found) waiting.push(found);
      else missing.push({ name, neededBy: library.path });
    }
  }
  return missing;
}

const foldersOf = (list = '') => list.split(/[:;]/).filter(Boolean);
