import { readdir } from 'node:fs/promises';
import { join, parse, sep } from 'node:path';
import { mayHaveLostBytes, systemPath, textOfName, withLostBytes } from '../../files/path-text.ts';

/**
 * Returns the paths on disk that a path from the command line may mean. Node replaces bytes that aren't UTF-8 there, so
 * one path may stand for several names. Returns the path itself if there is no such name.
 */
export async function namedPaths(path: string): Promise<readonly string[]> {
  if (!mayHaveLostBytes(path)) return [path];
  const { root } = parse(path);
  let found = [root];
  for (const name of path.slice(root.length).split(sep)) {
    const next = found.map((folder) => (mayHaveLostBytes(name) ? namesLike(folder, name) : [join(folder, name)]));
    found = (await Promise.all(next)).flat();
  }
  return found.length > 0 ? found : [path];
}

/** Returns the paths in a folder whose names Node would pass as this one. */
async function namesLike(folder: string, name: string): Promise<string[]> {
  const names = await readdir(systemPath(folder || '.'), 'buffer').catch(() => []); // the path doesn't exist, then
  const like = names.map(textOfName).filter((other) => withLostBytes(other) === name);
  return like.toSorted().map((other) => join(folder, other));
}
