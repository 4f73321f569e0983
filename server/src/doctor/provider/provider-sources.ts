import { cp, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunTool } from '../../child/run-tool.ts';
import { CommandError } from '../../command-error.ts';
import { CUDA_PROVIDER_LIBRARIES, NATIVE_FOLDER } from '../../runtime/providers.ts';

/** Where to get the provider's libraries from, and how to run the programs for it. */
export interface ProviderRequest {
  /** The folder of the installed onnxruntime-node. */
  readonly packageFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly runTool: RunTool;
  /** Stops the programs. */
  readonly signal: AbortSignal;
}

/** Puts the libraries into a folder below `staging`, which is empty and removed later, and returns that folder. */
export type ProviderSource = (staging: string, request: ProviderRequest) => Promise<string>;

const [CUDA] = CUDA_PROVIDER_LIBRARIES;

/**
 * Lets a copy of onnxruntime-node's own installer download them from NuGet. The installer writes into the package that it
 * is in, verifies nothing, and leaves half a file if the network or the disk fails.
 */
export const fromInstaller: ProviderSource = async (staging, { packageFolder, environment, ...request }) => {
  const temporary = join(staging, 'temporary');
  await mkdir(temporary);
  for (const part of ['package.json', 'script'])
    await cp(join(packageFolder, part), join(staging, part), { recursive: true });
  const variables = { ...environment, ONNXRUNTIME_NODE_INSTALL: 'true', TMPDIR: temporary };
  const command = [process.execPath, join(staging, 'script', 'install.js')] as const;
  await run('onnxruntime-node’s installer', command, staging, { ...request, environment: variables });
  return join(staging, NATIVE_FOLDER);
};

/** Downloads an npm package that has them. npm compares it with the registry's hash. */
export const fromNpm =
  (npmPackage: string): ProviderSource =>
  async (staging, request) => {
    await run('npm', ['npm', 'pack', '--silent', '--ignore-scripts', npmPackage], staging, request);
    const file = (await readdir(staging)).find((name) => name.endsWith('.tgz'));
    if (!file) throw new CommandError('cuda_setup_failed', `npm has not downloaded ${npmPackage}`);
    return unpacked(join(staging, file), staging, request);
  };

/** Takes them from a folder, from an npm package's file, or from beside a library. The network isn't used. */
export const fromPath =
  (path: string): ProviderSource =>
  async (staging, request) => {
    const from = resolve(path);
    const found = await stat(from).catch((cause: unknown) => {
      throw new CommandError('cuda_setup_failed', `${path} doesn’t exist or can’t be read`, { cause });
    });
    if (found.isDirectory()) return folderWith(from, path);
    if (/\.(tgz|tar\.gz)$/.test(from)) return unpacked(from, staging, request);
    if (CUDA_PROVIDER_LIBRARIES.some((name) => name === basename(from))) return dirname(from);
    const advice = 'pass a folder, a .tgz package or a library; a .nupkg is a ZIP file: unzip it and pass its folder';
    throw new CommandError('cuda_setup_failed', `${path} isn’t a package that can be unpacked here; ${advice}`);
  };

async function unpacked(file: string, staging: string, request: ProviderRequest): Promise<string> {
  const folder = join(staging, 'unpacked');
  await mkdir(folder);
  await run('tar', ['tar', '-xzf', file, '-C', folder], staging, request);
  return folderWith(folder, file);
}

/** Finds the folder that has the provider, at any depth. */
async function folderWith(folder: string, named: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.find(({ name }) => name === CUDA);
  if (found) return found.parentPath;
  throw new CommandError('cuda_setup_failed', `${named} has no ${CUDA}`);
}

/** Runs a program. Throws CommandError `cuda_setup_failed` with its reason if it fails or is interrupted. */
async function run(
  name: string,
  command: readonly [string, ...string[]],
  folder: string,
  { runTool, environment, signal }: Omit<ProviderRequest, 'packageFolder'>,
): Promise<void> {
  const end = await runTool(command, { folder, environment, signal });
  if (signal.aborted) throw new CommandError('cuda_setup_failed', 'interrupted; nothing was changed');
  if (end.code !== 0) throw new CommandError('cuda_setup_failed', `${reasonOf(name, end.stderr)}; nothing was changed`);
}

/** The system's codes for an unreachable host in Node's messages: `getaddrinfo ENOTFOUND api.nuget.org`. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH) ([\w.:-]+)/;

/** Says why a program failed, on one line: the unreachable host, or its error, or the last line that it wrote. */
function reasonOf(name: string, stderr: string): string {
  const unreached = UNREACHABLE.exec(stderr);
  if (unreached) return `can’t reach ${unreached[2]} (${unreached[1]})`;
  const error = /^(?:\w*Error|.*\bError): .*$/m.exec(stderr)?.[0];
  return `${name} failed: ${error ?? stderr.trim().split('\n').at(-1) ?? ''}`;
}
