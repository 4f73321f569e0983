import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunInstaller } from '../child/run-installer.ts';
import { CommandError } from '../command-error.ts';
import { CUDA_PROVIDER_LIBRARIES, NATIVE_FOLDER } from '../runtime/providers.ts';
import { readElfFile } from './elf.ts';
import { type LibraryFile, libraryFiles } from './library-files.ts';

/** `e_machine` of the CUDA provider's processor. */
const X86_64 = 62;

/** Where and how to set up CUDA. */
export interface SetupOptions {
  /** The folder of the installed onnxruntime-node. */
  readonly packageFolder: string;
  /** Operating system and processor, like `linux/x64`. */
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly runInstaller: RunInstaller;
  /** Stops the setup. Nothing is changed then. */
  readonly signal: AbortSignal;
}

/** The result of the setup. */
export interface SetupOutcome {
  /** False if the libraries were already installed. */
  readonly fetched: boolean;
  readonly files: readonly LibraryFile[];
}

/**
 * Installs the CUDA provider's libraries next to onnxruntime-node's own, all or nothing. onnxruntime-node's installer
 * can download them, but it writes into the package it is in, verifies nothing, and leaves half a file if the network
 * or the disk fails. So this runs a copy of the installer in a folder next to the package. It moves the libraries into
 * the package only if they are intact, and always removes the folder with the installer's temporary files.
 *
 * @throws CommandError `cuda_unsupported`, `cuda_setup_failed`. Nothing is changed then.
 */
export async function setupCuda(options: SetupOptions): Promise<SetupOutcome> {
  const { packageFolder, platform, environment, runInstaller, signal } = options;
  if (platform !== 'linux/x64') {
    throw new CommandError(
      'cuda_unsupported',
      `onnxruntime-node has a CUDA provider only for linux/x64, not for ${platform}`,
    );
  }
  const home = join(packageFolder, NATIVE_FOLDER);
  if ((await faultOf(home)) === undefined) return { fetched: false, files: await filesOf(home) };

  const staging = await mkdtemp(join(dirname(packageFolder), '.swipenet-setup-')).catch((cause: Error) => {
    throw new CommandError('cuda_setup_failed', `can’t create a folder next to ${packageFolder}: ${cause.message}`, {
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
    if (signal.aborted) throw new CommandError('cuda_setup_failed', 'interrupted; nothing was changed');
    if (end.code !== 0) throw new CommandError('cuda_setup_failed', `${reasonOf(end.stderr)}; nothing was changed`);
    const fetched = join(staging, NATIVE_FOLDER);
    const fault = await faultOf(fetched);
    if (fault !== undefined)
      throw new CommandError('cuda_setup_failed', `the download is unusable: ${fault}; nothing was changed`);
    await mkdir(home, { recursive: true });
    // The provider library comes last, because its presence means that CUDA is installed.
    for (const name of CUDA_PROVIDER_LIBRARIES.toReversed()) await rename(join(fetched, name), join(home, name));
    return { fetched: true, files: await filesOf(home) };
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    // The system's message, for a full disk or a read-only folder.
    throw new CommandError('cuda_setup_failed', (cause as Error).message, { cause });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const filesOf = async (folder: string) => (await libraryFiles(folder, CUDA_PROVIDER_LIBRARIES)).files;

/** Says what is wrong with the libraries of a folder. Returns `undefined` if nothing is. */
async function faultOf(folder: string): Promise<string | undefined> {
  for (const name of CUDA_PROVIDER_LIBRARIES) {
    try {
      await access(join(folder, name));
    } catch {
      return `${name} is missing`;
    }
    try {
      const { machine } = await readElfFile(join(folder, name));
      if (machine !== X86_64) return `${name} is for a different processor`;
    } catch (error) {
      return `${name}: ${(error as Error).message}`;
    }
  }
  return undefined;
}

/** The system's codes for an unreachable host in Node's messages: `getaddrinfo ENOTFOUND api.nuget.org`. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH) ([\w.:-]+)/;

/** Says why an installer failed, on one line: the unreachable host, or its error, or the last line that it wrote. */
function reasonOf(stderr: string): string {
  const unreached = UNREACHABLE.exec(stderr);
  if (unreached) return `can’t reach ${unreached[2]} (${unreached[1]})`;
  const error = /^(?:\w*Error|.*\bError): .*$/m.exec(stderr)?.[0];
  return `onnxruntime-node’s installer failed: ${error ?? stderr.trim().split('\n').at(-1) ?? ''}`;
}
