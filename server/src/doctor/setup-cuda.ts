import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunInstaller } from '../child/run-installer.ts';
import { CommandError } from '../command-error.ts';
import { CUDA_PROVIDER_LIBRARIES, NATIVE_FOLDER } from '../runtime/providers.ts';
import { readElfFile } from './elf.ts';
import { type LibraryFile, libraryFiles } from './library-files.ts';

/** `e_machine` of the processor that the CUDA provider is built for. */
const X86_64 = 62;

/** What a set-up is given. */
export interface SetupOptions {
  /** The folder of the installed onnxruntime-node. */
  readonly packageFolder: string;
  /** As `linux/x64`. */
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly runInstaller: RunInstaller;
  /** Ends it; nothing is changed then. */
  readonly signal: AbortSignal;
}

/** What a set-up did. */
export interface SetupOutcome {
  /** False where the libraries were there already. */
  readonly fetched: boolean;
  readonly files: readonly LibraryFile[];
}

/**
 * Puts the CUDA provider's libraries beside onnxruntime-node's own, all or nothing. onnxruntime-node's own installer
 * fetches them, but a copy of it, in a folder beside the package: it writes into the package that it lies in, verifies
 * nothing, and leaves half a file where the network or the disk gives out. What it fetched is moved into the package
 * when it is what it should be; the folder, with the installer's temporary files, is removed in any case.
 *
 * @throws CommandError `cuda_unsupported`, `cuda_setup_failed`; nothing is changed then.
 */
export async function setupCuda(options: SetupOptions): Promise<SetupOutcome> {
  const { packageFolder, platform, environment, runInstaller, signal } = options;
  if (platform !== 'linux/x64') {
    throw new CommandError(
      'cuda_unsupported',
      `onnxruntime-node has a CUDA provider for linux/x64, not for ${platform}`,
    );
  }
  const home = join(packageFolder, NATIVE_FOLDER);
  if ((await faultOf(home)) === undefined) return { fetched: false, files: await filesOf(home) };

  const staging = await mkdtemp(join(dirname(packageFolder), '.swipenet-setup-')).catch((cause: Error) => {
    throw new CommandError('cuda_setup_failed', `nothing can be written beside ${packageFolder}: ${cause.message}`, {
      cause,
    });
  });
  try {
    const temporary = join(staging, 'temporary');
    await mkdir(temporary);
    for (const part of ['package.json', 'script'])
      await cp(join(packageFolder, part), join(staging, part), { recursive: true });
    const end = await runInstaller(join(staging, 'script', 'install.js'), {
      folder: staging,
      environment: { ...environment, ONNXRUNTIME_NODE_INSTALL: 'true', TMPDIR: temporary },
      signal,
    });
    if (signal.aborted) throw new CommandError('cuda_setup_failed', 'it was interrupted; nothing was changed');
    if (end.code !== 0) throw new CommandError('cuda_setup_failed', `${reasonOf(end.stderr)}; nothing was changed`);
    const fetched = join(staging, NATIVE_FOLDER);
    const fault = await faultOf(fetched);
    if (fault !== undefined)
      throw new CommandError('cuda_setup_failed', `what was fetched is unusable: ${fault}; nothing was changed`);
    await mkdir(home, { recursive: true });
    // The provider last: it is what tells that CUDA is installed.
    for (const name of CUDA_PROVIDER_LIBRARIES.toReversed()) await rename(join(fetched, name), join(home, name));
    return { fetched: true, files: await filesOf(home) };
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    // The system's own words: a disk that is full, a folder that cannot be written.
    throw new CommandError('cuda_setup_failed', (cause as Error).message, { cause });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const filesOf = async (folder: string) => (await libraryFiles(folder, CUDA_PROVIDER_LIBRARIES)).files;

/** What is wrong with the libraries of a folder; `undefined` where nothing is. */
async function faultOf(folder: string): Promise<string | undefined> {
  for (const name of CUDA_PROVIDER_LIBRARIES) {
    try {
      await access(join(folder, name));
    } catch {
      return `${name} is not there`;
    }
    try {
      const { machine } = await readElfFile(join(folder, name));
      if (machine !== X86_64) return `${name} is for another processor`;
    } catch (error) {
      return `${name}: ${(error as Error).message}`;
    }
  }
  return undefined;
}

/** The system's codes of a host that cannot be reached, as Node words them: `getaddrinfo ENOTFOUND api.nuget.org`. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH) ([\w.:-]+)/;

/** Why an installer failed, on one line: the host that was not reached, else its error, else its last words. */
function reasonOf(stderr: string): string {
  const unreached = UNREACHABLE.exec(stderr);
  if (unreached) return `${unreached[2]} was not reachable (${unreached[1]})`;
  const error = /^(?:\w*Error|.*\bError): .*$/m.exec(stderr)?.[0];
  return `onnxruntime-node’s installer failed: ${error ?? stderr.trim().split('\n').at(-1) ?? ''}`;
}
