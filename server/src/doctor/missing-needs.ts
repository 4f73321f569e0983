import { join } from 'node:path';
import { type Finding, fail, type Machine, pass } from './check.ts';
import { libraryPlaces, missingLibraries } from './library-search.ts';
import { providerOf } from './system-libraries.ts';

/**
 * Whether the dynamic loader finds everything that some of onnxruntime-node's libraries need.
 *
 * @param counts leaves out missing libraries that do not matter now.
 * @throws Error where one of the libraries itself cannot be read.
 */
export async function findNeeds(
  machine: Machine,
  names: readonly string[],
  counts: (missing: string) => boolean = () => true,
): Promise<Finding> {
  const places = await libraryPlaces(machine.environment, machine.run, machine.standardFolders);
  const missing = new Map<string, string>();
  for (const name of names) {
    const lacks = await missingLibraries(join(machine.libraryFolder, name), places);
    for (const lack of lacks.filter(({ name }) => counts(name))) missing.set(lack.name, lack.neededBy);
  }
  if (missing.size === 0) return pass(`the loader finds all that ${names.join(', ')} need`);
  const list = [...missing].map(([name, neededBy]) => `${name} (${providerOf(name)}), needed by ${neededBy}`);
  const advice = 'install it, or have LD_LIBRARY_PATH name its folder before the server starts; docs/gpu.md tells more';
  return fail(`the loader does not find ${[...missing.keys()].join(', ')}`, advice, list.join('\n'));
}
