import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../../command-error.ts';
import { CUDA_PROVIDER_LIBRARIES, NATIVE_FOLDER } from '../../runtime/providers.ts';
import { type LibraryFile, libraryFiles } from '../library-files.ts';
import { KNOWN_PROVIDERS } from './known-providers.ts';
import { hashFault, providerFault } from './provider-fault.ts';
import { fromInstaller, fromNpm, fromPath, type ProviderRequest, type ProviderSource } from './provider-sources.ts';

/** Where and how to set up CUDA. The signal stops the setup, and nothing is changed then. */
export interface SetupOptions extends ProviderRequest {
  /** The version of the installed onnxruntime-node. */
  readonly runtimeVersion: string;
  /** Operating system and processor, like `linux/x64`. */
  readonly platform: string;
  /** A folder or a file that has the libraries. By default they are downloaded if they aren't installed. */
  readonly from?: string | undefined;
}

/** The result of the setup. */
export interface SetupOutcome {
  /** False if the libraries were already installed. */
  readonly fetched: boolean;
  /** Where they came from: a path, an npm package, or NuGet. Absent if they were already installed. */
  readonly source?: string;
  /** True if their hashes are those of the known provider of this version. */
  readonly verified: boolean;
  readonly files: readonly LibraryFile[];
}

/**
 * Installs the CUDA provider's libraries next to onnxruntime-node's own, all or nothing. They are fetched to a folder next
 * to the package, and move into it only if they are intact and belong to its version. That folder is always removed.
 *
 * @throws CommandError `cuda_unsupported`, `cuda_setup_failed`. Nothing is changed then.
 */
export async function setupCuda(options: SetupOptions): Promise<SetupOutcome> {
  const { packageFolder, runtimeVersion, platform, from } = options;
  if (platform !== 'linux/x64') {
    throw new CommandError(
      'cuda_unsupported',
      `onnxruntime-node has a CUDA provider only for linux/x64, not for ${platform}`,
    );
  }
  const home = join(packageFolder, NATIVE_FOLDER);
  const known = KNOWN_PROVIDERS[runtimeVersion];
  if (from === undefined && (await providerFault(home, runtimeVersion)) === undefined) {
    const files = await filesOf(home);
    return { fetched: false, verified: known !== undefined && !hashFault(files, runtimeVersion), files };
  }
  const staging = await mkdtemp(join(dirname(packageFolder), '.swipenet-setup-')).catch((cause: Error) => {
    throw new CommandError('cuda_setup_failed', `can’t create a folder next to ${packageFolder}: ${cause.message}`, {
      cause,
    });
  });
  const { source, take } = sourceOf(runtimeVersion, from);
  try {
    const fetched = await take(staging, options);
    const ready = join(staging, 'ready');
    await mkdir(ready);
    for (const name of CUDA_PROVIDER_LIBRARIES) {
      await cp(join(fetched, name), join(ready, name)).catch((error: unknown) => {
        if (systemCodeOf(error) !== 'ENOENT') throw error; // a library that isn't there has a name below
      });
    }
    const fault = (await providerFault(ready, runtimeVersion)) ?? hashFault(await filesOf(ready), runtimeVersion);
    if (fault !== undefined) {
      const what = from === undefined ? 'the download' : from;
      throw new CommandError('cuda_setup_failed', `${what} is unusable: ${fault}; nothing was changed`);
    }
    await mkdir(home, { recursive: true });
    // The provider library comes last, because its presence means that CUDA is installed.
    for (const name of CUDA_PROVIDER_LIBRARIES.toReversed()) await rename(join(ready, name), join(home, name));
    return { fetched: true, source, verified: known !== undefined, files: await filesOf(home) };
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    // The system's message, for a full disk or a read-only folder.
    throw new CommandError('cuda_setup_failed', (cause as Error).message, { cause });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Chooses where the libraries come from: the given path, the npm package for this version, or NuGet. */
function sourceOf(runtimeVersion: string, from: string | undefined): { source: string; take: ProviderSource } {
  if (from !== undefined) return { source: from, take: fromPath(from) };
  const known = KNOWN_PROVIDERS[runtimeVersion];
  if (known) return { source: `npm (${known.npmPackage})`, take: fromNpm(known.npmPackage) };
  return { source: 'NuGet', take: fromInstaller };
}

const filesOf = async (folder: string) => (await libraryFiles(folder, CUDA_PROVIDER_LIBRARIES)).files;
