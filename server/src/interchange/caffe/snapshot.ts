import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CommandError } from '../../command-error.ts';
import { MAX_MODEL_BYTES, readOwnFile } from '../../registry/model-folder.ts';

/** The files of a DIGITS job besides the weights, under the names that DIGITS gives them. */
const FILES = {
  deploy: 'deploy.prototxt',
  labels: 'labels.txt',
  mean: 'mean.binaryproto',
  training: 'train_val.prototxt',
  info: 'info.json',
} as const;

/** The mean image of color photos has 1 MB at most, and everything else is shorter. */
const MAX_FILE_BYTES = 4_000_000;

/** What DIGITS leaves of a training: the weights, and the files that say how to use them. */
export interface CaffeSnapshot {
  /** The network without weights. */
  readonly deploy: string;
  /** One label per line, in the order of the network's outputs. */
  readonly labels: string | undefined;
  readonly mean: Uint8Array | undefined;
  /** The network for training, whose first layers say what happens to photos. */
  readonly training: string | undefined;
  /** What DIGITS writes about a job that is downloaded. */
  readonly info: string | undefined;
}

const isSnapshot = (name: string) => name.endsWith('.caffemodel');

/** Lists the snapshots in a folder. */
export async function snapshotsIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter(isSnapshot).toSorted();
}

/** Whether a path is a snapshot's own. */
export const isSnapshotPath = (path: string): boolean => isSnapshot(basename(path));

/**
 * Reads a snapshot and the files next to it. Links aren't followed.
 *
 * @param path the `.caffemodel`.
 * @throws CommandError `weights_invalid` if `deploy.prototxt` is missing, `model_invalid` if a file can't be read.
 */
export async function readSnapshot(
  path: string,
): Promise<{ bytes: Uint8Array; fileName: string; snapshot: CaffeSnapshot }> {
  const folder = dirname(path);
  const name = basename(resolve(folder));
  const bytes = await readOwnFile(path, name, MAX_MODEL_BYTES);
  if (!bytes) throw new CommandError('path_missing', `${path} doesn’t exist or can’t be read`);
  const read = (file: string) => readOwnFile(join(folder, file), name, MAX_FILE_BYTES);
  const textOf = async (file: string) => {
    const found = await read(file);
    return found && new TextDecoder().decode(found);
  };
  const deploy = await textOf(FILES.deploy);
  if (deploy === undefined) {
    const message = `${name} has a .caffemodel but no ${FILES.deploy}. DIGITS has both: download the model there, and unpack the archive`;
    throw new CommandError('weights_invalid', message);
  }
  const snapshot = {
    deploy,
    labels: await textOf(FILES.labels),
    mean: await read(FILES.mean),
    training: await textOf(FILES.training),
    info: await textOf(FILES.info),
  };
  return { bytes, fileName: path, snapshot };
}

/**
 * Returns the path of a folder's only snapshot.
 *
 * @throws CommandError `weights_invalid` if it has several: which one is the best isn't in the folder.
 */
export function onlySnapshot(folder: string, names: readonly string[]): string {
  if (names.length === 1) return join(folder, names[0]!);
  const example = join(folder, names.at(-1)!);
  const message = `${folder} has ${names.length} snapshots. Import one of them, for example ${example}`;
  throw new CommandError('weights_invalid', message);
}
