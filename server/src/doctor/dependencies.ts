import { join } from 'node:path';
import { type Finding, fail, type Machine, pass } from './check.ts';
import { libraryPlaces, missingLibraries } from './library-search.ts';
import { providerOf } from './system-libraries.ts';

/**
 * Checks whether the dynamic loader finds everything that some of onnxruntime-node's libraries need.
 *
 * @param counts returns false for missing libraries to ignore.
 * @throws Error if one of the libraries itself can't be read.
 */
export async function checkDependencies(
  machine: Machine,
  names: readonly string[],
  counts: (missing: string) => boolean = () => true,
): Promise<Finding> {
  const places = await libraryPlaces(machine.environment, machine.run, machine.standardFolders);
  const missing = new Map<string, string>();
  for (const name of names) {
    const notFound = await missingLibraries(join(machine.libraryFolder, name), places);
    for (const library of notFound.filter(({ name }) => counts(name))) missing.set(library.name, library.neededBy);
  }
  if (missing.size === 0) return pass(`the loader finds everything that ${names.join(', ')} need`);
  const list = [...missing].map(([name, neededBy]) => `${name} (${providerOf(name)}), needed by ${neededBy}`);
  const advice = 'install it, or add its folder to LD_LIBRARY_PATH before you start the server (see docs/gpu.md)';
  return fail(`the loader can’t find ${[...missing.keys()].join(', ')}`, advice, list.join('\n'));
}
